# SPDX-License-Identifier: MIT
#
# torch.nn: what networks are made of.
from . import functional
