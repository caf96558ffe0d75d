# SPDX-License-Identifier: MIT
#
# torch: the C module's names, and what is Python by nature (contexts, print
# options, constants). Everything that computes is in C.
import builtins as _builtins
import math as _math
import sys as _sys

import _tapedeck_torch as _C
from _tapedeck_torch import *
from _tapedeck_torch import _get_print_options, _set_print_options

_sys.modules['torch._C'] = _C

__version__ = '2.4.0+tapedeck'
pi = _math.pi
e = _math.e
inf = _math.inf
nan = _math.nan
newaxis = None
_DEFAULTS = {'precision': 4, 'threshold': 1000, 'edgeitems': 3, 'linewidth': 80}
_PROFILES = {
    'default': _DEFAULTS,
    'short': {'precision': 2, 'threshold': 1000, 'edgeitems': 2, 'linewidth': 80},
    'full': {'precision': 4, 'threshold': _sys.maxsize, 'edgeitems': 3, 'linewidth': 80},
}


def set_printoptions(precision=None, threshold=None, edgeitems=None, linewidth=None, profile=None, sci_mode=None):
    """Sets how tensors are printed."""
    if profile is not None and profile not in _PROFILES:
        raise ValueError('profile must be one of default, short and full, not %r' % (profile,))
    old = _get_print_options()
    values = dict(zip(('precision', 'threshold', 'edgeitems', 'linewidth'), old))
    values.update(_PROFILES.get(profile, {}))
    given = {'precision': precision, 'threshold': threshold, 'edgeitems': edgeitems, 'linewidth': linewidth}
    for name, value in given.items():
        if value is not None:
            values[name] = _builtins.int(_builtins.min(value, _sys.maxsize))
    mode = -1 if sci_mode is None else _builtins.int(_builtins.bool(sci_mode))
    _set_print_options(*values.values(), mode)


from . import autograd
from .autograd.grad_mode import enable_grad, inference_mode, no_grad, set_grad_enabled
from . import backends, cuda, nn, utils
from .legacy import (BoolTensor, ByteTensor, CharTensor, DoubleTensor, FloatTensor, IntTensor, LongTensor,
                     ShortTensor)
from .info import finfo, iinfo


def is_floating_point(input):
    """True for tensors of float32 and float64."""
    return input.is_floating_point()


def numel(input):
    """The number of entries."""
    return input.numel()


def typename(o):
    """The name of a tensor's type, or of any object's class."""
    return o.type() if isinstance(o, Tensor) else type(o).__module__ + '.' + type(o).__qualname__
