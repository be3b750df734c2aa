# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which conformance program runs where, and on whose libraries."""

import dataclasses
import fnmatch
import itertools

GUESTS = ("pv", "pvh")
DOMAINS = {"dom0": "dom0", **{kind: f"g{number}" for number, kind in enumerate(GUESTS, 1)}}
LIBRARIES = ("ours", "upstream")


@dataclasses.dataclass(frozen=True)
class Program:
    """A program of tests/conformance and the places it is for.

    domains: it runs in each of these.
    pairs: it runs in dom0, with agents in each of these pairs of domains.
    additions: it uses what upstream's libraries have not.
    """

    name: str
    domains: tuple = ()
    pairs: tuple = ()
    additions: bool = False


EVERYWHERE = tuple(DOMAINS)
ALL_PAIRS = tuple(itertools.permutations(DOMAINS, 2))
# Agent A is the guest that dom0 looks at; agent B another domain.
GUEST_AND_DOM0 = tuple((kind, "dom0") for kind in GUESTS)
GUEST_AND_GUEST = tuple(itertools.permutations(GUESTS, 2))

PROGRAMS = (
    Program("evtchn", domains=EVERYWHERE),
    Program("gnttab", domains=EVERYWHERE),
    Program("grant_copy", domains=EVERYWHERE),
    Program("evtchn_additions", domains=EVERYWHERE, additions=True),
    Program("privcmd_refused", domains=GUESTS),
    Program("call", domains=("dom0",)),
    Program("call_additions", domains=("dom0",), additions=True),
    Program("hvabi", domains=("dom0",), additions=True),
    Program("store_requests", domains=EVERYWHERE),
    Program("store_watches", domains=EVERYWHERE),
    Program("store_calls", domains=EVERYWHERE),
    Program("pair", pairs=ALL_PAIRS),
    Program("foreignmemory", pairs=GUEST_AND_DOM0),
    Program("restrict", pairs=GUEST_AND_GUEST),
)


@dataclasses.dataclass(frozen=True)
class Job:
    """One program in one place on one set of libraries."""

    place: str
    domains: tuple
    libraries: str
    program: Program

    @property
    def key(self):
        """As transcript.Run.key."""
        return self.place, self.libraries, self.program.name


def jobs(programs, place_patterns=("*",), libraries=LIBRARIES):
    """All jobs of the PROGRAMS in these places, in the order in which they run."""
    found = []
    for which in libraries:
        for place, domains in _places():
            for program in programs:
                wanted = domains[0] in program.domains if len(domains) == 1 else (
                    domains in program.pairs)
                if (wanted and any(fnmatch.fnmatchcase(place, pattern)
                                   for pattern in place_patterns)
                        and not (program.additions and which == "upstream")):
                    found.append(Job(place, domains, which, program))
    return found


def guests_for(wanted):
    """The guests that the jobs need; they are numbered, so those before one are there too."""
    needed = {domain for job in wanted for domain in job.domains} & set(GUESTS)
    return GUESTS[:max((GUESTS.index(guest) + 1 for guest in needed), default=0)]


def _places():
    for domain in DOMAINS:
        yield domain, (domain,)
    for pair in ALL_PAIRS:
        yield "-".join(pair), pair


def plan(wanted, tests=()):
    """The shell script that runs the jobs in dom0."""
    lines = [". /root/conformance/dom0.sh"]
    agents = sorted({(domain, job.libraries) for job in wanted if len(job.domains) == 2
                     for domain in job.domains})
    lines += [f"start_agent {DOMAINS[domain]} {which}" for domain, which in agents]
    for (place, domains, which), group in itertools.groupby(
            wanted, lambda job: (job.place, job.domains, job.libraries)):
        names = " ".join(job.program.name for job in group)
        verb = "run" if len(domains) == 1 else "run_pair"
        where = " ".join(DOMAINS[domain] for domain in domains)
        lines.append(" ".join([f'{verb} {place} {where} {which} "{names}"', *tests]))
    return "\n".join(lines) + "\necho '@@ done'\n"
