# SPDX-License-Identifier: MIT
# Asks real PyTorch about every sample on every card and writes what it answers:
#   test-engine-cards --list | python3 reference.py > reference.tsv
# One line: card, sample, then each output as "dtype:sizes:values".
import sys

import torch


def element(kind, k, i):
    spread = ((i * 7 + k * 5 + 3) % 23 - 11) / 6.5 + 0.031 * (k + 1)
    return {"P": 0.5 + abs(spread), "U": spread / 2, "G": 1.1 + abs(spread), "I": (i * 5 + k * 3) % 7 - 3, "J": 1 + (i * 5 + k) % 4,
            "B": (i + k) % 2}.get(kind, spread)


def make(kind, counter, sizes):
    k = counter[0]
    counter[0] += 1
    dtype = {"I": torch.int64, "J": torch.int64, "B": torch.bool}.get(kind, torch.float32)
    numel = 1
    for size in sizes:
        numel *= size
    values = [element(kind, k, i) for i in range(numel)]
    return torch.tensor(values, dtype=torch.float64).to(dtype).reshape(sizes)


# Where our card and the operation of PyTorch differ in name (empty is zeroed here).
RENAMED = {"sum.dim": "sum.dim_IntList", "empty": "zeros", "empty_like": "zeros_like", "floor_divide.Tensor": "floor_divide"}

# Where the Python function is what a card means, defaults included.
FUNCTIONS = {"norm.ScalarOpt_dim": torch.norm, "random_": torch.Tensor.random_, "full": torch.full,
             "full_like": torch.full_like,
             "elu_backward": lambda grad, x, alpha=1, scale=1, input_scale=1:
                 torch.ops.aten.elu_backward(grad, alpha, scale, input_scale, False, x),
             "log_sigmoid_backward": lambda grad, x:
                 torch.ops.aten.log_sigmoid_backward(grad, x, torch.exp(-x.abs()))}


def indices_at(indices, dims):
    """Index tensors, each beginning at its dim, as PyTorch wants them: None between."""
    result, next_dim = [], 0
    for index, dim in zip(indices, dims if dims is not None else [None] * len(indices)):
        result += [None] * (dim - next_dim if dim is not None else 0)
        result.append(index)
        next_dim = (dim if dim is not None else next_dim) + (index.dim() if index.dtype == torch.bool else 1)
    return result


# Where a card's arguments are our own.
FUNCTIONS["index.Tensor"] = lambda self, indices, dims=None: torch.ops.aten.index(self, indices_at(indices, dims))
FUNCTIONS["index_put.at"] = lambda self, values, indices, dims=None, accumulate=False: torch.ops.aten.index_put(
    self, indices_at(indices, dims), values, accumulate)
FUNCTIONS["index_backward"] = lambda grad, sizes, indices, dims=None: torch.ops.aten.index_put(
    torch.zeros(sizes), indices_at(indices, dims), grad, True)
FUNCTIONS["mm_second_turned"] = lambda self, mat2: self @ mat2.t()
FUNCTIONS["mm_first_turned"] = lambda self, mat2: self.t() @ mat2
FUNCTIONS["gather_backward"] = lambda grad, sizes, dim, index: torch.zeros(sizes).scatter_add(dim, index, grad)


def call(card, sample):
    counter = [0]
    scope = {kind: (lambda *sizes, kind=kind: make(kind, counter, sizes)) for kind in "TPUGNIJB"}
    scope.update({name: getattr(torch, name) for name in ("float32", "float64", "int64", "int32", "uint8", "bool")})
    scope["inf"] = float("inf")
    scope["f"] = lambda *args, **keywords: (args, keywords)
    args, keywords = eval(f"f({sample})", scope)
    name, _, overload = RENAMED.get(card, card).partition(".")
    torch.manual_seed(0)
    if card in FUNCTIONS:
        return FUNCTIONS[card](*args, **keywords)
    return getattr(getattr(torch.ops.aten, name), overload or "default")(*args, **keywords)


def describe(tensor):
    values = ",".join("%.17g" % float(value) for value in tensor.reshape(-1).tolist())
    return f"{str(tensor.dtype).removeprefix('torch.')}:{','.join(map(str, tensor.shape))}:{values}"


for line in sys.stdin:
    card, sample = line.rstrip("\n").split("\t")
    try:
        result = call(card, sample)
    except (AttributeError, NotImplementedError, RuntimeError, TypeError) as error:
        print(f"{card}: {sample}: {error}", file=sys.stderr)
        continue
    outputs = result if isinstance(result, tuple) else (result,)
    print("\t".join([card, sample] + [describe(output) for output in outputs]))
