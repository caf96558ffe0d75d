# SPDX-License-Identifier: MIT
"""sys.executable is a python3 whose torch is this one."""
import multiprocessing
import subprocess
import sys

import torch


def total(n):
    return torch.arange(n).sum().item(), torch.__version__


if __name__ == '__main__':
    with multiprocessing.get_context('spawn').Pool(1) as pool:
        assert pool.map(total, [3, 4]) == [(3, torch.__version__), (6, torch.__version__)]
    code = 'import torch; print(torch.__version__)'
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
    assert done.stdout.strip() == torch.__version__, done
