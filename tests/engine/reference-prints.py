# SPDX-License-Identifier: MIT
# Writes what real PyTorch prints and draws, for test-format.c and test-random.c:
#   python3 reference-prints.py prints > prints.tsv;  python3 reference-prints.py random > random.tsv
import sys

import torch

I, F, D = torch.int64, torch.float32, torch.float64
CASES = [
    ([1.0], [], F), ([3], [], I), ([1.0, 2.0], [2], F), ([1.5, 2.0, 300.25], [3], F), ([1e-5, 1.0], [2], F),
    ([1e10, 1.0], [2], F), ([1e-4, 0.5], [2], F), ([1.0, float("nan"), float("inf")], [3], F), ([], [0], F),
    ([], [0, 3], F), ([], [0], I), ([], [2, 0], D), ([1, 0], [2], torch.bool), ([1, -200], [2], I), ([1.0], [1], D),
    ([1], [1], torch.int32), ([0.0] * 6, [2, 3], F), (list(range(24)), [2, 3, 4], I), ([0.0012], [1], F),
    ([12345678.0], [1], F), ([1e5, 1.0], [2], F), (list(range(2000)), [2000], I), ([1.0] * 10000, [100, 100], F),
    ([i / 7 for i in range(30)], [30], F), ([-0.0, 0.0], [2], F), ([float("nan")], [1], F), ([float("-inf"), 0.5], [2], F),
    ([123456.789, -0.001], [2], D), ([0.1] * 40, [4, 10], F), (list(range(1200)), [3, 4, 100], I),
    ([i * 0.37 - 3 for i in range(1100)], [11, 100], F), ([1, 2, 255], [3], torch.uint8), ([True] * 3, [3, 1], torch.bool),
    ([1e-9], [], F), ([3.14159], [], F), ([-7.0, 8.0], [2, 1, 1], F), ([i * 1.0 for i in range(16)], [2, 2, 2, 2], F),
    ([9.0e15, 1.0], [2], D), ([999.0, 1000.0, 1.0], [3], F), ([1e8, 1e8], [2], F), ([100000001.0], [1], D),
]
SEEDS = (0, 42, 1337, 2**31 - 1)


def numbers(values):
    return ",".join("%.17g" % float(value) for value in values)


def prints():
    for values, sizes, dtype in CASES:
        tensor = torch.tensor(values, dtype=dtype).reshape(sizes)
        variants = [(0, tensor)]
        if dtype.is_floating_point:
            variants += [(1, tensor.clone().requires_grad_())]
        for grad, each in variants:
            text = repr(each).replace("\n", "\\n")
            print("\t".join([str(dtype)[6:], ",".join(map(str, sizes)), numbers(tensor.reshape(-1).tolist()), str(grad), text]))


def draw(kind, n):
    return {"rand": lambda: torch.rand(n), "rand64": lambda: torch.rand(n, dtype=D), "randn": lambda: torch.randn(n),
            "randn64": lambda: torch.randn(n, dtype=D), "randint": lambda: torch.randint(0, 1000, (n,)),
            "randperm": lambda: torch.randperm(n), "uniform": lambda: torch.empty(n).uniform_(-0.3, 0.7),
            "normal": lambda: torch.empty(n).normal_(1.5, 0.25)}[kind]()


def random():
    for seed in SEEDS:
        for kind in ("rand", "rand64", "randn", "randn64", "randint", "randperm", "uniform", "normal"):
            for n in (1, 5, 15, 16, 17, 40):
                torch.manual_seed(seed)
                first, second = draw(kind, n), draw(kind, n)
                print("\t".join([str(seed), kind, str(n), numbers(first.tolist()), numbers(second.tolist())]))


{"prints": prints, "random": random}[sys.argv[1]]()
