# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ours against upstream's: the list of wanted differences, and the comparison.

A line of tests/conformance/differences.txt is
    WHERE | PROGRAM | TEST | KEY | UPSTREAM | OURS | WHY
WHERE is a pattern for RELEASE/PLACE, or several with commas; KEY is what the test
observed, or "result" for how it ended.
"""

import dataclasses
import fnmatch


@dataclasses.dataclass(frozen=True)
class Difference:
    """A place where ours is meant to behave otherwise than upstream's."""

    where: str
    program: str
    test: str
    key: str
    upstream: str
    ours: str
    why: str

    def concerns(self, place, program, test, key):
        """Whether this difference is to be seen there."""
        return ((self.program, self.test, self.key) == (program, test, key)
                and any(fnmatch.fnmatchcase(place, pattern.strip())
                        for pattern in self.where.split(",")))

    def __str__(self):
        return (f"{self.where}: {self.program}/{self.test} {self.key}: upstream {self.upstream}, "
                f"ours {self.ours}")


def parse(lines):
    """The differences of a list; raises ValueError for a line that is not one."""
    differences = []
    for number, line in enumerate(lines, 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        fields = [field.strip() for field in line.split("|")]
        if len(fields) != 7 or not all(fields):
            raise ValueError(f"line {number}: not seven fields: {line}")
        difference = Difference(*fields)
        if difference.upstream == difference.ours:
            raise ValueError(f"line {number}: no difference: {line}")
        differences.append(difference)
    return differences


def outcomes(result):
    """What a test showed, as a dictionary: its end and all that it observed."""
    if result is None:
        return {"result": "missing"}
    return {"result": result.status, **result.observations}


def compare(place, program, test, results, differences):
    """Compares RESULTS, ours and upstream's, of a test.

    Returns the complaints, and the listed differences that were seen.
    """
    ours, upstream = (outcomes(result) for result in results)
    complaints, seen = [], []
    # What a failed or skipped test would have observed is not missed on its own.
    ended_alike = ours["result"] == upstream["result"]
    keys = sorted(ours.keys() | upstream.keys()) if ended_alike else ["result"]
    for key in keys:
        pair = upstream.get(key, "missing"), ours.get(key, "missing")
        listed = [difference for difference in differences
                  if difference.concerns(place, program, test, key)]
        matching = [difference for difference in listed
                    if (difference.upstream, difference.ours) == pair]
        if pair[0] != pair[1] and matching:
            seen += matching
        elif pair[0] != pair[1]:
            complaints.append(f"{key}: upstream {pair[0]}, ours {pair[1]}: not in the list")
        complaints += [f"{key}: listed as upstream {difference.upstream}, ours "
                       f"{difference.ours}, but both give {pair[0]}"
                       for difference in listed if pair[0] == pair[1]]
    return complaints, seen
