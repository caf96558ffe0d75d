# SPDX-License-Identifier: MIT
#
# Uncaught errors as python3 prints them, without the frames of Tapedeck's own
# Python files. Imports nothing but sys: a script may have a traceback.py beside it.
import sys

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


def install():
    """Puts a hook before the interpreter's own, which goes on printing."""
    display = sys.__excepthook__

    def excepthook(kind, error, traceback):
        if error is not None:
            hide_own_frames(error)
            traceback = error.__traceback__
        display(kind, error, traceback)

    sys.excepthook = sys.__excepthook__ = excepthook
