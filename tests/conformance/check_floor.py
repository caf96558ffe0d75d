#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# Runs the conformance cases as one TAP test: it fails when fewer pass than the
# floor, and says when the floor can be raised. The table per category is given as
# comments.
import json
import os
import subprocess
import sys
import tempfile


def main(harness, expected, floor):
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, 'report.json')
        done = subprocess.run([sys.executable, harness, 'check', expected, '--json', report, '--min-pass', str(floor)],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if not os.path.exists(report):
            print('1..1\nnot ok 1 conformance\n# ' + done.stdout.replace('\n', '\n# '))
            return 1
        with open(report, encoding='utf-8') as file:
            facts = json.load(file)
    print('1..1')
    for name, row in facts['categories'].items():
        print('# %s %d/%d' % (name, row['passed'], row['total']))
    passed = facts['passed']
    if passed > floor:
        print('# the floor can rise from %d to %d (tests/script/meson.build)' % (floor, passed))
    print('%s 1 at least %d conformance cases pass (%d do)' % (
        'ok' if done.returncode == 0 else 'not ok', floor, passed))
    return done.returncode


sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
