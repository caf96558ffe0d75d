#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Counts the subtests of a meson test run and prints the total.

Reads meson's testlog.json (one JSON object per test program). Every unindented
TAP line of a program's output counts once; a program that failed without saying
which subtest did (a crash, a time-out, a lost plan) counts as one failure. The
last line is `N passed, N failed`; the exit status is 0 only when something ran
and nothing failed. Called by ./dev.
"""

import json
import re
import sys

TAP_LINE = re.compile(r"^(not )?ok\b[^#]*(?:#\s*(SKIP|TODO)\b\s*(.*))?", re.IGNORECASE)
PLAN = re.compile(r"^1\.\.(\d+)")


class Total:
    """Passed, failed and skipped subtests, with the names of the last two."""

    def __init__(self):
        self.passed = 0
        self.failures = []
        self.skips = []

    def add_program(self, test):
        """Adds one line of testlog.json."""
        name, result = test["name"], test["result"]
        planned, seen, failures = None, 0, 0
        for line in (test.get("stdout") or "").splitlines():
            plan = PLAN.match(line)
            if plan:
                planned = int(plan.group(1))
            match = TAP_LINE.match(line)
            if not match:
                continue
            seen += 1
            if match.group(2):
                self.skips.append(f"{name}: {line}")
            elif match.group(1):
                failures += 1
                self.failures.append(f"{name}: {line}")
            else:
                self.passed += 1
        lost = planned is not None and seen < planned
        if (result not in ("OK", "SKIP", "EXPECTEDFAIL") or lost) and failures == 0:
            self.failures.append(f"{name}: {result}" + (f", {seen} of {planned} subtests ran" if lost else ""))
        elif seen == 0 and result == "OK":
            self.passed += 1
        elif seen == 0 and result == "SKIP" and planned == 0:
            self.skips.append(f"{name}: skipped")
        elif seen == 0 and result == "SKIP":
            self.failures.append(f"{name}: ran no test")


def count(lines):
    """Adds up an iterable of testlog.json lines."""
    total = Total()
    for line in lines:
        if line.strip():
            total.add_program(json.loads(line))
    return total


def main(argv):
    try:
        with open(argv[1], encoding="utf-8", errors="replace") as log:
            total = count(log)
    except OSError as error:
        print(f"No test ran: {error}")
        total = Total()
    for skip in total.skips:
        print(f"skipped  {skip}")
    for failure in total.failures:
        print(f"FAILED   {failure}")
    print(f"{total.passed} passed, {len(total.failures)} failed")
    return 0 if total.passed and not total.failures else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
