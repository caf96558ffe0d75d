# SPDX-License-Identifier: MIT
# A 2-4-1 net learns xor by plain gradient descent.
import torch

torch.manual_seed(1)
x = torch.tensor([[0., 0.], [0., 1.], [1., 0.], [1., 1.]])
y = torch.tensor([[0.], [1.], [1.], [0.]])
parameters = [torch.randn(2, 4, requires_grad=True), torch.zeros(1, 4, requires_grad=True),
              torch.randn(4, 1, requires_grad=True), torch.zeros(1, 1, requires_grad=True)]
first = None
for _ in range(20000):
    w1, b1, w2, b2 = parameters
    out = (torch.tanh(x @ w1 + b1) @ w2 + b2).sigmoid()
    loss = ((out - y) ** 2).mean()
    first = first or loss.item()
    loss.backward()
    with torch.no_grad():
        for p in parameters:
            p -= 0.5 * p.grad
            p.grad = None
print("first_loss", first)
print("last_loss", loss.item())
print("right", ((out > 0.5) == (y > 0.5)).sum().item())
