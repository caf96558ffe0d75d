# SPDX-License-Identifier: MIT
#
# How a recorded run ends where python3 itself would end: it waits for the script's
# threads and runs what the script left to atexit, while output is still recorded.
# (threading._shutdown would do so only once in a process.)
import atexit
import sys


def wait_for_threads(threading):
    for call in reversed(getattr(threading, '_threading_atexits', ())):
        call()  # lets the workers of thread pools go
    own = threading.current_thread()
    while True:
        others = [thread for thread in threading.enumerate() if thread is not own and not thread.daemon]
        if not others:
            return
        for thread in others:
            thread.join()


def finish():
    """Called by run.c when the script's last line is done, or has raised."""
    if 'threading' in sys.modules:
        wait_for_threads(sys.modules['threading'])
    atexit._run_exitfuncs()
