# SPDX-License-Identifier: MIT
#
# Uncaught errors of recorded runs as text. Called by run.c when a script has raised
# (frames.py has taken our own frames out).
import linecache
import sys
import traceback

def walk(entry):
    while entry is not None:
        yield entry
        entry = entry.tb_next


def remember_source(path, source):
    """Shows lines of a script that was never saved, or has changed since."""
    lines = source.splitlines(True)
    linecache.cache[path] = (len(source), None, lines, path)


def where(error, paths):
    """(file, line) of the innermost frame in the user's files; the script's own
    line 0 when there is none."""
    if isinstance(error, SyntaxError) and error.filename in paths and error.lineno:
        return error.filename, error.lineno
    found = (paths[0] if paths else '', 0)
    for entry in walk(error.__traceback__):
        if entry.tb_frame.f_code.co_filename in paths:
            found = (entry.tb_frame.f_code.co_filename, entry.tb_lineno)
    return found


def describe(error, paths):
    """(type, message, traceback text, file, line)."""
    text = ''.join(traceback.format_exception(error))
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    if not message and isinstance(error, MemoryError):
        message = 'memory ran out'
    return (type(error).__name__, message or '', text) + where(error, paths)
