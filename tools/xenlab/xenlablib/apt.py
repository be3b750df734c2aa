# SPDX-License-Identifier: LGPL-2.1-or-later
"""Fetches Debian packages with apt, in a state of its own, with signatures verified."""

import errno
import os
import re
import shutil
import subprocess
import tempfile

from . import child
from .errors import LabError

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

# A suite that has left the mirrors lives on in the archive, without an -updates suite.
_MIRRORS = (
    ("http://deb.debian.org/debian", "http://deb.debian.org/debian-security", True),
    ("http://archive.debian.org/debian", "http://archive.debian.org/debian-security", False),
)


class Suite:
    """One Debian suite with its updates and security fixes."""

    def __init__(self, name, state):
        self.name = name
        self._state = os.path.join(state, name)
        self._updated = False

    def fetch(self, packages, directory):
        """Downloads PACKAGES into DIRECTORY and returns the paths of the files."""
        self.update()
        result = self._run("apt-get", "download", *packages, cwd=directory)
        if result.returncode:
            _check_space(result, directory)
            raise LabError(f"cannot download packages of {self.name}: {_last_line(result)}")
        return sorted(os.path.join(directory, name) for name in os.listdir(directory)
                      if name.endswith(".deb"))

    def dependency(self, package, prefix):
        """The name of the package starting with PREFIX that the metapackage PACKAGE needs."""
        self.update()
        result = self._run("apt-cache", "depends", "--important", package)
        for line in result.stdout.splitlines():
            word = line.split()[-1] if line.split() else ""
            if line.strip().startswith("Depends:") and word.startswith(prefix):
                return word
        raise LabError(f"{self.name} has no package {package}")

    def update(self):
        """Fetches the suite's signed package lists, once."""
        if self._updated:
            return
        _check_host()
        failure = None
        for main, security, has_updates in _MIRRORS:
            self._write_state(main, security, has_updates)
            result = self._run("apt-get", "update", "--error-on=any")
            if not result.returncode:
                self._updated = True
                return
            failure = failure or result
        _check_space(failure, self._state)
        raise LabError(f"cannot reach Debian's {self.name}: {_last_line(failure)}; check the "
                       "network (apt's own proxy settings are used) and run `xenlab fetch` again")

    def _write_state(self, main, security, has_updates):
        for folder in ("lists/partial", "cache/archives/partial"):
            os.makedirs(os.path.join(self._state, folder), exist_ok=True)
        # The lab's packages have nothing to do with those of the host.
        with open(os.path.join(self._state, "status"), "w", encoding="ascii"):
            pass
        trust = f"[arch=amd64 signed-by={KEYRING}]"
        lines = [f"deb {trust} {main} {self.name} main",
                 f"deb {trust} {security} {self.name}-security main"]
        if has_updates:
            lines.append(f"deb {trust} {main} {self.name}-updates main")
        with open(os.path.join(self._state, "sources.list"), "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")

    def _run(self, program, *arguments, cwd=None):
        options = {
            "Dir::Etc::SourceList": f"{self._state}/sources.list",
            "Dir::Etc::SourceParts": "/dev/null",
            "Dir::Etc::Preferences": "/dev/null",
            "Dir::Etc::PreferencesParts": "/dev/null",
            "Dir::State::Lists": f"{self._state}/lists",
            "Dir::State::status": f"{self._state}/status",
            "Dir::Cache": f"{self._state}/cache",
            "APT::Architecture": "amd64",
            "APT::Architectures": "amd64",
            # root's apt would hand downloads to a user who cannot enter this directory.
            "APT::Sandbox::User": "root",
            # The Release file of a suite past its support is signed, but no longer renewed.
            "Acquire::Check-Valid-Until": "false",
            "Acquire::Languages": "none",
            "Acquire::Retries": "2",
        }
        command = [program, "-q"]
        for name, value in options.items():
            command += ["-o", f"{name}={value}"]
        return subprocess.run(command + list(arguments), cwd=cwd, text=True, errors="replace",
                              stdin=subprocess.DEVNULL, capture_output=True, check=False,
                              env=dict(os.environ, LC_ALL="C"), preexec_fn=child.dies_with_us())


def unpack(packages, directory):
    """Unpacks package files into DIRECTORY."""
    for package in packages:
        result = subprocess.run(["dpkg-deb", "-x", package, directory], text=True,
                                stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if result.returncode:
            _check_space(result, directory)
            raise LabError(f"cannot unpack {os.path.basename(package)}: {_last_line(result)}")


def fetch_and_unpack(suite, packages, directory):
    """Downloads PACKAGES of SUITE and unpacks them into DIRECTORY, keeping no package file."""
    with tempfile.TemporaryDirectory(dir=os.path.dirname(directory)) as debs:
        unpack(suite.fetch(packages, debs), directory)


def _check_host():
    for program, package in (("apt-get", "apt"), ("dpkg-deb", "dpkg")):
        if not shutil.which(program):
            raise LabError(f"no {program} on this host: fetching Debian's packages needs "
                           f"the package {package}")
    if not os.path.exists(KEYRING):
        raise LabError(f"no {KEYRING}, without which no signature can be verified: "
                       "`apt-get install debian-archive-keyring`")


def _check_space(result, directory):
    # apt and dpkg say it in several ways, none of which names the directory.
    if re.search("no space left|enough free space", result.stderr, re.IGNORECASE):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), directory)


def _last_line(result):
    lines = [line.strip() for line in result.stderr.splitlines() if line.strip()]
    errors = [line[2:].strip() for line in lines if line.startswith("E:")]
    if errors:
        # apt's last error is a summary; the first one names the cause.
        return errors[0]
    return lines[-1] if lines else f"exit status {result.returncode}"
