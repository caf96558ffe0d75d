def twice(x):
    return 2 * x


def fail():
    raise LookupError("raised in a module")
