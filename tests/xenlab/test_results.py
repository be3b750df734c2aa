# SPDX-License-Identifier: LGPL-2.1-or-later
"""The files that come back from dom0."""

import io
import os
import tarfile

from support import TestCase
from xenlablib import results
from xenlablib.errors import LabError


class Extract(TestCase):
    def extract(self, *members):
        """Extracts an archive of (name, content or None for a directory or type)."""
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as tar:
            for name, content in members:
                info = tarfile.TarInfo(name)
                info.mode = 0o640
                if content is None:
                    info.type = tarfile.DIRTYPE
                elif isinstance(content, str):
                    info.type, info.linkname = tarfile.SYMTYPE, content
                else:
                    info.size = len(content)
                tar.addfile(info, io.BytesIO(content) if isinstance(content, bytes) else None)
        out.seek(0)
        os.makedirs(self.path("out"), exist_ok=True)
        results.extract(out, self.path("out"))

    def found(self):
        found = {}
        for top, folders, names in os.walk(self.directory):
            folders[:] = [name for name in folders if name != "guard"]
            for name in names:
                with open(os.path.join(top, name), "rb") as file:
                    found[os.path.relpath(os.path.join(top, name), self.directory)] = file.read()
        return found

    def test_file_comes_under_its_base_name(self):
        self.extract(("root/deep/result.txt", b"42"))
        self.assertEqual(self.found(), {"out/result.txt": b"42"})

    def test_directory_comes_whole_under_its_base_name(self):
        self.extract(("var/log/xen", None), ("var/log/xen/a", b"1"),
                     ("var/log/xen/console", None), ("var/log/xen/console/b", b"2"))
        self.assertEqual(self.found(), {"out/xen/a": b"1", "out/xen/console/b": b"2"})

    def test_nothing_is_written_outside_the_directory(self):
        for name in ("../evil", "root/..", "/", "a/../../evil"):
            self.extract((name, b"evil"))
        self.extract(("top", None), ("top/../../evil", b"evil"))
        self.assertEqual([name for name in self.found() if not name.startswith("out/")], [])

    def test_links_are_not_written(self):
        self.extract(("root/link", "/etc/passwd"))
        self.assertEqual(os.listdir(self.path("out")), [])

    def test_empty_archive_is_no_error(self):
        os.mkdir(self.path("out"))
        results.extract(io.BytesIO(), self.path("out"))

    def test_damaged_archive_is_reported(self):
        with self.assertRaisesRegex(LabError, "came back damaged"):
            results.extract(io.BytesIO(b"no tar file at all" * 100), self.directory)
