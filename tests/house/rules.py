# SPDX-License-Identifier: MIT
"""The rules of the house, each a function over a tree of files.

A tree is a dict from path (relative, with slashes) to text. Each rule returns
a list of sentences, one per violation; an empty list means that it holds. The
rules know no file system, so that the self-tests can give them bad trees.
"""

import ast
import re

MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 60
CODE_FOLDERS = ("engine/", "src/", "ui/", "cuda/", "tests/")
HEADED = (".c", ".h", ".cu", ".py", "meson.build", "meson_options.txt", ".css")
# Shown to the user as they are, or kept word for word as they came.
NO_HEAD_NEEDED = ("resources/examples/", "tests/conformance/cases/", "tests/script/run/")
COPIED = ("tests/conformance/harness.py",)


def is_code(path):
    if path.startswith(NO_HEAD_NEEDED) or path in COPIED:
        return False
    return path.endswith((".c", ".h", ".cu")) and path.startswith(CODE_FOLDERS) or path.endswith(".py")


def file_lengths(tree):
    """No source file is longer than MAX_FILE_LINES."""
    problems = []
    for path, text in sorted(tree.items()):
        n = text.count("\n")
        if is_code(path) and n > MAX_FILE_LINES:
            problems.append(f"{path} has {n} lines; at most {MAX_FILE_LINES}")
    return problems


def c_functions(text):
    """Yields (name, line, number of lines) of the function bodies in GNU style C: a
    brace that follows a parameter list opens one, the next brace in the first column
    closes it."""
    lines = text.split("\n")
    start = None
    for k, line in enumerate(lines):
        if start is None:
            below = line == "{" and k > 0 and lines[k - 1].rstrip().endswith(")")
            if below or re.match(r"^\w.*\)\s*\{\s*$", line):
                start = k
        elif line.startswith("}"):
            yield head_name(lines, start), start + 1, k - start + 1
            start = None


def head_name(lines, brace):
    """Name of the function whose body opens at lines[brace]."""
    for k in range(brace, max(-1, brace - 20), -1):
        match = re.match(r"^(?:[\w\s*]*?[\s*])?(\w+)\s*\(", lines[k])
        if match and not lines[k].startswith(" "):
            return match.group(1)
    return "?"


def function_lengths(tree):
    """No function is longer than MAX_FUNCTION_LINES."""
    problems = []
    for path, text in sorted(tree.items()):
        if not is_code(path):
            continue
        if path.endswith(".py"):
            functions = [(node.name, node.lineno, node.end_lineno - node.lineno + 1)
                         for node in ast.walk(ast.parse(text))
                         if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
        else:
            functions = c_functions(text)
        problems += [f"{path}:{line}: {name} has {n} lines; at most {MAX_FUNCTION_LINES}"
                     for name, line, n in functions if n > MAX_FUNCTION_LINES]
    return problems


def licence_heads(tree):
    """Every source file names its licence in its first lines."""
    return [f"{path} has no SPDX line at its head" for path, text in sorted(tree.items())
            if path.endswith(HEADED) and not path.startswith(NO_HEAD_NEEDED) and path not in COPIED
            and not any("SPDX-License-Identifier: MIT" in line for line in text.split("\n")[:5])]


def left_overs(tree):
    """Nothing is put off: no mark that says somebody should come back."""
    marks = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
    problems = []
    for path, text in sorted(tree.items()):
        if not is_code(path) and not path.endswith((".build", ".md", ".ui", ".css", "dev", ".ci/run")):
            continue
        if path == "tests/house/count_results.py":  # knows TAP's own directive
            continue
        for k, line in enumerate(text.split("\n")):
            match = marks.search(line)
            if match:
                problems.append(f"{path}:{k + 1} says {match.group(1)}")
    return problems


# --- who may include whom -----------------------------------------------------

# Room → rooms whose headers may be reached from it, also through other headers.
ARROWS = {
    "engine": {"engine"},
    "cuda": {"cuda", "engine/backend", "engine/kernels"},
    "recording": {"recording"},
    "recorder": {"recording", "recorder", "engine"},
    "script": {"script", "recording", "recorder", "engine"},
    "insight": {"insight", "recording", "recorder", "engine"},
    "runner": {"runner", "recording"},
    "runner-server": {"runner", "runner-server", "script", "insight", "recording", "recorder", "engine"},
    "player": {"player", "recording"},
    "layout": {"layout", "player", "recording"},
    "painter": {"painter", "layout", "player", "recording"},
    "export": {"export", "painter", "layout", "player", "recording", "network"},
    "ui": {"ui", "export", "painter", "layout", "player", "runner", "recording"},
    "root": {"root", "ui", "export", "painter", "layout", "player", "runner", "runner-server", "script", "insight",
             "recording", "recorder", "engine"},
}

# Library header → rooms that may reach it.
LIBRARIES = {
    r"Python\.h|structmember\.h": {"script", "root"},
    r"gtk/|gdk/|gsk/|adwaita\.h|gtksourceview/": {"ui", "root"},
    r"cblas": {"engine"},
    r"cuda|cublas": {"cuda"},
    r"graphviz/|cgraph\.h|gvc\.h": {"layout"},
    r"sqlite3\.h": {"recording"},
    r"cairo": {"painter", "export", "ui", "root"},
    r"pango/": {"painter", "ui", "root"},
    r"webp/": {"export"},
    r"glib-object\.h|gio/": set(ARROWS) - {"engine", "cuda"},
}


# Files of src/runner that live in the runner process itself.
RUNNER_SERVER = ("server", "line", "control")


def room_of(path):
    """The room a file belongs to; None for tests and what is generated."""
    parts = path.split("/")
    if parts[0] in ("cuda", "ui"):
        return parts[0]
    if parts[0] == "engine":
        if path in ("engine/backend.h", "engine/tensor.h", "engine/dtype.h"):
            return "engine/backend"
        return "engine/kernels" if parts[1] == "kernels" else "engine"
    if parts[0] != "src":
        return None
    if len(parts) == 2:
        return "root"
    if parts[1] == "recording" and parts[2].startswith("recorder"):
        return "recorder"
    if parts[1] == "runner" and parts[2].startswith(RUNNER_SERVER):
        return "runner-server"
    return parts[1]


def resolve(tree, path, name):
    """The file that #include "name" in path means, or None."""
    folder = path.rsplit("/", 1)[0]
    for candidate in (f"{folder}/{name}", name, f"src/{name}"):
        if candidate in tree:
            return candidate
    return None


def includes(tree, path):
    """(kind, name) of each include line: kind '"' or '<'."""
    return re.findall(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', tree[path], re.MULTILINE)


def reached(tree, path):
    """Everything path includes, also through others: (files → by whom, libraries → by whom)."""
    files, libraries, waiting = {}, {}, [path]
    while waiting:
        current = waiting.pop()
        for kind, name in includes(tree, current):
            target = resolve(tree, current, name) if kind == '"' else None
            if target and target not in files:
                files[target] = current
                waiting.append(target)
            elif not target:
                libraries.setdefault(name, current)
    return files, libraries


def parts_of_engine(allowed):
    return allowed | ({"engine/backend", "engine/kernels"} if "engine" in allowed else set())


def include_arrows(tree):
    """Headers are reached only along the arrows of the design."""
    problems = []
    for path in sorted(tree):
        room = room_of(path) if path.endswith((".c", ".h", ".cu")) else None
        if room is None:
            continue
        home = "engine" if room.startswith("engine") else room
        if home not in ARROWS:
            problems.append(f"{path} stands in a room that the house does not have")
            continue
        allowed = parts_of_engine(ARROWS[home])
        files, libraries = reached(tree, path)
        problems += [f"{path} reaches {target} (through {by}): {home} may not"
                     for target, by in files.items() if room_of(target) not in allowed]
        for library, by in libraries.items():
            problems += [f"{path} reaches <{library}> (through {by}): {home} may not"
                         for pattern, rooms in LIBRARIES.items()
                         if re.match(pattern, library) and home not in rooms]
    return problems
