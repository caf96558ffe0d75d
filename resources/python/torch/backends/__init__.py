# SPDX-License-Identifier: MIT
#
# torch.backends: the switches that scripts set, and what is available here.


class _Switches:
    """Takes any setting; there is nothing behind it."""

    def __init__(self, available, **settings):
        self._available = available
        self.__dict__.update(settings)

    def is_available(self):
        return self._available


cudnn = _Switches(False, enabled=False, deterministic=False, benchmark=False)
mps = _Switches(False)
