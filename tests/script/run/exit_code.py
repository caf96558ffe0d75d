import atexit
import sys
atexit.register(print, "at exit")
print(sys.argv[1:], __name__, sys.path[0].endswith("run"))
sys.exit(int(sys.argv[1]) if len(sys.argv) > 1 else None)
