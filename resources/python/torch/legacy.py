# SPDX-License-Identifier: MIT
#
# torch.FloatTensor and its kin: constructors of one element type each.
import _tapedeck_torch as _C


class _OfDtype(type):
    """isinstance (x, torch.FloatTensor) asks for the element type."""

    def __instancecheck__(cls, instance):
        return isinstance(instance, _C.Tensor) and instance.dtype == cls.dtype

    def __call__(cls, *args):
        if len(args) == 1 and not isinstance(args[0], int):
            return _C.tensor(args[0], dtype=cls.dtype)
        return _C.zeros(args, dtype=cls.dtype)


def _make(name, dtype):
    return _OfDtype(name, (), {'dtype': dtype, '__module__': 'torch'})


FloatTensor = _make('FloatTensor', _C.float32)
DoubleTensor = _make('DoubleTensor', _C.float64)
LongTensor = _make('LongTensor', _C.int64)
IntTensor = _make('IntTensor', _C.int32)
ShortTensor = _make('ShortTensor', _C.int16)
CharTensor = _make('CharTensor', _C.int8)
ByteTensor = _make('ByteTensor', _C.uint8)
BoolTensor = _make('BoolTensor', _C.bool)
