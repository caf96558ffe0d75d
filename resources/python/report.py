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


def where_in_script(error, paths):
    """The line of the script that was running then; 0 when there is none."""
    if isinstance(error, SyntaxError) and paths and error.filename == paths[0] and error.lineno:
        return error.lineno
    lines = [entry.tb_lineno for entry in walk(error.__traceback__)
             if paths and entry.tb_frame.f_code.co_filename == paths[0]]
    return lines[-1] if lines else 0


def printable(text):
    """text as C can hold it: lone surrogates and zero bytes as escapes."""
    return text.encode('utf-8', 'backslashreplace').decode('utf-8').replace('\0', '\\x00')


def words_of(error):
    """What the error says of itself; asking may raise anything."""
    try:
        words = str(error.msg if isinstance(error, SyntaxError) else error)
    except Exception:
        return '<exception str() failed>'
    return 'memory ran out' if not words and isinstance(error, MemoryError) else words


def describe(error, paths):
    """(type, message, traceback text, file, line, line of the script)."""
    text = ''.join(traceback.format_exception(error))
    file, line = where(error, paths)
    return type(error).__name__, printable(words_of(error)), printable(text), file, line, where_in_script(error, paths)
