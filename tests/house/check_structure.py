#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Checks the structure of the house: file and function lengths, licence heads,
include arrows, symbols. For each rule there is also a test that it catches a
violation. Usage: check_structure.py SOURCE_ROOT BUILD_ROOT. Prints TAP."""

import os
import sys
from pathlib import Path

import rules
import symbols
from tap import Tap

SKIPPED_FOLDERS = (".git", ".cache", "__pycache__")
TEXT = (".c", ".h", ".cu", ".py", ".build", ".md", ".ui", ".css", "meson_options.txt")


def read_tree(root):
    """All text files of the working tree; build folders are left out."""
    tree = {}
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS and not name.startswith("build")]
        for name in files:
            path = Path(folder, name).relative_to(root).as_posix()
            if name.endswith(TEXT) or path in ("dev", ".ci/run"):
                tree[path] = Path(folder, name).read_text(encoding="utf-8", errors="replace")
    return tree


def check_house(tap, tree):
    for rule in (rules.file_lengths, rules.function_lengths, rules.licence_heads, rules.left_overs,
                 rules.include_arrows):
        tap.check(f"house/{rule.__name__}", rule(tree))


def check_libraries(tap, build):
    found = {}
    for library in sorted(Path(build).glob("**/*.a")):
        room = symbols.room_of_library(library.relative_to(build))
        if room:
            found.setdefault(room, []).append(library)
    tap.check("house/libraries_found", [f"no library of {room} was built" for room in symbols.PREFIXES
                                        if room not in found])
    asks, names = [], []
    for room, libraries in found.items():
        for library in libraries:
            defined, undefined = symbols.nm(library)
            asks += symbols.app_side_asks(room, undefined)
            names += symbols.wrong_prefixes(room, defined)
    tap.check("house/app_side_symbols", asks)
    tap.check("house/symbol_prefixes", names)


def caught(problems, *words):
    """For a self-test: the one expected violation was found, and it names all words."""
    if len(problems) == 1 and all(word in problems[0] for word in words):
        return []
    return [f"expected one violation naming {words}, got {problems}"]


def long_function(n):
    """C text with one function whose body has n lines, braces counted."""
    return "static int\nfoo (int a,\n     int b)\n{\n" + "  a++;\n" * (n - 2) + "}\n"


def self_test_lengths(tap):
    head = "/* SPDX-License-Identifier: MIT */\n"
    tap.check("self/file_lengths", caught(rules.file_lengths({"src/player/a.c": "\n" * 601}), "601")
              + rules.file_lengths({"src/player/a.c": "\n" * 600}))
    tap.check("self/function_lengths", caught(rules.function_lengths({"ui/a.c": long_function(61)}), "foo", "61")
              + rules.function_lengths({"ui/a.c": long_function(60)}))
    tap.check("self/function_lengths_second", caught(
        rules.function_lengths({"ui/a.c": long_function(5) + "\n" + long_function(70).replace("foo", "bar")}), "bar"))
    tap.check("self/function_lengths_python", caught(
        rules.function_lengths({"tests/a.py": "def long():\n" + "    pass\n" * 60}), "long", "61"))
    tap.check("self/a_table_is_no_function", rules.function_lengths(
        {"engine/a.c": "static const int table[] =\n{\n" + "  1,\n" * 80 + "};\n"}))
    tap.check("self/licence_heads", caught(rules.licence_heads({"src/a.c": "int x;\n", "src/b.c": head}), "src/a.c"))
    tap.check("self/left_overs", caught(rules.left_overs({"src/a.c": "/* TO" + "DO later */\n", "src/b.c": head}), "a.c:1"))


def self_test_arrows(tap):
    tree = {"engine/tensor.h": "", "src/recording/recording.h": "", "src/recording/recorder.h": '#include "engine/tensor.h"\n',
            "src/player/player.h": '#include "recording/recording.h"\n'}

    def with_file(path, text):
        return rules.include_arrows({**tree, path: text})

    tap.check("self/arrows_hold", rules.include_arrows(tree))
    tap.check("self/arrow_direct", caught(with_file("src/player/a.c", '#include "engine/tensor.h"\n'), "engine/tensor.h"))
    tap.check("self/arrow_transitive", caught(
        [p for p in with_file("ui/a.c", '#include "recording/recorder.h"\n') if "engine" in p], "recorder.h", "engine/tensor.h"))
    tap.check("self/arrow_backwards", caught(with_file("engine/a.c", '#include "recording/recording.h"\n'), "engine/a.c"))
    tap.check("self/arrow_library", caught(with_file("src/layout/a.c", "#include <gtk/gtk.h>\n"), "gtk/gtk.h"))
    tap.check("self/arrow_python", caught(with_file("src/runner/client.c", "#include <Python.h>\n"), "Python.h"))
    tap.check("self/arrow_relative", caught(with_file("src/recording/b.c", '#include "recorder.h"\n')[:1], "recorder.h"))
    tap.check("self/unknown_room", caught(with_file("src/cellar/a.c", ""), "cellar"))


def self_test_symbols(tap):
    text = "lib.a[a.o]: player_new T 0 10\nlib.a[a.o]: eng_call U  \nlib.a[a.o]: stray T 10 4\nlib.a[b.o]: player_new U  \n"
    defined, undefined = symbols.parse(text)
    tap.check("self/nm_is_read", [] if (defined, undefined) == ({"player_new", "stray"}, {"eng_call"})
              else [f"{defined} {undefined}"])
    tap.check("self/app_side_symbols", caught(symbols.app_side_asks("player", undefined), "eng_call"))
    tap.check("self/python_symbols", caught(symbols.app_side_asks("ui", {"PyList_New", "g_free"}), "PyList_New"))
    tap.check("self/runner_side_may", symbols.app_side_asks("runner-server", undefined))
    tap.check("self/symbol_prefixes", caught(symbols.wrong_prefixes("player", defined), "stray"))


def main(argv):
    tap = Tap()
    check_house(tap, read_tree(argv[1]))
    check_libraries(tap, argv[2])
    self_test_lengths(tap)
    self_test_arrows(tap)
    self_test_symbols(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv))
