# SPDX-License-Identifier: MIT
"""Prints test results as TAP: one numbered line each, the plan at the end."""

import sys


class Tap:
    """Collects results; done() prints the plan and gives the exit status."""

    def __init__(self):
        self.n_tests = 0
        self.n_failed = 0

    def check(self, name, problems):
        """One test: passes when the list of problems is empty."""
        self.n_tests += 1
        problems = list(problems)
        for problem in problems:
            print(f"# {problem}")
        print(f"{'not ok' if problems else 'ok'} {self.n_tests} {name}")
        self.n_failed += bool(problems)

    def skip(self, name, reason):
        self.n_tests += 1
        print(f"ok {self.n_tests} {name} # SKIP {reason}")

    def done(self):
        print(f"1..{self.n_tests}")
        sys.stdout.flush()
        return 1 if self.n_failed else 0
