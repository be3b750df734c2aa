# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tests that report in TAP. A check returns its complaints; none means it holds."""
import subprocess
import sys
import traceback


class Skip(Exception):
    """Raised by a check that cannot run here; the text says why."""


def _run(check):
    try:
        return list(check()), None
    except Skip as skip:
        return [], str(skip)
    except subprocess.CalledProcessError as error:
        return ['%s failed: %s' % (error.cmd, error.stderr or '')], None
    except Exception:  # one broken check must not hide the others
        return traceback.format_exc().splitlines(), None


def run(checks):
    """Runs (name, function) pairs; returns the exit status."""
    failed = False
    for number, (name, check) in enumerate(checks, start=1):
        complaints, skipped = _run(check)
        for complaint in complaints:
            print('# ' + complaint.replace('\n', '\n# '))
        failed = failed or bool(complaints)
        print('%s %d - %s%s' % ('not ok' if complaints else 'ok', number, name,
                                ' # SKIP ' + skipped if skipped else ''))
        sys.stdout.flush()
    print('1..%d' % len(checks))
    return 1 if failed or not checks else 0
