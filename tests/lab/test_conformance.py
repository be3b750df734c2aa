# SPDX-License-Identifier: LGPL-2.1-or-later
"""The driver's verdicts: nothing passes that did not run, or ran on the wrong libraries."""

import contextlib
import io
import unittest

import conformance
import differences
import suite
from transcript import Result, Run

EXPECTED = {("pv", "ours", "p"): ["t"], ("pv", "upstream", "p"): ["t"]}


def run(which, status="ok", **changes):
    """A good run of program p with its test t."""
    where = {"ours": "/root/conformance/ours/", "upstream": "/opt/upstream/lib/"}[which]
    good = Run("pv", which, "p", results={"t": Result(status)}, planned=1,
               loaded=[where + "libxenevtchn.so.1"], exit_status=0 if status != "failed" else 1)
    for name, value in changes.items():
        setattr(good, name, value)
    return good


def judge(*runs, listed=(), expected=None):
    """The TAP that the runs give."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        tap = conformance.Tap()
        verdict = conformance.Judge(tap, "4.17", expected or EXPECTED, list(listed))
        for each in runs:
            verdict.take(each)
        verdict.finish([])
        tap.end()
    return out.getvalue()


class JudgeTest(unittest.TestCase):
    def assert_fails(self, text, part):
        """Exactly the point that contains PART is not ok."""
        bad = [line for line in text.splitlines() if line.startswith("not ok")]
        self.assertEqual(len(bad), 1, text)
        self.assertIn(part, bad[0])

    def test_two_good_runs(self):
        text = judge(run("ours"), run("upstream"))
        self.assertNotIn("not ok", text)
        self.assertIn("4.17/pv/ours/p t\n", text)
        self.assertIn("4.17/pv/ours as upstream/p t\n", text)

    def test_a_failure_of_ours_fails(self):
        text = judge(run("ours", "failed"), run("upstream", "failed"))
        self.assert_fails(text, "4.17/pv/ours/p t")

    def test_a_failure_of_upstream_alone_is_a_difference(self):
        self.assert_fails(judge(run("ours"), run("upstream", "failed")), "as upstream")

    def test_a_listed_difference_is_reported(self):
        listed = differences.parse(["* | p | t | result | failed | ok | better"])
        text = judge(run("ours"), run("upstream", "failed"), listed=listed)
        self.assertNotIn("not ok", text)
        self.assertIn("listed difference", text)

    def test_a_skip_is_reported_as_one(self):
        text = judge(run("ours", "skipped"), run("upstream", "skipped"))
        self.assertIn("# SKIP", text)
        self.assertNotIn("as upstream", text)

    def test_a_run_that_is_missing_fails(self):
        self.assert_fails(judge(run("ours")), "4.17/pv/upstream/p ran")

    def test_a_run_that_nobody_asked_for_fails(self):
        self.assert_fails(judge(run("ours"), run("upstream"), run("ours", program="q")),
                          "was not expected")

    def test_a_test_that_is_missing_fails(self):
        text = judge(run("ours", results={}, planned=0), expected={("pv", "ours", "p"): ["t"]})
        self.assert_fails(text, "ran all of its 1 tests")

    def test_a_plan_that_does_not_match_fails(self):
        text = judge(run("ours", planned=None), expected={("pv", "ours", "p"): ["t"]})
        self.assert_fails(text, "ran all of its 1 tests")

    def test_an_exit_status_that_does_not_match_fails(self):
        text = judge(run("ours", exit_status=139), expected={("pv", "ours", "p"): ["t"]})
        self.assert_fails(text, "ran all of its 1 tests")

    def test_the_wrong_libraries_fail(self):
        for loaded in ([], ["/usr/lib/libxenevtchn.so.1"]):
            text = judge(run("ours", loaded=loaded), expected={("pv", "ours", "p"): ["t"]})
            self.assert_fails(text, "ran all of its 1 tests")


class PlanTest(unittest.TestCase):
    def test_every_program_has_a_place(self):
        for program in suite.PROGRAMS:
            self.assertTrue(suite.jobs([program]), program)

    def test_additions_do_not_run_on_upstreams_libraries(self):
        for job in suite.jobs(suite.PROGRAMS):
            self.assertFalse(job.program.additions and job.libraries == "upstream")

    def test_programs_of_one_place_share_a_line(self):
        jobs = suite.jobs(suite.PROGRAMS, ["pv"])
        lines = suite.plan(jobs, ["some_test"]).splitlines()
        self.assertEqual(len([line for line in lines if line.startswith("run pv g1 ours ")]), 1)
        self.assertTrue(all(line.endswith(" some_test") for line in lines
                            if line.startswith("run ")))

    def test_only_the_guests_that_are_needed_are_started(self):
        for places, guests in ((["dom0"], ()), (["dom0", "pv-dom0"], ("pv",)),
                               (["pvh"], ("pv", "pvh")), (["*"], ("pv", "pvh"))):
            self.assertEqual(suite.guests_for(suite.jobs(suite.PROGRAMS, places)), guests)

    def test_pairs_have_agents_on_both_sides(self):
        plan = suite.plan(suite.jobs(suite.PROGRAMS, ["pv-pvh"]))
        for line in ("start_agent g1 ours", "start_agent g2 ours", "start_agent g1 upstream"):
            self.assertIn(line, plan)
        self.assertNotIn("start_agent dom0", plan)


if __name__ == "__main__":
    unittest.main()
