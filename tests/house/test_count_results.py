#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Tests the counting of results that ./dev closes with. Prints TAP."""

import json
import sys

from count_results import count
from tap import Tap


def totals(*programs):
    """(passed, failed, skipped) of programs given as (result, stdout)."""
    total = count(json.dumps({"name": f"p{k}", "result": result, "stdout": stdout})
                  for k, (result, stdout) in enumerate(programs))
    return total.passed, len(total.failures), len(total.skips)


CASES = {
    "subtests": ([("OK", "1..2\nok 1 a\nok 2 b\n")], (2, 0, 0)),
    "failure": ([("FAIL", "1..2\nok 1 a\nnot ok 2 b\n")], (1, 1, 0)),
    "skip": ([("OK", "ok 1 a # SKIP no display\nok 2 b\n1..2\n")], (1, 0, 1)),
    "known_failure": ([("OK", "not ok 1 a # TO" + "DO later\n1..1\n")], (0, 0, 1)),
    "crash_after_success": ([("ERROR", "1..3\nok 1 a\n")], (1, 1, 0)),
    "lost_plan_but_ok": ([("OK", "1..3\nok 1 a\n")], (1, 1, 0)),
    "time_out": ([("TIMEOUT", "")], (0, 1, 0)),
    "all_skipped": ([("SKIP", "1..0 # SKIP no display\n")], (0, 0, 1)),
    "said_nothing": ([("SKIP", "")], (0, 1, 0)),
    "exit_code_test": ([("OK", "")], (1, 0, 0)),
    "nested_lines_count_once": ([("OK", "    ok 1 inner\nok 1 outer\n1..1\n")], (1, 0, 0)),
    "several": ([("OK", "ok 1 a\n1..1\n"), ("FAIL", "not ok 1 b\n1..1\n")], (1, 1, 0)),
    "nothing": ([], (0, 0, 0)),
}


def main():
    tap = Tap()
    for name, (programs, expected) in CASES.items():
        got = totals(*programs)
        tap.check(f"count/{name}", [] if got == expected else [f"expected {expected}, got {got}"])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
