# SPDX-License-Identifier: MIT
#
# torch.autograd: gradients without .grad, and the grad modes.
from _tapedeck_torch import Tensor, _backward as backward, _grad as grad, is_grad_enabled

from .grad_mode import enable_grad, inference_mode, no_grad, set_grad_enabled


def Variable(data, requires_grad=False, volatile=None):
    """The tensor itself, as since PyTorch 0.4; requires_grad is set on it."""
    variable = data.detach()
    return variable.requires_grad_() if requires_grad else variable
