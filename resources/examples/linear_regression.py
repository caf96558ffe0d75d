# A straight line, learnt by hand.
# Each pass computes the loss, sends its
# gradient back to w and b, and moves both
# a small step against it. The data lie on
# y = 2·x + 1: w goes to 2 and b to 1.
import torch

x = torch.tensor([[-1.0], [0.0], [1.0], [2.0]])
y = torch.tensor([[-1.0], [1.0], [3.0], [5.0]])
w = torch.zeros(1, 1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)

for step in range(20):
    prediction = x @ w + b
    error = prediction - y
    loss = (error ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.2 * w.grad
        b -= 0.2 * b.grad
    w.grad = None  # else they would add up
    b.grad = None

print(f'w = {w.item():.3f}, b = {b.item():.3f}')
