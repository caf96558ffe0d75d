import sys
import threading
import time


def leave():
    sys.exit(3)


def fail():
    raise ValueError("in a thread")


def late():
    time.sleep(0.1)
    print("the program waits for this")


for work in (leave, fail):
    thread = threading.Thread(target=work, name=work.__name__)
    thread.start()
    thread.join()
threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
threading.Thread(target=late).start()
print("main is done")
