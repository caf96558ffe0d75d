import sys


def hook(kind, error, traceback):
    raise RuntimeError("in the hook") from error


sys.excepthook = hook
raise ValueError("first")
