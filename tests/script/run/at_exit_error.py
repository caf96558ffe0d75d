import atexit


class Bad:
    def __del__(self):
        raise RuntimeError("in a destructor")


def fail():
    raise LookupError("at exit")


atexit.register(fail)
bad = Bad()
del bad
print("main is done")
