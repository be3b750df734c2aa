# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the conformance programs printed, read line by line.

The stream holds runs of programs; tests/lab/dom0.sh says how they are marked.
"""

import dataclasses
import re

_POINT = re.compile(r"^(not ok|ok) \d+ - (\S+)(?: # SKIP (.*))?$")
_PLAN = re.compile(r"^1\.\.(\d+)$")


@dataclasses.dataclass
class Result:
    """One test: "ok", "failed", or "skipped" with a reason."""

    status: str
    reason: str = ""
    observations: dict = dataclasses.field(default_factory=dict)
    diagnostics: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Run:
    """One program in one place on one set of libraries."""

    place: str
    libraries: str
    program: str
    results: dict = dataclasses.field(default_factory=dict)
    loaded: list = dataclasses.field(default_factory=list)
    planned: int = None
    exit_status: int = None
    noise: list = dataclasses.field(default_factory=list)

    @property
    def key(self):
        """What names the run."""
        return self.place, self.libraries, self.program


class Reader:
    """Takes lines; gives a Run at each "@@ end"."""

    def __init__(self):
        self._run = None
        self._comments = []
        self.stray = []

    def feed(self, line):
        """Takes one line without its newline; returns the Run it completes, or None."""
        if line.startswith("@@ start "):
            unfinished, self._run = self._run, Run(*line.split()[2:5])
            self._comments = []
            return unfinished
        if self._run is None:
            if line.strip():
                self.stray.append(line)
            return None
        if line.startswith("@@ end "):
            run, self._run = self._run, None
            run.exit_status = int(line.split()[2])
            run.noise += self._comments
            return run
        self._take(line)
        return None

    def finish(self):
        """The Run that the stream broke off in, or None."""
        run, self._run = self._run, None
        if run:
            run.noise += self._comments
        return run

    def _take(self, line):
        point, plan = _POINT.match(line), _PLAN.match(line)
        if point:
            self._take_result(*point.groups())
        elif plan:
            self._run.planned = int(plan.group(1))
        elif line.startswith("# library "):
            self._run.loaded.append(line.split(None, 2)[2])
        else:
            self._comments.append(line)

    def _take_result(self, verdict, name, reason):
        status = "failed" if verdict == "not ok" else "ok" if reason is None else "skipped"
        result = Result(status, reason or "")
        for line in self._comments:
            words = line.split(" ", 3)
            if words[:2] == ["#", "observe"] and len(words) == 4:
                result.observations[words[2]] = words[3]
            elif words[:2] == ["#", "agent-library"] and len(words) == 4:
                self._run.loaded.append(words[3])
            elif words[:3] == ["#", "#", "agent-library"]:
                continue
            elif line.strip():
                result.diagnostics.append(line)
        self._comments = []
        # Of two results with one name the worse counts; the plan check tells of the rest.
        if name not in self._run.results or status == "failed":
            self._run.results[name] = result
