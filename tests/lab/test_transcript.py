# SPDX-License-Identifier: LGPL-2.1-or-later
"""How the output of the conformance programs is read."""

import unittest

import transcript

GOOD = """\
@@ start pv ours evtchn
# library /root/conformance/ours/libxenevtchn.so.1
# observe errno EINVAL
# observe text two words
ok 1 - first
ok 2 - second # SKIP no such device
1..2
@@ end 0
"""


def read(text):
    """The runs in a text, and what belongs to none."""
    reader = transcript.Reader()
    runs = [run for run in map(reader.feed, text.splitlines()) if run]
    last = reader.finish()
    return runs + ([last] if last else []), reader.stray


class ReaderTest(unittest.TestCase):
    def test_a_whole_run(self):
        (run,), stray = read(GOOD)
        self.assertEqual(run.key, ("pv", "ours", "evtchn"))
        self.assertEqual((run.planned, run.exit_status), (2, 0))
        self.assertEqual(run.loaded, ["/root/conformance/ours/libxenevtchn.so.1"])
        self.assertEqual(run.results["first"].observations,
                         {"errno": "EINVAL", "text": "two words"})
        self.assertEqual(run.results["second"].status, "skipped")
        self.assertEqual(run.results["second"].reason, "no such device")
        self.assertEqual(stray, [])

    def test_a_failed_test_observes_nothing_and_keeps_its_notes(self):
        (run,), _ = read("@@ start a b c\n# # observe x 1\n# a note\nnot ok 1 - t\n1..1\n@@ end 1\n")
        self.assertEqual(run.results["t"].status, "failed")
        self.assertEqual(run.results["t"].observations, {})
        self.assertIn("# a note", run.results["t"].diagnostics)

    def test_observations_belong_to_the_test_that_follows(self):
        (run,), _ = read("@@ start a b c\n# observe x 1\nok 1 - t\nok 2 - u\n1..2\n@@ end 0\n")
        self.assertEqual(run.results["t"].observations, {"x": "1"})
        self.assertEqual(run.results["u"].observations, {})

    def test_the_agents_libraries_count_as_loaded(self):
        (run,), _ = read("@@ start a b c\n# agent-library g1 /x/libxenevtchn.so.1\nok 1 - t\n"
                         "1..1\n@@ end 0\n")
        self.assertEqual(run.loaded, ["/x/libxenevtchn.so.1"])

    def test_a_program_that_cannot_start_has_no_result_and_no_plan(self):
        (run,), _ = read("@@ start a b c\n./c: no such library\n@@ end 127\n")
        self.assertEqual((run.results, run.planned, run.exit_status), ({}, None, 127))
        self.assertEqual(run.noise, ["./c: no such library"])

    def test_a_stream_that_breaks_off(self):
        runs, _ = read("@@ start a b c\nok 1 - t\n@@ start d e f\n")
        self.assertEqual([run.exit_status for run in runs], [None, None])
        self.assertEqual([run.planned for run in runs], [None, None])

    def test_a_test_that_passes_and_fails_has_failed(self):
        (run,), _ = read("@@ start a b c\nok 1 - t\nnot ok 2 - t\n1..2\n@@ end 1\n")
        self.assertEqual(run.results["t"].status, "failed")

    def test_lines_outside_of_runs_are_kept(self):
        runs, stray = read("hello\n" + GOOD + "@@ done\n")
        self.assertEqual((len(runs), stray), (1, ["hello", "@@ done"]))


if __name__ == "__main__":
    unittest.main()
