# SPDX-License-Identifier: MIT
#
# Owns `torch` and `torchvision`: a finder that stands first on sys.meta_path and
# serves the files embedded in the program. Installed copies are never used; a part
# that is not there is refused in one sentence. Run once, when Python has started.
import sys
from importlib.machinery import ModuleSpec

import _tapedeck_host

OWNED = ('torch', 'torchvision')


class Loader:
    """Runs one embedded file as a module."""

    def __init__(self, path, source):
        self.path = path
        self.source = source

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.__file__ = '<tapedeck %s>' % self.path
        exec(compile(self.source, module.__file__, 'exec'), module.__dict__)

    def get_source(self, fullname):
        return self.source


class Finder:
    """Finds torch.nn as torch/nn/__init__.py or torch/nn.py among the embedded files."""

    @staticmethod
    def find_spec(fullname, path=None, target=None):
        if fullname.partition('.')[0] not in OWNED:
            return None
        base = fullname.replace('.', '/')
        for name, is_package in ((base + '/__init__.py', True), (base + '.py', False)):
            source = _tapedeck_host.source(name)
            if source is not None:
                return ModuleSpec(fullname, Loader(name, source), origin='tapedeck', is_package=is_package)
        raise ModuleNotFoundError("%s is not in Tapedeck's torch yet" % fullname, name=fullname)


def install():
    sys.meta_path.insert(0, Finder)
