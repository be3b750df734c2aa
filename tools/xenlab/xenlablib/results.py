# SPDX-License-Identifier: LGPL-2.1-or-later
"""Lays the files that came back from dom0 into the host's directory."""

import os
import shutil
import tarfile

from .errors import LabError


def extract(archive, directory):
    """Writes what is in the tar file ARCHIVE to DIRECTORY, each --get under its base name.

    The archive comes out of the machine, so it is not trusted: only plain files and
    directories are written, and only below DIRECTORY.
    """
    try:
        with tarfile.open(fileobj=archive, mode="r:") as tar:
            tops = []
            for member in tar:
                name = _place(member.name, tops, member.isdir())
                if name:
                    _write(tar, member, os.path.join(directory, name))
    except tarfile.ReadError:
        # Not one file was there to be sent.
        archive.seek(0, os.SEEK_END)
        if archive.tell():
            raise LabError("the files from dom0 came back damaged") from None


def _place(name, tops, is_directory):
    """Where the member NAME goes: its path from the base name of the --get it belongs to."""
    name = name.strip("/")
    for top in tops:
        if name.startswith(top + "/"):
            return _safe(os.path.relpath(name, os.path.dirname(top) or "."))
    if is_directory:
        tops.append(name)
    return _safe(os.path.basename(name))


def _safe(name):
    return "" if name in ("", ".", "..") or name.startswith("../") else name


def _write(tar, member, path):
    if member.isdir():
        os.makedirs(path, exist_ok=True)
    elif member.isfile():
        with tar.extractfile(member) as source, open(path, "wb") as target:
            shutil.copyfileobj(source, target)
            os.fchmod(target.fileno(), member.mode & 0o777 | 0o600)
