# SPDX-License-Identifier: MIT
"""What the static libraries define and what they ask for, read with nm.

A library's folder gives its room; rooms on the app's side may ask for no symbol
of the engine, of BLAS or of Python, and every room defines only names that begin
with its prefix.
"""

import re
import subprocess
from pathlib import Path

APP_SIDE = ("recording", "player", "layout", "painter", "export", "runner-client", "ui")
FORBIDDEN = re.compile(r"^(eng_|cblas_|_?Py[A-Z_])")
PREFIXES = {
    "engine": ("eng_",),
    "recording": ("rec_",),
    "recorder": ("rec_",),
    "script": ("script_", "PyInit_"),
    "insight": ("insight_",),
    "runner-client": ("runner_",),
    "runner-server": ("runner_",),
    "player": ("player_",),
    "layout": ("layout_",),
    "painter": ("paint_",),
    "export": ("export_",),
    "ui": ("td_",),
}


def room_of_library(path):
    """Room of build/src/player/libplayer.a and the like; None: not one of ours."""
    parts, name = Path(path).parts, Path(path).stem
    for folder in ("tests", "resources"):
        if folder in parts:
            return None
    if "server" in name:
        return "runner-server"
    if "recorder" in name:
        return "recorder"
    room = next((part for part in reversed(parts[:-1])
                 if part in PREFIXES or part in ("runner", "cpu", "kernels", "ops")), None)
    return {"runner": "runner-client", "cpu": "engine", "kernels": "engine", "ops": "engine"}.get(room, room)


def nm(library):
    """(defined, undefined) external symbols of a static library."""
    text = subprocess.run(["nm", "-A", "-g", "-P", str(library)], check=True, capture_output=True, text=True).stdout
    return parse(text)


def parse(text):
    """Reads `nm -A -g -P`: "lib.a[file.o]: name type value size"."""
    defined, undefined = set(), set()
    for line in text.splitlines():
        match = re.match(r"^.*?: (\S+) (\S)", line)
        if match:
            (undefined if match.group(2) in "Uvw" else defined).add(match.group(1))
    return defined, undefined - defined


def app_side_asks(room, undefined):
    """Sentences for what an app-side room asks of the runner's side."""
    if room not in APP_SIDE:
        return []
    return [f"{room} asks for {name}" for name in sorted(undefined) if FORBIDDEN.match(name)]


def wrong_prefixes(room, defined):
    """Sentences for names that do not begin with their room's prefix."""
    # The sanitizers' own marks and linker-made names begin with two underscores.
    return [f"{room} defines {name}" for name in sorted(defined)
            if not name.startswith(PREFIXES[room]) and not name.startswith(("__", "_GLOBAL_", "DW.ref"))]
