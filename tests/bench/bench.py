#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Measures Tapedeck, beside PyTorch where it is installed: ./dev bench.

Each case is measured turn by turn in all workers (the engine's C API, the same
script under `tapedeck run`, real PyTorch), so that all see the same noise; medians
of the turns are shown, with the ratio to PyTorch. One thread everywhere.
Usage: bench.py BUILD_ROOT [ROUNDS]
"""

import os
import statistics
import subprocess
import sys
from pathlib import Path

from first_window import time_to_first_window

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parent.parent / "resources/examples/dynamic_graph.py"
CASES = [(name, mode) for name in ("add", "mul", "matmul", "tanh") for mode in ("no_grad", "recorded", "backward")]
CASES += [("demo", "recorded"), ("demo", "backward")]
KERNELS = ("add", "sum", "tanh", "exp", "sigmoid")
CASES += [(name + "_million", "no_grad") for name in KERNELS]
WHAT = {name + "_million": f"{name}, a million" for name in KERNELS}
WHAT |= {"add": "a+b (4)", "mul": "a×b (4)", "matmul": "a@b (2×3 · 3×1)", "tanh": "tanh (4)", "demo": "dynamic_graph demo"}
HOW = {"no_grad": "no grad", "recorded": "forward, recorded", "backward": "forward + backward"}


class Worker:
    """A program that answers "CASE MODE" with nanoseconds per repetition."""

    def __init__(self, *command):
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def ask(self, name, mode):
        """Nanoseconds, or None when the program is no longer there."""
        try:
            self.process.stdin.write(f"{name} {mode}\n")
            self.process.stdin.flush()
            return float(self.process.stdout.readline())
        except (OSError, ValueError):
            return None

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)


def real_torch():
    """A python3 that imports real PyTorch, or None."""
    for python in ("/usr/bin/python3", "python3"):
        probe = "import torch; print(torch.__version__)"
        try:
            found = subprocess.run([python, "-c", probe], capture_output=True, text=True, timeout=120)
        except OSError:
            continue
        if found.returncode == 0:
            return python, found.stdout.strip()
    return None


def medians(workers, cases, rounds):
    """{case: {worker: median of its turns}}; a turn that failed is left out."""
    turns = {case: {name: [] for name in workers} for case in cases}
    for case in cases:  # once to warm up, not counted
        for worker in workers.values():
            worker.ask(*case)
    for _ in range(rounds):
        for case in cases:
            for name, worker in workers.items():
                answer = worker.ask(*case)
                if answer is not None:
                    turns[case][name].append(answer)
    return {case: {name: statistics.median(values) if values else None for name, values in by_name.items()}
            for case, by_name in turns.items()}


def show(value, unit="µs", scale=1000):
    return "–" if value is None else f"{value / scale:.3g} {unit}"


def ratio(a, b):
    return "–" if not a or not b else f"{a / b:.3g}×"


def table(head, rows):
    """Prints rows of strings under a head, columns aligned."""
    widths = [max(len(row[k]) for row in [head] + rows) for k in range(len(head))]
    for row in [head, ["─" * width for width in widths]] + rows:
        print("  ".join(cell.ljust(width) if k < 2 else cell.rjust(width)
                        for k, (cell, width) in enumerate(zip(row, widths))).rstrip())
    print()


def bench_operations(build, torch, rounds):
    """One operation and the demo: C API and script beside PyTorch."""
    workers = {"C": Worker(build / "tests/bench/bench-engine"),
               "script": Worker(build / "tapedeck", "run", HERE / "worker.py")}
    if torch:
        workers["torch"] = Worker(torch[0], HERE / "worker.py")
    result = medians(workers, CASES, rounds)
    for worker in workers.values():
        worker.close()
    rows = []
    for case in CASES:
        got = result[case]
        peer = got.get("torch")
        rows.append([WHAT[case[0]], HOW[case[1]], show(peer), show(got["C"]), ratio(peer, got["C"]),
                     show(got["script"]), ratio(peer, got["script"])])
    table(["operation", "how", "PyTorch", "C API", "ratio", "script", "ratio"], rows)


def script_time(command):
    """Nanoseconds per iteration that a run of demo_loop.py printed."""
    run = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300)
    try:
        return float(run.stdout.split()[-1])
    except (IndexError, ValueError):
        print(f"{command[0]} gave no figure: {run.stderr.strip()[-300:]}")
        return None


def bench_recording(build, rounds):
    """The demo with the recorder watching against without, all small values kept."""
    workers = {"off": Worker(build / "tests/bench/bench-engine"),
               "on": Worker(build / "tests/bench/bench-engine", "--recorded")}
    cases = [("demo", "recorded"), ("demo", "backward")]
    result = medians(workers, cases, rounds)
    for worker in workers.values():
        worker.close()
    rows = [["C API, demo", HOW[mode], show(got["off"]), show(got["on"]), ratio(got["on"], got["off"])]
            for (_, mode), got in result.items()]
    loop = HERE / "demo_loop.py"
    off, on = [], []
    for _ in range(3):
        off.append(script_time([build / "tapedeck", "run", loop]))
        on.append(script_time([build / "tests/bench/bench-runner", build / "tapedeck", "record", loop]))
    off, on = ([value for value in values if value] for values in (off, on))
    off, on = (statistics.median(values) if values else None for values in (off, on))
    rows.append(["script, demo", HOW["backward"], show(off), show(on), ratio(on, off)])
    table(["recording", "how", "off", "on", "on ÷ off"], rows)


def bench_start(build, rounds):
    """Run to the first recorded operation; start to the first painted window."""
    rows = []
    run = subprocess.run([build / "tests/bench/bench-runner", build / "tapedeck", "first-event", EXAMPLE, "6"],
                         capture_output=True, text=True, timeout=120)
    times = [float(line) for line in run.stdout.split()]
    if len(times) == 6:
        rows.append(["Run to first operation", "no spare yet", f"{times[0]:.1f} ms"])
        rows.append(["", "warm spare", f"{statistics.median(times[1:]):.1f} ms"])
    else:
        print(f"Run to first operation: no figure: {run.stderr.strip()[-300:]}")
    starts = [time_to_first_window([build / "tapedeck"]) for _ in range(min(rounds, 5) + 1)]
    if all(starts):
        rows.append(["Start to first painted window", "warm disk", f"{statistics.median(starts[1:]):.0f} ms"])
    table(["start", "how", "time"], rows)


def bench_frames(build):
    """Frames per second and CPU per frame while the demo's backward pass plays."""
    rows = []
    for width, height in (("1440", "900"), ("1024", "700")):
        run = subprocess.run([build / "tests/bench/bench-window", build / "tapedeck", width, height],
                             capture_output=True, text=True, timeout=120)
        if run.returncode == 0:
            rows.append(["demo, backward", *run.stdout.strip().split("\t")])
        else:
            print(f"Playing backward: no figure: {run.stderr.strip()[-300:]}")
    table(["playing, software drawing", "window", "frames/s", "CPU per frame"], rows)


def main(argv):
    build = Path(argv[1]).resolve()
    rounds = int(argv[2]) if len(argv) > 2 else 9
    torch = real_torch()
    print(f"{os.cpu_count()} processors, one thread each, medians of {rounds} turns, interleaved.")
    print(f"Beside PyTorch {torch[1]}.\n" if torch else
          "PyTorch is not installed (Debian: python3-torch): no ratios to it.\n")
    bench_operations(build, torch, rounds)
    bench_recording(build, rounds)
    bench_start(build, rounds)
    bench_frames(build)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
