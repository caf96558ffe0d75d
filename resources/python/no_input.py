# SPDX-License-Identifier: MIT
#
# input() of a recorded run that has nobody to ask. An EOFError, as python3 raises
# when its standard input is empty, that says what to do.
import builtins
import sys

REASON = ('input() has nobody to ask here: write the value into the script, '
          'or run it in a terminal with "tapedeck run"')


def input(prompt='', /):
    """Shows the prompt and raises EOFError."""
    if sys.stdout is not None:
        print(prompt, end='', flush=True)
    raise EOFError(REASON)


def install():
    """Puts it in the place of the built-in function."""
    builtins.input = input
