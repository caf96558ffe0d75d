"""What a script finds when it begins."""
import __main__
import pickle
import sys


class Local:
    pass


print(__name__, __file__, __doc__, __package__, __spec__, type(__loader__).__name__, sorted(globals()))
print(__main__.__dict__ is globals(), type(pickle.loads(pickle.dumps(Local()))) is Local)
print(sys.argv, sys.path, sys.flags, sys.prefix, sys.base_prefix, sys.version)
print(sys.stdout.encoding, sys.stdout.errors, sys.stdout.line_buffering, sys.stderr.errors, sys.stdin.encoding)
print("é€", ascii(sys.stdin.read()))
