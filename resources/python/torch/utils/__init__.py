# SPDX-License-Identifier: MIT
#
# torch.utils
from . import hooks
