#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds bench/run's judgement against results that are made up: a missed budget is seen."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

from benchlib import budgets, report  # noqa: E402
from benchlib.errors import BenchError  # noqa: E402
from benchlib.samples import Ground  # noqa: E402

UPSTREAM = "/usr/lib/libxencall.so.1"
OURS = "/build/lib/libxencall.so.1"


def ground(upstream, ours):
    """A host on which both sides printed the given lines."""
    made = Ground("host", "nowhere")
    made.side["upstream"].take(f"library {UPSTREAM}\n{upstream}")
    made.side["ours"].take(f"library {OURS}\n{ours}")
    return made


def verdict(name, upstream, ours):
    """What is said of one measurement."""
    return next(row.verdict for row in budgets.rows(ground(upstream, ours)) if row.name == name)


def count(name, calls):
    """A line of count-syscalls."""
    total = sum(int(call.split("=")[1]) for call in calls.split())
    return f"count {name} 1 {total} {calls}\n"


def a_budget_is_met_at_its_limit():
    name = "gnttab-map-unmap-1"
    assert verdict(name, count(name, "ioctl=5"), count(name, "ioctl=4")) == budgets.MET


def one_call_too_many_misses_the_budget():
    name = "gnttab-map-unmap-1"
    assert verdict(name, count(name, "ioctl=5"), count(name, "ioctl=5")) == budgets.MISSED


def any_call_misses_a_budget_of_none():
    name = "call-buffer-256k"
    assert verdict(name, count(name, "mmap=1"), count(name, "futex=1")) == budgets.MISSED


def without_a_number_upstream_is_the_budget():
    name = "evtchn-open-close"
    assert verdict(name, count(name, "open=1"), count(name, "open=1")) == budgets.MET
    assert verdict(name, count(name, "open=1"), count(name, "open=2")) == budgets.MISSED


def of_a_log_line_only_writes_count():
    name = "log-line"
    assert verdict(name, count(name, "write=5"), count(name, "getpid=3 write=1")) == budgets.MET
    assert verdict(name, count(name, "write=5"), count(name, "write=1 writev=1")) == budgets.MISSED


def threads_too_slow_miss_the_budget():
    def judge(ours):
        return verdict("call-8-threads", "rate call-8-threads 1000\n",
                       f"rate call-8-threads {ours}\n")
    assert judge(2500) == budgets.MET
    assert judge(2499) == budgets.MISSED


def the_median_decides_not_the_best():
    slow_but_once = "".join(f"rate call-8-threads {rate}\n" for rate in (1000, 1000, 9000))
    assert verdict("call-8-threads", "rate call-8-threads 1000\n", slow_but_once) == budgets.MISSED


def threads_that_never_ran_alone_are_skipped():
    made = ground("", "")
    made.notes.append("too busy")
    assert verdict("call-8-threads", "", "") == budgets.NOT_MEASURED
    assert "# SKIP too busy" in report.tap([made])


def tap_says_not_ok():
    name = "gnttab-map-unmap-1"
    lines = report.tap([ground(count(name, "ioctl=5"), count(name, "ioctl=5"))]).splitlines()
    rates = len(budgets.RATES) + len(budgets.VCHAN_RATES)
    assert lines[0].startswith("not ok 1 - ") and lines[-1] == f"1..{1 + rates}"


def counts_that_vary_are_refused():
    name = "evtchn-notify"
    made = ground("", count(name, "ioctl=1"))
    assert refuses(lambda: made.side["ours"].take(count(name, "ioctl=2")))


def of_counts_beside_a_daemon_the_least_stands():
    name = "store-event"
    made = ground("", count(name, "recv=4"))
    made.side["ours"].take(count(name, "recv=3"))
    made.side["ours"].take(count(name, "recv=5"))
    assert made.side["ours"].counts[name].total == 3


def what_is_counted_over_many_is_judged_for_one():
    name = "store-100-reads"

    def judge(total):
        line = f"count {name} 100 {total} recv={total}\n"
        return verdict(name, line, line)
    assert judge(304) == budgets.MET
    assert judge(310) == budgets.MISSED


def numbers_of_the_wrong_library_are_refused():
    made = ground("", "")
    made.check_libraries(lambda path: path == OURS)
    assert refuses(lambda: made.check_libraries(lambda path: True))
    assert refuses(lambda: made.check_libraries(lambda path: False))
    assert refuses(lambda: Ground("host", "nowhere").check_libraries(lambda path: True))


def refuses(action):
    """True if the action ends with an error of bench/run's."""
    try:
        action()
    except BenchError:
        return True
    return False


TESTS = [a_budget_is_met_at_its_limit, one_call_too_many_misses_the_budget,
         any_call_misses_a_budget_of_none, without_a_number_upstream_is_the_budget,
         of_a_log_line_only_writes_count, threads_too_slow_miss_the_budget,
         the_median_decides_not_the_best, threads_that_never_ran_alone_are_skipped,
         tap_says_not_ok, counts_that_vary_are_refused,
         of_counts_beside_a_daemon_the_least_stands,
         what_is_counted_over_many_is_judged_for_one, numbers_of_the_wrong_library_are_refused]


def main():
    failed = 0
    for number, test in enumerate(TESTS, 1):
        try:
            test()
            outcome = "ok"
        except (AssertionError, StopIteration) as error:
            outcome = "not ok"
            failed += 1
            print(f"# {type(error).__name__} at line {error.__traceback__.tb_next.tb_lineno}")
        print(f"{outcome} {number} - {test.__name__.replace('_', ' ')}")
    print(f"1..{len(TESTS)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
