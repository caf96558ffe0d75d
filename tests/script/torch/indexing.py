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
raises(TypeError, "new(): invalid data type 'str'", lambda: x['a'])
raises(IndexError, 'only integers, slices', lambda: x[1.0])
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

# Index tensors, masks, lists, and what stands between them.
x = torch.arange(12.).view(3, 4)
assert x[[0, 2]].tolist() == [[0, 1, 2, 3], [8, 9, 10, 11]] and x[range(2), [3, 0]].tolist() == [3, 4]
assert x[[[0, 1], [1, 2]]].tolist() == [1, 6], 'a list of lists is a tuple in disguise'
assert x[[True, False, True]].shape == (2, 4) and x[True].shape == (1, 3, 4) and x[False].shape == (0, 3, 4)
assert x[x > 8].tolist() == [9, 10, 11] and x[:, x[0] > 1].shape == (3, 2) and x[[]].shape == (0, 4)
assert x[None, [0, 1]].shape == (1, 2, 4) and x[..., [0, 1]].shape == (3, 2) and x[[1], :, None].shape == (1, 4, 1)
cube = torch.arange(24).view(2, 3, 4)
assert cube[[0, 1], :, [3, 2]].tolist() == [[3, 7, 11], [14, 18, 22]] and cube[:, [0, 2], [1, 1]].shape == (2, 2)
raises(IndexError, 'index 5 is out of bounds for dimension 0 with size 3', lambda: x[[0, 5]])
raises(IndexError, 'The shape of the mask [2] at index 0', lambda: x[[True, False]])
raises(IndexError, 'tensors used as indices must be long', lambda: x[torch.tensor([1.])])

z = torch.zeros(4)
z[[0, 0, 1]] += 1
z[z == 0] = 5
z[[2, 3]] = torch.tensor([[7., 8.]])
assert z.tolist() == [1, 1, 7, 8]
raises(RuntimeError, 'shape mismatch: value tensor of shape [3]', lambda: z.__setitem__([0, 1], torch.ones(3)))
raises(RuntimeError, 'Index put requires the source and destination dtypes match',
       lambda: z.__setitem__([0], torch.tensor([1])))
assert z.tolist() == [1, 1, 7, 8]
z.index_put_((torch.tensor([0, 0]),), torch.tensor(1.), accumulate=True)
assert z.tolist() == [3, 1, 7, 8]

y = leaf * 3
y[y > 100] = 0.
assert y.grad_fn.name() == 'IndexPutBackward0' and leaf[[0]].grad_fn.name() == 'IndexBackward0'
scores = torch.zeros(2, 3).masked_fill_(torch.tensor([True, False, True]), float('-inf'))
assert scores.tolist() == [[float('-inf'), 0, float('-inf')]] * 2
one_hot = torch.zeros(2, 3).scatter_(1, torch.tensor([[2], [0]]), 1)
assert one_hot.tolist() == [[0, 0, 1], [1, 0, 0]] and one_hot.gather(1, torch.tensor([[2], [1]])).tolist() == [[1], [0]]

# A 0-dim index stands for one entry; integer sums wrap around as in PyTorch.
assert torch.tensor(1.).scatter_add(0, torch.tensor(0), torch.tensor([2., 3.])).item() == 3
assert torch.tensor([1.]).scatter(0, torch.tensor(0), torch.tensor(5.)).tolist() == [5]
big = torch.tensor([2 ** 63 - 1, 2 ** 63 - 1])
assert torch.zeros(1, dtype=torch.int64).scatter_add_(0, torch.tensor([0, 0]), big).tolist() == [-2]
assert torch.zeros(2, dtype=torch.int64).index_add_(0, torch.tensor([1, 1]), big).tolist() == [0, -2]

# Rows longer than one chunk: the first of equal ones, NaN above all.
row = torch.arange(5000.) % 1000
assert row.argmax().item() == 999 and row.max(0)[1].item() == 999 and row.argmin().item() == 0
row[4321] = float('nan')
assert row.argmax().item() == 4321 and row.max().isnan().item()
row = torch.arange(2000).reshape(2, 1000).t()
assert row.argmax(0).tolist() == [999, 999] and row.min(0)[0].tolist() == [0, 1000]
