# SPDX-License-Identifier: MIT
# Resident memory after a warm-up and after ten times as much of the same work.
import os
import torch


def resident_kib():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def work(n):
    for _ in range(n):
        W = torch.randn(20, 20, requires_grad=True)
        x = torch.randn(1, 20)
        loss = torch.mm(W, x.t()).tanh().sum() + (W[0] * W[1:3]).sum()
        loss.backward(retain_graph=True)
        loss.backward()
        repr(W.grad)


work(2000)
warm = resident_kib()
work(20000)
print("warm_kib", warm)
print("grown_kib", resident_kib() - warm)
