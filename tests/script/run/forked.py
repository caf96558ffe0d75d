import multiprocessing
import os

print("parent", flush=True)
child = os.fork()
if child == 0:
    print("child")
else:
    print("child ended", os.waitpid(child, 0)[1], flush=True)
    process = multiprocessing.get_context("fork").Process(target=print, args=("worker",))
    process.start()
    process.join()
    print(process.exitcode)
