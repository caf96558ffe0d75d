# SPDX-License-Identifier: MIT
#
# torch.cuda, where no GPU is in use: scripts ask, and go on with the CPU.


def is_available():
    return False


def device_count():
    return 0


def manual_seed(seed):
    """Nothing to seed; accepted as PyTorch accepts it without a GPU."""


def manual_seed_all(seed):
    """As manual_seed."""


def synchronize(device=None):
    _refuse()


def current_device():
    _refuse()


def _refuse():
    import torch
    torch.zeros(0, device='cuda')  # says why not
