import sys


def inner(values):
    return values["missing"]


def outer():
    try:
        inner({})
    except KeyError as error:
        raise ValueError("no such key: ünï") from error


print("before")
print("to stderr", file=sys.stderr)
outer()
