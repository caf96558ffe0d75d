import sys
sys.excepthook = lambda kind, error, traceback: print("hook saw", kind.__name__, error)
raise RuntimeError("for the hook")
