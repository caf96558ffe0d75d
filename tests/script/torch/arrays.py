# SPDX-License-Identifier: MIT
import numpy as np

import torch

a = np.zeros(3, dtype=np.float32)
x = torch.from_numpy(a)
a[0] = 1
x[1] = 2
assert x.tolist() == a.tolist() == [1, 2, 0]
y = torch.zeros(2, 3)
b = y.t().numpy()
b[2, 1] = 5
assert y[1, 2].item() == 5 and b.strides == (4, 12) and b.shape == (3, 2)
assert np.asarray(y).base is not None and np.shares_memory(np.asarray(y), y.numpy())
for name in ('float32', 'float64', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool'):
    assert str(torch.from_numpy(np.zeros(1, dtype=name)).dtype) == 'torch.' + name
    assert str(torch.zeros(1, dtype=getattr(torch, name)).numpy().dtype) == name
c = np.array([1.0, 2.0])
t = torch.tensor(c)
c[0] = 9
assert t.dtype == torch.float64 and t.tolist() == [1, 2] and torch.as_tensor(c).tolist() == [9, 2]
assert torch.tensor(3.0).numpy().shape == () and torch.tensor(np.float64(2.5)).dtype == torch.float64
assert torch.zeros(np.int64(2), 3).shape == (2, 3) and (torch.ones(1) * np.float32(1.5)).item() == 1.5
assert torch.tensor(np.arange(6).reshape(2, 3)[:, ::2]).tolist() == [[0, 2], [3, 5]]
for bad, kind, text in ((np.arange(3)[::-1], ValueError, 'negative'), (np.array(['a']), TypeError, "can't convert"),
                        ([1, 2], TypeError, 'expected np.ndarray (got list)')):
    try:
        torch.from_numpy(bad)
    except kind as error:
        assert text in str(error), str(error)
    else:
        raise AssertionError(text)
try:
    torch.ones(2, requires_grad=True).numpy()
except RuntimeError as error:
    assert "Can't call numpy() on Tensor that requires grad" in str(error)
else:
    raise AssertionError
assert torch.ones(2, requires_grad=True).detach().numpy().tolist() == [1, 1]
del a
x[2] = 3
assert x.tolist() == [1, 2, 3]
for convert in (np.asarray, np.array, memoryview):
    try:
        convert(torch.ones(2, requires_grad=True))
    except (RuntimeError, BufferError) as error:
        assert 'Use tensor.detach().numpy() instead' in str(error)
    else:
        raise AssertionError('no error')
