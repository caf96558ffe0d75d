# SPDX-License-Identifier: MIT
"""The demo, forward and backward, again and again: prints nanoseconds per
iteration. Run bare and recorded by bench.py, which compares the two."""

import time

import torch

torch.manual_seed(0)
W_h = torch.randn(20, 20, requires_grad=True)
W_x = torch.randn(20, 10, requires_grad=True)
x = torch.randn(1, 10)
prev_h = torch.randn(1, 20)


def run(n):
    start = time.perf_counter_ns()
    for _ in range(n):
        h2h = torch.mm(W_h, prev_h.t())
        i2h = torch.mm(W_x, x.t())
        next_h = h2h + i2h
        next_h = next_h.tanh()
        loss = next_h.sum()
        loss.backward()
    return (time.perf_counter_ns() - start) / n


run(200)
print(min(run(500), run(500), run(500)))
