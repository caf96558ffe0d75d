# SPDX-License-Identifier: MIT
# A line fitted by gradient descent, beside the least-squares answer in closed form.
import torch

torch.manual_seed(3)
x = torch.rand(200, 1)
y = 3 * x - 1 + 0.1 * torch.randn(200, 1)
w = torch.zeros(1, 1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for _ in range(20000):
    loss = ((torch.mm(x, w) + b - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.3 * w.grad
        b -= 0.3 * b.grad
        w.grad = None
        b.grad = None

mean_x, mean_y = x.mean(), y.mean()
slope = ((x - mean_x) * (y - mean_y)).sum() / ((x - mean_x) ** 2).sum()
print("slope", w.item())
print("offset", b.item())
print("best_slope", slope.item())
print("best_offset", (mean_y - slope * mean_x).item())
