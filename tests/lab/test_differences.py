# SPDX-License-Identifier: LGPL-2.1-or-later
"""The comparison of ours with upstream's, and the list of wanted differences."""

import pathlib
import unittest

import differences
import suite
from transcript import Result

LISTED = differences.parse(["4.1*/pv, */dom0 | p | t | k | EACCES | 0 | better"])
LIST = pathlib.Path(__file__).resolve().parents[1] / "conformance" / "differences.txt"


def compare(ours, upstream, place="4.17/pv", listed=LISTED):
    """Compares two results of test t of program p."""
    return differences.compare(place, "p", "t", (ours, upstream), listed)


def ok(**observations):
    """A result that is good."""
    return Result("ok", observations=observations)


class CompareTest(unittest.TestCase):
    def test_equal_results_are_fine(self):
        self.assertEqual(compare(ok(x="1"), ok(x="1")), ([], []))

    def test_an_unlisted_difference_is_a_complaint(self):
        complaints, seen = compare(ok(x="1"), ok(x="2"))
        self.assertEqual(len(complaints), 1)
        self.assertIn("upstream 2, ours 1", complaints[0])
        self.assertEqual(seen, [])

    def test_a_missing_observation_is_a_complaint(self):
        self.assertEqual(len(compare(ok(x="1"), ok())[0]), 1)
        self.assertEqual(len(compare(ok(), ok(x="1"))[0]), 1)

    def test_a_listed_difference_is_seen(self):
        self.assertEqual(compare(ok(k="0"), ok(k="EACCES")), ([], LISTED))

    def test_a_listed_difference_has_its_direction(self):
        self.assertEqual(len(compare(ok(k="EACCES"), ok(k="0"))[0]), 1)

    def test_a_listed_difference_with_other_values_is_a_complaint(self):
        self.assertEqual(len(compare(ok(k="1"), ok(k="EACCES"))[0]), 1)

    def test_a_listed_difference_that_does_not_occur_is_a_complaint(self):
        complaints, _ = compare(ok(k="0"), ok(k="0"))
        self.assertEqual(len(complaints), 1)
        self.assertIn("both give 0", complaints[0])

    def test_the_list_holds_only_where_it_says(self):
        self.assertEqual(len(compare(ok(k="0"), ok(k="EACCES"), "4.20/pv")[0]), 1)
        self.assertEqual(compare(ok(k="0"), ok(k="EACCES"), "4.20/dom0")[0], [])
        self.assertEqual(compare(ok(k="0"), ok(k="0"), "4.20/pv")[0], [])

    def test_a_different_end_is_a_complaint_unless_listed(self):
        self.assertEqual(len(compare(ok(), Result("failed"))[0]), 1)
        self.assertEqual(len(compare(ok(), None)[0]), 1)
        listed = differences.parse(["* | p | t | result | failed | ok | better"])
        self.assertEqual(compare(ok(x="1"), Result("failed"), listed=listed), ([], listed))


class ListTest(unittest.TestCase):
    def test_comments_and_empty_lines_say_nothing(self):
        self.assertEqual(differences.parse(["# comment", "", "  "]), [])

    def test_bad_lines_are_refused(self):
        for line in ("a | b", "w | p | t | k | 1 | 2 |", "w | p | t | k | 1 | 1 | same"):
            with self.assertRaises(ValueError):
                differences.parse([line])

    def test_the_list_names_programs_that_run_on_both(self):
        both = {program.name for program in suite.PROGRAMS if not program.additions}
        for difference in differences.parse(LIST.read_text("utf-8").splitlines()):
            self.assertIn(difference.program, both)


if __name__ == "__main__":
    unittest.main()
