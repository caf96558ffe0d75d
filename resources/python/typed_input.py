# SPDX-License-Identifier: MIT
#
# sys.stdin of a recorded run whose user can type. Each read asks for one line, so
# input(), iteration and read() wait where they stand (src/script/input.c).
import io
import sys

import _tapedeck_host


class Typed(io.RawIOBase):
    """Lines as they are typed."""
    name = '<stdin>'
    mode = 'rb'

    def readable(self):
        return True

    def fileno(self):
        return 0

    def readinto(self, buffer):
        data = _tapedeck_host.read_input(len(buffer))
        buffer[:len(data)] = data
        return len(data)


def install():
    """Puts it in the place of standard input."""
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.BufferedReader(Typed()), 'utf-8')
