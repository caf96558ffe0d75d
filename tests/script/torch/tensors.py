# SPDX-License-Identifier: MIT
import copy

import torch


def raises(kind, text, function, *args, **options):
    try:
        function(*args, **options)
    except kind as error:
        assert text in str(error), str(error)
    else:
        raise AssertionError('nothing raised: ' + text)


x = torch.tensor([[1., 2., 3.], [4., 5., 6.]])
assert x.shape == (2, 3) and repr(x.shape) == 'torch.Size([2, 3])' and isinstance(x.shape, torch.Size)
assert x.shape[1:] == torch.Size([3]) and isinstance(x.shape[1:], torch.Size) and x.shape.numel() == 6
assert x.size(1) == 3 and x.size(-2) == 2 and x.stride() == (3, 1) and type(x.stride()) is tuple
raises(IndexError, 'expected to be in range of [-2, 1], but got 2', x.size, 2)
assert x.dim() == x.ndim == 2 and x.numel() == 6 and len(x) == 2 and x.element_size() == 4
assert x.dtype is torch.float32 and torch.float is torch.float32 and torch.long is torch.int64
assert str(x.device) == 'cpu' and x.device == torch.device('cpu') and repr(torch.device('cuda:1')) == \
    "device(type='cuda', index=1)"
assert x.type() == 'torch.FloatTensor' and x.long().type() == 'torch.LongTensor'
assert x.to(torch.float64).dtype == torch.float64 and x.to('cpu') is x and x.float() is x and x.cpu() is x
assert torch.tensor([1, 2]).dtype == torch.int64 and torch.tensor([True]).dtype == torch.bool
assert torch.tensor([1, 2.]).dtype == torch.float32 and torch.tensor([]).shape == (0,)
assert torch.tensor(2 ** 62).item() == 2 ** 62 and torch.tensor(2.5).tolist() == 2.5
assert torch.tensor([[1], [2]]).tolist() == [[1], [2]] and torch.zeros(2, 0).tolist() == [[], []]
raises(ValueError, 'expected sequence of length 2 at dim 1 (got 1)', torch.tensor, [[1, 2], [3]])
raises(TypeError, "new(): invalid data type 'str'", torch.tensor, 'abc')
raises(RuntimeError, 'Only Tensors of floating point', lambda: torch.tensor([1], requires_grad=True))
raises(RuntimeError, 'Boolean value of Tensor with more than one value is ambiguous', bool, x)
raises(RuntimeError, 'a Tensor with 6 elements cannot be converted to Scalar', x.item)
raises(TypeError, 'len() of a 0-d tensor', len, torch.tensor(1))
raises(TypeError, 'iteration over a 0-d tensor', list, torch.tensor(1))
raises(AssertionError, 'Torch not compiled with CUDA enabled', x.to, 'cuda')
assert float(torch.tensor(2)) == 2.0 and int(torch.tensor(2.9)) == 2 and [10, 20, 30][torch.tensor(1)] == 20
assert f'{torch.tensor(3.14159):.2f}' == '3.14' and '%d' % torch.tensor(7) == '7'

# One object per tensor; identity is the hash; attributes stay.
w = torch.zeros(2, requires_grad=True)
w.note = 'mine'
assert (w * 1).grad_fn.next_functions[0][0].variable is w and w.note == 'mine' and {w: 1}[w] == 1
c = copy.deepcopy(w)
assert c is not w and c.requires_grad and c.is_leaf
raises(RuntimeError, 'graph leaves', copy.deepcopy, w * 2)

# Sizes as arguments in all their forms.
for made in (torch.zeros(2, 3), torch.zeros((2, 3)), torch.zeros([2, 3]), torch.zeros(torch.Size([2, 3])),
             torch.zeros(size=(2, 3))):
    assert made.shape == (2, 3)
assert x.view(3, 2).shape == x.view((3, 2)).shape == x.view(-1, 2).shape == (3, 2)
assert x.reshape(6).shape == (6,) and x.T.shape == x.t().shape == (3, 2)
assert x.sum(axis=0).tolist() == x.sum(0).tolist() == x.sum(dim=0).tolist() == [5, 7, 9]
assert x.sum(1, keepdim=True).shape == (2, 1) and torch.sum(input=x).item() == 21

# What does not fit says so in PyTorch's words.
raises(TypeError, "mm(): argument 'mat2' (position 2) must be Tensor, not int", torch.mm, x, 3)
raises(TypeError, 'mm() missing 1 required positional arguments: "mat2"', torch.mm, x)
raises(TypeError, "tanh() got an unexpected keyword argument 'y'", lambda: torch.tanh(x, y=1))
raises(TypeError, 'tanh() takes 1 positional argument but 2 were given', torch.tanh, x, x)
raises(TypeError, 'sum() received an invalid combination of arguments - got (str)', x.sum, 'a')
raises(TypeError, 'unsupported operand', lambda: x + 'a')
raises(RuntimeError, 'mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)', torch.mm, x, x)
raises(AttributeError, "has no attribute 'no_such_function'", getattr, torch, 'no_such_function')
raises(ModuleNotFoundError, "torch.no_such_part is not in Tapedeck's torch yet", __import__, 'torch.no_such_part')

# Operators, both ways round, and the nodes they make.
a = torch.tensor([1., 2., 4.], requires_grad=True)
names = {'a + 1': 'AddBackward0', '1 + a': 'AddBackward0', 'a - 1': 'SubBackward0', '1 - a': 'RsubBackward1',
         'a * 2': 'MulBackward0', '2 / a': 'MulBackward0', 'a / 2': 'DivBackward0', '-a': 'NegBackward0',
         'a @ a': 'DotBackward0', 'a ** 2': 'PowBackward0', '2 ** a': 'PowBackward1', 'a.sum()': 'SumBackward0'}
for text, name in names.items():
    made = eval(text)
    assert made.grad_fn.name() == type(made.grad_fn).__name__ == name, (text, made.grad_fn)
    plain = eval(text.replace('a @ a', '21.').replace('a.sum()', '7.'), {'a': 2.})
    value = eval(text.replace('a @ a', 'a @ a'), {'a': torch.tensor([2.])}) if '@' not in text else None
    assert value is None or 'sum' in text or value.item() == plain, text
assert (1 - a).tolist() == [0, -1, -3] and (2 / a).tolist() == [2, 1, .5] and (2 ** a).tolist() == [2, 4, 16]
assert (a > 1).tolist() == [False, True, True] and (a == a).dtype == torch.bool and (a == None) is False
assert 2. in a and 3. not in a
b = torch.zeros(3)
same = b
b += 2
b *= a.detach()
assert same is b and b.tolist() == [2, 4, 8] and b._version == 2
raises(RuntimeError, 'a leaf Variable that requires grad is being used in an in-place operation',
       lambda: a.add_(1))


# A number before // and %: PyTorch's values and dtypes.
whole, real = torch.tensor([2, -4], dtype=torch.int32), torch.tensor([2., -4.])
assert (7 % whole).tolist() == [1, -1] and (7 % whole).dtype == torch.int32
assert (7 // whole).tolist() == [3, -2] and (7 // whole).dtype == torch.int32
assert (7.5 % whole).tolist() == [1.5, -0.5] and (7.5 % whole).dtype == torch.float32
assert (7 % real).tolist() == [1.0, -1.0] and (7 % real).dtype == torch.float32
assert (7 % torch.tensor(True)).dtype == torch.int64
assert ((2 ** 62 + 1) % torch.tensor(2)).item() == 1
raises(TypeError, "unsupported operand type(s) for %: 'NoneType' and 'Tensor'", lambda: None % real)

# Written in place, so that other names for the same tensor see it.
x = torch.tensor([7, 8])
other = x
x //= 2
assert other is x and x.tolist() == [3, 4]
x %= 2
assert other is x and x.tolist() == [1, 0]

# Numbers that do not fit, and those that do.
raises(RuntimeError, 'value cannot be converted to type uint8 without overflow', torch.tensor, 300, dtype=torch.uint8)
raises(RuntimeError, 'value cannot be converted to type int32 without overflow', torch.tensor, [float('nan')],
       dtype=torch.int32)
raises(RuntimeError, 'value cannot be converted to type int32 without overflow', torch.tensor, 2 ** 40,
       dtype=torch.int32)
raises(RuntimeError, 'value cannot be converted to type int64 without overflow', torch.tensor, float('inf'),
       dtype=torch.int64)
raises(RuntimeError, 'value cannot be converted to type uint8_t without overflow', torch.full, (2,), 300,
       dtype=torch.uint8)
raises(RuntimeError, 'value cannot be converted to type uint8_t without overflow',
       torch.ones(2, dtype=torch.uint8).fill_, -256)
raises(RuntimeError, 'value cannot be converted to type float without overflow', torch.full, (2,), 1e300)
assert torch.tensor(-1, dtype=torch.uint8).item() == 255 and torch.tensor(2.7, dtype=torch.int64).item() == 2
assert torch.tensor([2 ** 63], dtype=torch.float64).item() == 2.0 ** 63
assert torch.tensor([1e300]).item() == float('inf') and torch.full((1,), float('inf')).item() == float('inf')
raises(RuntimeError, 'numel: integer multiplication overflow', torch.zeros(1).expand, 2 ** 32, 2 ** 32)
raises(TypeError, "can't assign a list to a torch.FloatTensor", torch.zeros(2, 2).__setitem__, 0, [1, 2])
assert (torch.tensor(0) ** torch.tensor(-1)).item() == 0 and (torch.tensor(-1) ** torch.tensor(-3)).item() == -1
inf = float('inf')
assert (torch.tensor([-1., 5., 7.]) // torch.tensor([inf, -inf, inf])).tolist() == [-1, -1, 0]
x = torch.zeros(3)
assert (x.fill_(torch.tensor(2.)) is x and torch.ones(2, requires_grad=True).masked_fill(
    torch.tensor([True, False]), torch.tensor(2.)).grad_fn.name() == 'MaskedFillBackward1')
raises(AssertionError, 'Torch not compiled with CUDA enabled (the device "cuda" cannot be used: ',
       lambda: torch.zeros(1, device='cuda'))
