# SPDX-License-Identifier: LGPL-2.1-or-later
"""docs/compatibility.md says what the runs said."""

import importlib.machinery
import importlib.util
import json
import pathlib
import tempfile
import unittest

_PATH = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "write-compatibility"


def _load():
    loader = importlib.machinery.SourceFileLoader("write_compatibility", str(_PATH))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


writer = _load()

FOREIGN = """\
# the tools of 4.14 on our libraries on Xen 4.20
# upstream: xl list: fails: libxl_list_domain failed.
# upstream: xl console: fails
ok 1 - xenstored runs on our libraries
ok 2 - xl list
not ok 3 - xl console
# what it said
ok 4 - xl sysrq # SKIP 4.14's has none
1..4
""".splitlines()

OWN = """\
ok 1 - xl runs on our libraries
ok 2 - xl list
ok 3 - libxenctrl, domain: one_is_made
ok 4 - libxenctrl, psr: cat_is_set # SKIP no CAT here
not ok 5 - libxenctrl, psr: cat_is_told
ok 6 - libxenmanage, host: cpus_are_listed
ok 7 - collectd tells of CPUs that rest
ok 8 - collectd runs on our libraries
# upstream: xl list: works
1..8
""".splitlines()

HVM = ["ok 1 - root: the guest answers", "ok 2 - the guest is saved"]


def _document(log):
    return list(writer.document(log, "2026-11-22"))


def _row(lines, name):
    """The cells of the only row of that name."""
    found = [line for line in lines if line.startswith(f"| {name} |")]
    assert len(found) == 1, found
    return [cell.strip() for cell in found[0].strip("|").split("|")][1:]


class Document(unittest.TestCase):
    def setUp(self):
        self.lines = _document({"cells-4.14-on-4.20": FOREIGN, "cells-4.17-on-4.17": OWN,
                                "hvm-4.20-on-4.14": HVM,
                                "journey": ["ok 1 - g1 sets out", "not ok 2 - g1 arrives"]})

    def test_each_cell_counts_commands_of_both(self):
        self.assertEqual(_row(self.lines, "Debian 11's user space (4.14)"),
                         ["–", "–", "ours 1 of 3, upstream's 0 of 2"])
        self.assertEqual(_row(self.lines, "Debian 12's user space (4.17)"),
                         ["–", "ours 1 of 1, upstream's 1 of 1", "–"])

    def test_hvm_is_counted_where_it_ran(self):
        self.assertEqual(_row(self.lines, "HVM guests, Debian 13's xl and QEMU (4.20)"),
                         ["ours 2 of 2", "–", "–"])
        self.assertEqual(_row(self.lines, "the guest is saved"),
                         ["–", "–", "–", "works", "–", "–"])

    def test_the_journey_is_counted(self):
        self.assertTrue(any("1 of 2 steps work" in line for line in self.lines))
        self.assertEqual(_row(self.lines, "g1 arrives"), ["**fails**"])

    def test_a_failure_is_shown_as_one(self):
        self.assertEqual(_row(self.lines, "xl console"),
                         ["–"] * 4 + ["**fails**", "fails"])

    def test_what_was_skipped_is_not_shown_as_working(self):
        self.assertEqual(_row(self.lines, "xl sysrq"), ["–"] * 4 + ["not run", "–"])
        self.assertIn("- 4.14's has none (Xen 4.20)", self.lines)

    def test_upstreams_words_are_kept_once(self):
        self.assertIn("- `libxl_list_domain failed.` (Xen 4.20)", self.lines)
        said = ["# upstream: xl pause: fails: libxl: error: libxl_domain.c:3:libxl_x: Denied",
                "# upstream: xl list: fails: Denied"]
        lines = _document({"cells-4.14-on-4.17": said, "cells-4.14-on-4.20": said})
        self.assertEqual([line for line in lines if "Denied" in line],
                         ["- `Denied` (Xen 4.17, 4.20)"])

    def test_tests_of_libraries_are_counted_by_topic_and_failures_named(self):
        self.assertEqual(_row(self.lines, "libxenctrl, domain"), ["–", "1 of 1", "–"])
        self.assertEqual(_row(self.lines, "libxenctrl, psr"), ["–", "0 of 2", "–"])
        self.assertEqual(_row(self.lines, "libxenmanage, host"), ["–", "1 of 1", "–"])
        self.assertIn("- Xen 4.17, libxenctrl, psr: cat is set: not run, no CAT here", self.lines)
        self.assertIn("- Xen 4.17, libxenctrl, psr: cat is told: **fails**", self.lines)

    def test_collectd_is_no_command_of_a_cell(self):
        self.assertEqual(_row(self.lines, "collectd tells of CPUs that rest"),
                         ["–", "works", "–"])
        self.assertEqual(_row(self.lines, "collectd runs on our libraries"),
                         ["–", "works", "–"])

    def test_programs_on_our_libraries_are_counted(self):
        rows = [line for line in self.lines if line.startswith("| programs seen to run")]
        self.assertEqual(len(rows), 3)
        self.assertIn("1 of 1", rows[0])
        self.assertIn("1 of 1", rows[1])

    def test_nothing_that_did_not_run_works(self):
        self.assertFalse(any("| works" in line for line in _document({})))


class Log(unittest.TestCase):
    def test_tests_are_found_by_their_own_name(self):
        with tempfile.TemporaryDirectory() as folder:
            logs = pathlib.Path(folder) / "meson-logs"
            logs.mkdir()
            test = {"name": "xenlibs:every-xen / cells-4.14-on-4.20", "stdout": "ok 1 - xl list\n"}
            (logs / "testlog.json").write_text(json.dumps(test) + "\n", encoding="utf-8")
            self.assertEqual(writer.read_log(pathlib.Path(folder)),
                             {"cells-4.14-on-4.20": ["ok 1 - xl list"]})
