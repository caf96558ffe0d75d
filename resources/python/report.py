# SPDX-License-Identifier: MIT
#
# Uncaught errors as python3 prints them, without the frames of Tapedeck's own
# Python files. Called by run.c when a script has raised.
import linecache
import sys
import traceback

HIDDEN = '<tapedeck '


def hide_own_frames(error, seen=None):
    """Takes our frames out of the traceback of error and of what it came from."""
    seen = set() if seen is None else seen
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    kept = [entry for entry in walk(error.__traceback__)
            if not entry.tb_frame.f_code.co_filename.startswith(HIDDEN)]
    following = None
    for entry in reversed(kept):
        entry.tb_next = following
        following = entry
    error.__traceback__ = following
    hide_own_frames(error.__cause__, seen)
    hide_own_frames(error.__context__, seen)


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
    hide_own_frames(error)
    text = ''.join(traceback.format_exception(error))
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    return (type(error).__name__, message or '', text) + where(error, paths)


def show(error):
    """Prints an uncaught error by sys.excepthook, as the interpreter does."""
    hide_own_frames(error)
    if sys.excepthook is not sys.__excepthook__:
        sys.excepthook(type(error), error, error.__traceback__)
    elif sys.stderr is not None:
        traceback.print_exception(error, file=sys.stderr)
