# SPDX-License-Identifier: MIT
#
# no_grad, enable_grad, set_grad_enabled and inference_mode: each is a context and a
# decorator, and puts the mode back however its block is left.
import functools

from _tapedeck_torch import _set_grad_mode


class _Mode:
    """A context that sets the grad mode; as a decorator, one for each call."""

    def __init__(self, enabled):
        self.enabled = enabled
        self.previous = []

    def __enter__(self):
        self.previous.append(_set_grad_mode(self.enabled))
        return self

    def __exit__(self, kind, error, traceback):
        _set_grad_mode(self.previous.pop())

    def __call__(self, function):
        enabled = self.enabled

        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            with _Mode(enabled):
                return function(*args, **kwargs)
        return wrapped


class no_grad(_Mode):
    """Operations inside compute values and record no graph."""

    def __init__(self):
        super().__init__(False)


class enable_grad(_Mode):
    """Records the graph again, inside no_grad."""

    def __init__(self):
        super().__init__(True)


class inference_mode(_Mode):
    """As no_grad."""

    def __init__(self, mode=True):
        super().__init__(not mode)

    def __new__(cls, mode=True):
        if callable(mode):
            return cls()(mode)
        return super().__new__(cls)


class set_grad_enabled(_Mode):
    """Sets the mode at once; as a context it is put back at the end."""

    def __init__(self, mode):
        super().__init__(bool(mode))
        self.before = _set_grad_mode(self.enabled)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        _set_grad_mode(self.before)
