# SPDX-License-Identifier: MIT
import torch


def raises(kind, text, function):
    try:
        function()
    except kind as error:
        assert text in str(error), str(error)
    else:
        raise AssertionError('nothing raised: ' + text)


x = torch.tensor([[0., 1., 2., 3.], [4., 5., 6., 7.], [8., 9., 10., 11.]])
assert x[1].tolist() == [4, 5, 6, 7] and x[-1, -1].item() == 11 and x[1][2].item() == 6
assert x[1:, ::2].tolist() == [[4, 6], [8, 10]] and x[..., 1].tolist() == [1, 5, 9] and x[:, None].shape == (3, 1, 4)
assert x[0:100, 3:1].shape == (3, 0) and x[torch.tensor(1)].tolist() == [4, 5, 6, 7]
assert x[1:][1].data_ptr() == x[2].data_ptr() and x[1].storage_offset() == 4
raises(IndexError, 'index 5 is out of bounds for dimension 0 with size 3', lambda: x[5])
raises(IndexError, 'too many indices for tensor of dimension 2', lambda: x[0, 0, 0])
raises(IndexError, 'invalid index of a 0-dim tensor', lambda: torch.tensor(1.)[0])
raises(ValueError, 'step must be greater than zero', lambda: x[::-1])
raises(TypeError, 'only integers, slices', lambda: x['a'])
x[0] = 7
x[1, 1:3] = torch.tensor([-1., -2.])
x[:, 3] += 100
assert x.tolist() == [[7, 7, 7, 107], [4, -1, -2, 107], [8, 9, 10, 111]]
assert [row.sum().item() for row in x] == [128, 108, 138]

leaf = torch.ones(2, 2, requires_grad=True)
assert leaf[0].grad_fn.name() == 'SelectBackward0' and leaf[:, 1:].grad_fn.name() == 'SliceBackward0'
y = leaf * 1
y[0] = torch.zeros(2)
y.sum().backward()
assert leaf.grad.tolist() == [[0, 0], [1, 1]] and y.grad_fn.name() == 'CopySlices'
