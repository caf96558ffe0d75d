# SPDX-License-Identifier: MIT
#
# torch.nn.functional: the engine's functions under PyTorch's names. What stands here
# in Python is only where PyTorch's function takes more than its operation does
# (inplace=, training=, reduction=): it picks the operation and calls it.
import _tapedeck_torch as _C

globals().update({name: function for name, function in vars(_C._nn).items() if not name.startswith('__')})

logsigmoid = _C._nn.log_sigmoid


def relu(input, inplace=False):
    """max(0, x)"""
    return _C.relu_(input) if inplace else _C.relu(input)


def leaky_relu(input, negative_slope=0.01, inplace=False):
    """x where it is positive, else negative_slope * x"""
    return (_C._nn.leaky_relu_ if inplace else _C._nn.leaky_relu)(input, negative_slope)


def elu(input, alpha=1.0, inplace=False):
    """x where it is positive, else alpha * (exp(x) - 1)"""
    return (_C._nn.elu_ if inplace else _C._nn.elu)(input, alpha)


def selu(input, inplace=False):
    """elu with the alpha and scale of self-normalizing networks (Klambauer et al. 2017)"""
    return (_C._nn.elu_ if inplace else _C._nn.elu)(input, 1.6732632423543772848170429916717,
                                                    1.0507009873554804934193349852946)


def celu(input, alpha=1.0, inplace=False):
    """max(0, x) + min(0, alpha * (exp(x / alpha) - 1))"""
    if alpha == 0:
        raise RuntimeError('ZeroDivisionError: alpha cannot be 0 for CELU')
    return (_C._nn.elu_ if inplace else _C._nn.elu)(input, alpha, 1.0, 1.0 / alpha)


def hardtanh(input, min_val=-1.0, max_val=1.0, inplace=False):
    """x cut to min_val ... max_val"""
    return (_C._nn.hardtanh_ if inplace else _C._nn.hardtanh)(input, min_val, max_val)


def relu6(input, inplace=False):
    """x cut to 0 ... 6"""
    return (_C._nn.hardtanh_ if inplace else _C._nn.hardtanh)(input, 0.0, 6.0)


def silu(input, inplace=False):
    """x * sigmoid(x)"""
    return (_C._nn.silu_ if inplace else _C._nn.silu)(input)


def mish(input, inplace=False):
    """x * tanh(softplus(x))"""
    return (_C._nn.mish_ if inplace else _C._nn.mish)(input)


def hardsigmoid(input, inplace=False):
    """relu6(x + 3) / 6"""
    return (_C._nn.hardsigmoid_ if inplace else _C._nn.hardsigmoid)(input)


def hardswish(input, inplace=False):
    """x * relu6(x + 3) / 6"""
    return (_C._nn.hardswish_ if inplace else _C._nn.hardswish)(input)


def tanh(input):
    """The hyperbolic tangent"""
    return input.tanh()


def sigmoid(input):
    """1 / (1 + exp(-x))"""
    return input.sigmoid()


def softsign(input):
    """x / (1 + |x|)"""
    return input / (input.abs() + 1)


def tanhshrink(input):
    """x - tanh(x)"""
    return input - input.tanh()
