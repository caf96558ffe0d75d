import sys
name = input("name? ")
print("hello", name, repr(sys.stdin.read()))
