# SPDX-License-Identifier: MIT
"""What Python itself says of tensors and their type."""
import warnings

import numpy as np
import torch

x = torch.ones(2)
assert hash(x) == hash(id(x)) and {x: 1}[x] == 1
assert repr(torch.Tensor) == "<class 'torch.Tensor'>" and repr(type(x)) == repr(torch.Tensor)
assert (torch.Tensor.__name__, torch.Tensor.__module__) == ('Tensor', 'torch')
assert isinstance(torch.Tensor, type) and type(torch.Tensor).__name__ == '_TensorMeta'
x.note = 'kept'
assert x.__dict__ == {'note': 'kept'} and vars(x)['note'] == 'kept'


def text(work):
    try:
        work()
    except (AttributeError, TypeError) as error:
        return str(error)
    raise AssertionError('nothing was raised')


assert text(lambda: x.foo) == "'Tensor' object has no attribute 'foo'"
assert text(lambda: torch.Tensor.foo) == "type object 'Tensor' has no attribute 'foo'"
assert text(lambda: x()) == "'Tensor' object is not callable"
assert text(lambda: x + 'a') == "unsupported operand type(s) for +: 'Tensor' and 'str'"


class Mine(torch.Tensor):
    """A class of the script's own."""


assert Mine.__module__ == '__main__' and repr(Mine) == "<class '__main__.Mine'>"
Mine.__module__ = 'elsewhere'
assert Mine.__module__ == 'elsewhere' and type(Mine) is type(torch.Tensor)
assert text(lambda: setattr(torch.Tensor, '__module__', 'a')).startswith("cannot set '__module__'")

fixed = np.ones(3)
fixed.flags.writeable = False
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter('always')
    torch.tensor(fixed)
    assert not seen
    torch.from_numpy(fixed)
    torch.from_numpy(fixed)
    torch.as_tensor(fixed)
    torch.from_numpy(fixed.copy())
assert [w.category for w in seen] == [UserWarning]
assert str(seen[0].message).startswith('The given NumPy array is not writable, and PyTorch does not support')
