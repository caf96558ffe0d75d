# SPDX-License-Identifier: MIT
# Numbers of PyTorch 1.13.1 for the same seeds.
import torch


def close(tensor, values):
    assert all(abs(a - b) < 1e-4 for a, b in zip(tensor.flatten().tolist(), values)), tensor.tolist()


g = torch.manual_seed(0)
assert isinstance(g, torch.Generator) and torch.initial_seed() == 0
close(torch.randn(3), [1.5410, -0.2934, -2.1788])
torch.manual_seed(0)
state = torch.get_rng_state()
close(torch.rand(3), [0.4963, 0.7682, 0.0885])
torch.set_rng_state(state)
close(torch.rand(3), [0.4963, 0.7682, 0.0885])
own = torch.Generator().manual_seed(5)
before = torch.rand(1).item()
first = torch.rand(3, generator=own).tolist()
own.manual_seed(5)
assert torch.rand(3, generator=own).tolist() == first and own.initial_seed() == 5
torch.manual_seed(-1)
assert torch.initial_seed() == 2 ** 64 - 1
torch.manual_seed(0)
W = torch.randn(20, 20)
close(W[0], [-1.1258, -1.1524, -0.2506])
