# SPDX-License-Identifier: MIT
"""The cases of bench-engine.c as a PyTorch script.

Runs under real PyTorch and under `tapedeck run` alike: reads one case per line
("add recorded"), runs it for a moment and answers with nanoseconds per
repetition. Started and asked by bench.py.
"""

import sys
import time

import torch

TURN_NS = 40_000_000

if hasattr(torch, "set_num_threads"):
    torch.set_num_threads(1)
torch.manual_seed(0)

a4 = torch.randn(4, requires_grad=True)
b4 = torch.randn(4, requires_grad=True)
c4 = torch.randn(4, requires_grad=True)
d4 = torch.randn(4, requires_grad=True)
a23 = torch.randn(2, 3, requires_grad=True)
b31 = torch.randn(3, 1, requires_grad=True)
one4 = torch.ones(4)
one21 = torch.ones(2, 1)
W_h = torch.randn(20, 20, requires_grad=True)
W_x = torch.randn(20, 10, requires_grad=True)
x = torch.randn(1, 10)
prev_h = torch.randn(1, 20)
million = torch.randn(1000000)
other_million = torch.randn(1000000)


def add(n):
    for _ in range(n):
        a4 + b4


def add_backward(n):
    for _ in range(n):
        (a4 + b4).backward(one4)


def mul(n):
    for _ in range(n):
        c4 * d4


def mul_backward(n):
    for _ in range(n):
        (c4 * d4).backward(one4)


def matmul(n):
    for _ in range(n):
        a23 @ b31


def matmul_backward(n):
    for _ in range(n):
        (a23 @ b31).backward(one21)


def tanh(n):
    for _ in range(n):
        torch.tanh(a4)


def tanh_backward(n):
    for _ in range(n):
        torch.tanh(a4).backward(one4)


def demo(n):
    for _ in range(n):
        h2h = torch.mm(W_h, prev_h.t())
        i2h = torch.mm(W_x, x.t())
        next_h = h2h + i2h
        next_h = next_h.tanh()
        next_h.sum()


def demo_backward(n):
    for _ in range(n):
        h2h = torch.mm(W_h, prev_h.t())
        i2h = torch.mm(W_x, x.t())
        next_h = h2h + i2h
        next_h = next_h.tanh()
        loss = next_h.sum()
        loss.backward()


def add_million(n):
    for _ in range(n):
        million + other_million


def sum_million(n):
    for _ in range(n):
        million.sum()


def tanh_million(n):
    for _ in range(n):
        torch.tanh(million)


def exp_million(n):
    for _ in range(n):
        torch.exp(million)


def sigmoid_million(n):
    for _ in range(n):
        torch.sigmoid(million)


def measure(function, batch):
    """Nanoseconds per repetition over about TURN_NS."""
    n = passed = 0
    start = time.perf_counter_ns()
    while passed < TURN_NS:
        function(batch)
        n += batch
        passed = time.perf_counter_ns() - start
    return passed / n


def main():
    for line in sys.stdin:
        name, mode = line.split()
        function = globals()[name + ("_backward" if mode == "backward" else "")]
        batch = 20 if name.endswith("_million") else 200
        if mode == "no_grad":
            with torch.no_grad():
                result = measure(function, batch)
        else:
            result = measure(function, batch)
        print(f"{result:.1f}", flush=True)


main()
