# SPDX-License-Identifier: MIT
#
# torch.finfo and torch.iinfo: the limits of the element types.
import sys

from _tapedeck_torch import float32, float64, get_default_dtype

_FLOATS = {
    float32: (3.4028234663852886e+38, 1.1920928955078125e-07, 1.1754943508222875e-38, 1e-06, 32),
    float64: (sys.float_info.max, sys.float_info.epsilon, sys.float_info.min, 1e-15, 64),
}


class finfo:
    """Limits of a floating type (the default one when none is named)."""

    def __init__(self, dtype=None):
        dtype = get_default_dtype() if dtype is None else dtype
        if dtype not in _FLOATS:
            raise TypeError('torch.finfo() requires a floating point input type. Use torch.iinfo to handle '
                            "'torch.finfo'")
        self.max, self.eps, self.tiny, self.resolution, self.bits = _FLOATS[dtype]
        self.min = -self.max
        self.smallest_normal = self.tiny
        self.dtype = str(dtype).replace('torch.', '')

    def __repr__(self):
        return ('finfo(resolution=%g, min=%g, max=%g, eps=%g, smallest_normal=%g, tiny=%g, dtype=%s)' % (
            self.resolution, self.min, self.max, self.eps, self.smallest_normal, self.tiny, self.dtype))


class iinfo:
    """Limits of an integer type."""

    def __init__(self, dtype):
        if dtype.is_floating_point or str(dtype) == 'torch.bool':
            raise TypeError("torch.iinfo() requires an integer input type. Use torch.finfo to handle '%s'" % dtype)
        self.bits = 8 * dtype.itemsize
        self.max = 2 ** (self.bits - dtype.is_signed) - 1
        self.min = -self.max - 1 if dtype.is_signed else 0
        self.dtype = str(dtype).replace('torch.', '')

    def __repr__(self):
        return 'iinfo(min=%d, max=%d, dtype=%s)' % (self.min, self.max, self.dtype)
