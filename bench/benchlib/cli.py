# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command line."""

import argparse
import os
import shlex
import sys

from . import budgets, document, figure, host, lab, machine, report
from .errors import BenchError

EXIT_MISSED, EXIT_NOT_MEASURED = 1, 2


def _parser():
    parser = argparse.ArgumentParser(
        prog="bench/run", allow_abbrev=False,
        description="Measures upstream's libraries and ours side by side, and holds ours "
        "against their budgets.",
        epilog="Exit status: 0, every budget is met; 1, one is missed; 2, nothing could be "
        "measured.")
    parser.add_argument("--host", action="store_true", help="only on this machine, without Xen")
    parser.add_argument("--lab", action="store_true", help="only on a real Xen, in xenlab")
    parser.add_argument("--build", metavar="DIR", default="build",
                        help="where the libraries were built (default %(default)s)")
    parser.add_argument("--xen", metavar="VERSION", default="4.17",
                        help="release of Xen for the lab (default %(default)s)")
    parser.add_argument("--xenlab", metavar="FILE", help="the xenlab to use")
    parser.add_argument("--upstream", metavar="DIR",
                        help="upstream's libraries on this machine (default: Debian's)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the results as JSON")
    form.add_argument("--tap", action="store_true", help="print a test for each budget (TAP)")
    parser.add_argument("--svg", metavar="FILE", help="draw the results as a figure")
    parser.add_argument("--write-docs", action="store_true",
                        help="write docs/performance.md and its figure")
    return parser


def main(arguments):
    """Runs the benchmark and returns its exit status."""
    options = _parser().parse_args(arguments)
    try:
        grounds = _measure(options)
        described = machine.describe()
        _print(options, grounds, described)
        if options.svg:
            with open(options.svg, "w", encoding="utf-8") as file:
                file.write(figure.svg(grounds))
        if options.write_docs:
            command = "bench/run " + shlex.join(arguments)
            for path in document.write(grounds, described, command.strip()):
                print(f"wrote {os.path.relpath(path)}", file=sys.stderr)
    except (BenchError, OSError) as error:
        if options.tap:
            print(f"Bail out! {str(error).splitlines()[0]}")
        print(f"bench/run: {error}", file=sys.stderr)
        return EXIT_NOT_MEASURED
    missed = [row for ground in grounds for row in budgets.rows(ground)
              if row.verdict == budgets.MISSED]
    return EXIT_MISSED if missed else 0


def _measure(options):
    both = options.host == options.lab
    grounds = []
    if options.host or both:
        _say(options, "measuring on this machine")
        grounds.append(host.measure(options.build, options.upstream))
    if options.lab or both:
        _say(options, f"measuring on Xen {options.xen}")
        grounds.append(lab.measure(options.build, options.xen, options.xenlab))
    return grounds


def _say(options, words):
    if not options.json and sys.stderr.isatty():
        print(f"bench: {words} …", file=sys.stderr)


def _print(options, grounds, described):
    if options.json:
        print(report.as_json(grounds, described))
    elif options.tap:
        for line in report.text(grounds).splitlines():
            print(f"# {line}".rstrip())
        print(report.tap(grounds))
    else:
        print(report.text(grounds))
