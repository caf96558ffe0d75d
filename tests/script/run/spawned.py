import multiprocessing
import subprocess
import sys


def square(x):
    return x * x


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.map(square, [1, 2, 3]))
    for options in (["-c", "import sys; print(sys.argv)", "a"], ["-m", "json.tool"], ["-"], ["-c", "1/0"]):
        done = subprocess.run([sys.executable, *options], input="[1]", capture_output=True, text=True)
        print(done.returncode, done.stdout, done.stderr)
