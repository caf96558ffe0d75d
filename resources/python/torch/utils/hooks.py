# SPDX-License-Identifier: MIT
#
# What register_hook returns.


class RemovableHandle:
    """Removes its hook, by remove() or at the end of a with block."""

    def __init__(self, tensor, id):
        self.tensor = tensor
        self.id = id

    def remove(self):
        if self.id is not None:
            self.tensor._remove_hook(self.id)
            self.id = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()
