# SPDX-License-Identifier: MIT
"""Measures the time from starting a program to its first painted window.

Looks at the X server itself, so that nothing in the program need help: a window
counts once it is viewable and its picture holds several colours.
"""

import ctypes
import os
import subprocess
import time

IS_VIEWABLE = 2
Z_PIXMAP = 2
ALL_PLANES = ctypes.c_ulong(~0 & 0xFFFFFFFF)


class Attributes(ctypes.Structure):
    """XWindowAttributes, as far as it is read here."""

    _fields_ = [("x", ctypes.c_int), ("y", ctypes.c_int), ("width", ctypes.c_int), ("height", ctypes.c_int),
                ("border_width", ctypes.c_int), ("depth", ctypes.c_int), ("visual", ctypes.c_void_p),
                ("root", ctypes.c_ulong), ("window_class", ctypes.c_int), ("bit_gravity", ctypes.c_int),
                ("win_gravity", ctypes.c_int), ("backing_store", ctypes.c_int),
                ("backing_planes", ctypes.c_ulong), ("backing_pixel", ctypes.c_ulong),
                ("save_under", ctypes.c_int), ("colormap", ctypes.c_ulong), ("map_installed", ctypes.c_int),
                ("map_state", ctypes.c_int), ("rest", ctypes.c_char * 64)]


class Screen:
    """A connection to the X server of $DISPLAY."""

    def __init__(self):
        self.x11 = ctypes.CDLL("libX11.so.6")
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        self.x11.XDefaultRootWindow.restype = ctypes.c_ulong
        self.x11.XGetImage.restype = ctypes.c_void_p
        self.x11.XGetPixel.restype = ctypes.c_ulong
        self.display = ctypes.c_void_p(self.x11.XOpenDisplay(None))
        if not self.display:
            raise OSError(f"no X server answers at {os.environ.get('DISPLAY')}")
        # A window may go between two questions: that is no reason to exit.
        self.on_error = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda *_: 0)
        self.x11.XSetErrorHandler(self.on_error)
        self.root = ctypes.c_ulong(self.x11.XDefaultRootWindow(self.display))

    def windows(self):
        """Ids of the top-level windows."""
        root, parent, n = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_uint()
        children = ctypes.POINTER(ctypes.c_ulong)()
        self.x11.XQueryTree(self.display, self.root, ctypes.byref(root), ctypes.byref(parent),
                            ctypes.byref(children), ctypes.byref(n))
        found = [children[k] for k in range(n.value)]
        if found:
            self.x11.XFree(children)
        return found

    def is_painted(self, window):
        """Whether the window is viewable, large, and shows more than one colour."""
        facts = Attributes()
        if not self.x11.XGetWindowAttributes(self.display, ctypes.c_ulong(window), ctypes.byref(facts)):
            return False
        if facts.map_state != IS_VIEWABLE or facts.width < 400 or facts.height < 300:
            return False
        image = self.x11.XGetImage(self.display, ctypes.c_ulong(window), 0, facts.height // 2, facts.width, 1,
                                   ALL_PLANES, Z_PIXMAP)
        if not image:
            return False
        image = ctypes.c_void_p(image)
        colours = {self.x11.XGetPixel(image, x, 0) for x in range(0, facts.width, 3)}
        self.x11.XDestroyImage(image)
        return len(colours) > 4


def time_to_first_window(command, deadline_s=30):
    """Milliseconds from the start of the command to its first painted window."""
    screen = Screen()
    before = set(screen.windows())
    start = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL)
    try:
        while time.perf_counter() - start < deadline_s and process.poll() is None:
            if any(screen.is_painted(window) for window in screen.windows() if window not in before):
                return (time.perf_counter() - start) * 1000
            time.sleep(0.002)
        return None
    finally:
        process.terminate()
        process.wait(timeout=10)
