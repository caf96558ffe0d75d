# SPDX-License-Identifier: MIT
import warnings

import torch

x = torch.tensor([1., 2.], requires_grad=True)
y = (x * x).sum()
assert repr(y.grad_fn).startswith('<SumBackward0 object at 0x')
assert y.grad_fn is y.grad_fn and y.grad_fn.next_functions[0][0].name() == 'MulBackward0'
assert y.grad_fn.next_functions[0][0]._saved_self.tolist() == [1, 2]
assert (x + torch.ones(2)).grad_fn.next_functions[1] == (None, 0)
y.backward()
assert x.grad.tolist() == [2, 4] and x.grad is x.grad
try:
    y.backward()
except RuntimeError as error:
    assert 'backward through the graph a second time' in str(error)
else:
    raise AssertionError
x.grad = None
assert x.grad is None
(x * 3).backward(torch.tensor([1., 10.]))
assert x.grad.tolist() == [3, 30]

# grad(), create_graph, inputs
z = torch.tensor(2., requires_grad=True)
(first,) = torch.autograd.grad(z * z * z, z, create_graph=True)
(second,) = torch.autograd.grad(first, z)
assert first.item() == 12 and second.item() == 12 and z.grad is None
a, b = torch.ones(1, requires_grad=True), torch.ones(1, requires_grad=True)
assert torch.autograd.grad((a * 2).sum(), [a, b], allow_unused=True)[1] is None
(a * b * 3).sum().backward(inputs=[a])
assert a.grad.item() == 3 and b.grad is None
(a * b * 3).sum().backward(inputs=[a])
assert a.grad.item() == 6

# Hooks: order, replacement, removal, and an exception that comes out unchanged.
log = []
h = torch.ones(1, requires_grad=True)
first = h.register_hook(lambda g: log.append('a'))
h.register_hook(lambda g: g * 10)
(h * 1).sum().backward()
assert log == ['a'] and h.grad.item() == 10
first.remove()
(h * 1).sum().backward()
assert log == ['a']


class Mine(Exception):
    pass


def fail(grad):
    raise Mine('from the hook')


k = torch.ones(1, requires_grad=True)
k.register_hook(fail)
try:
    (k * 2).sum().backward()
except Mine as error:
    assert str(error) == 'from the hook'
else:
    raise AssertionError

# Modes: contexts, decorators, nesting, exceptions.
with torch.no_grad():
    assert not (x * 2).requires_grad and not torch.is_grad_enabled()
    with torch.enable_grad():
        assert (x * 2).requires_grad
assert torch.is_grad_enabled()


@torch.no_grad()
def inference(v):
    return v * 2


assert not inference(x).requires_grad and (x * 2).requires_grad
try:
    with torch.no_grad():
        raise KeyError
except KeyError:
    assert torch.is_grad_enabled()
with torch.set_grad_enabled(False):
    assert not torch.is_grad_enabled()
torch.set_grad_enabled(False)
assert not torch.is_grad_enabled()
torch.set_grad_enabled(True)

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter('always')
    assert (x * 2).grad is None
assert len(caught) == 1 and 'The .grad attribute of a Tensor that is not a leaf' in str(caught[0].message)
v = x * 2
v.retain_grad()
v.sum().backward()
assert v.grad.tolist() == [1, 1] and v.retains_grad
d = x.detach()
d[0] = 5.
assert x[0].item() == 5 and not d.requires_grad and d._version == x._version
x.data[1] = 9.
assert x.tolist() == [5, 9]

# Gradients into chosen inputs only.
x = torch.ones(2, requires_grad=True)
for empty in (lambda: (x * 2).sum().backward(inputs=[]), lambda: torch.autograd.backward((x * 2).sum(), inputs=[])):
    try:
        empty()
    except RuntimeError as error:
        assert "'inputs' argument to backward() cannot be empty" in str(error)
    else:
        raise AssertionError('no error')
try:
    torch.autograd.grad((x * 2).sum(), [])
except ValueError as error:
    assert 'grad requires non-empty inputs' in str(error)
else:
    raise AssertionError('no error')
(x * 2).sum().backward(inputs=[x, x])
assert x.grad.tolist() == [2, 2]
held = x.grad
(x * 2).sum().backward(inputs=[x])
assert x.grad is held and held.tolist() == [4, 4]

# A retained gradient is the tensor's own: it can be written to.
y = x * 2
y.retain_grad()
y.sum().backward()
y.grad.add_(1)
assert y.grad.tolist() == [2, 2]

# A hook goes also when its tensor has another grad_fn by then.
x = torch.ones(2, requires_grad=True)
y = x * 2
handle = y.register_hook(lambda g: g * 10)
y.mul_(3)
handle.remove()
handle.remove()
y.sum().backward()
assert x.grad.tolist() == [6, 6]

# .data keeps size and dtype.
x.data = torch.zeros(2)
assert x.tolist() == [0, 0] and x.requires_grad
for other in (torch.ones(1), torch.ones(2, dtype=torch.float64)):
    try:
        x.data = other
    except RuntimeError as error:
        assert "keeps a tensor's size and dtype" in str(error)
    else:
        raise AssertionError('no error')

# What has no influence gets zeros, not None: what is overwritten, and flat slopes.
for overwrite in (lambda y: y.zero_(), lambda y: y.fill_(3), lambda y: y.copy_(torch.ones(2)),
                  lambda y: y.uniform_(), lambda y: y.__setitem__(Ellipsis, 5)):
    x = torch.ones(2, requires_grad=True)
    y = x * 2
    overwrite(y)
    y.sum().backward()
    assert x.grad.tolist() == [0, 0]
for flat in (torch.relu, torch.nn.functional.leaky_relu, torch.nn.functional.hardtanh):
    x = torch.tensor([-2., 0.5, 2.], requires_grad=True)
    gradient, = torch.autograd.grad((flat(x) * 3).sum(), x, create_graph=True)
    (gradient * gradient).sum().backward()
    assert x.grad is not None and x.grad.tolist() == [0, 0, 0]
