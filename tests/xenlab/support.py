# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of xenlab share: the program itself, stand-ins for QEMU and apt, and files."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
PACKAGE = os.path.join(TOP, "tools", "xenlab")
PROGRAM = os.path.join(PACKAGE, "xenlab")
sys.path.insert(0, PACKAGE)

# Runs xenlab with a boot lock of its own: these tests must not wait for real machines.
_OWN_LOCK = """
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv.pop(1))
from xenlablib import cli, lock
lock._BOOT_LOCKS = (sys.argv.pop(1),)
sys.exit(cli.main(sys.argv[1:]))
"""

# pylint: disable=wrong-import-position
from xenlablib import images  # noqa: E402
from xenlablib.cache import Cache  # noqa: E402
from xenlablib.cpio import CpioWriter  # noqa: E402


class Silent:
    """Stands in for Progress and remembers the steps."""

    def __init__(self):
        self.steps = []

    def step(self, text):
        self.steps.append(text)

    def tick(self):
        pass

    clear = stop = tick


class TestCase(unittest.TestCase):
    """A test with a directory of its own and the program at hand."""

    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="xenlab-test-")
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.cache = os.path.join(self.directory, "cache")
        self.bin = os.path.join(self.directory, "bin")
        os.mkdir(self.bin)
        # No test fetches or boots anything real, whatever is wrong with xenlab.
        for name in ("apt-get", "qemu-system-x86_64"):
            self.write(f"guard/{name}", "#!/bin/sh\nexit 99\n", 0o755)

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, content, mode=0o644):
        """Writes a file in the test's directory and returns its path."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        os.chmod(path, mode)
        return path

    def fake_program(self, name, script):
        """Puts a program before all others in the PATH of xenlab."""
        return self.write(f"bin/{name}", script, 0o755)

    def environment(self):
        path = f"{self.bin}:{self.path('guard')}:{os.environ['PATH']}"
        return {**os.environ, "PATH": path, "HOME": self.directory}

    def start(self, *arguments, **options):
        """Starts xenlab and returns its Popen."""
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.PIPE)
        options.setdefault("env", self.environment())
        command = [sys.executable, "-c", _OWN_LOCK, PACKAGE, self.path("boot.lock"), *arguments]
        process = subprocess.Popen(command, text=True, stdin=subprocess.DEVNULL,
                                   cwd=self.directory, **options)
        self.addCleanup(_end, process)
        return process

    def xenlab(self, *arguments, **options):
        """Runs xenlab and returns its exit status, stdout and stderr."""
        process = self.start(*arguments, **options)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def assert_refused(self, arguments, *words, **options):
        """xenlab exits with 125 and one line that holds WORDS."""
        status, out, err = self.xenlab(*arguments, **options)
        self.assertEqual(status, 125, err)
        self.assertEqual(out, "")
        self.assertEqual(err.count("\n"), 1, f"not one line: {err}")
        self.assertTrue(err.startswith("xenlab: "), err)
        for word in words:
            self.assertIn(word, err)

    def fill_cache(self):
        """Fills the cache with entries that are good enough for a QEMU that is not real."""
        cache, silent = Cache(self.cache), Silent()
        cache.get(images.kernel_entry(), _fake_kernels, silent)
        cache.get(images.xen_entry("4.17"), _fake_xen, silent)


def _end(process):
    # Also after a test that failed: nothing of it stays behind.
    process.kill()
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream:
            stream.close()


def _fake_kernels(fresh):
    for name in ("dom0-kernel", "guest-kernel", "guest-bzimage"):
        _put(fresh, name, b"kernel")
    for name in ("dom0-modules.cpio", "guest-modules.cpio"):
        _empty_archive(fresh, name)


def _fake_xen(fresh):
    _put(fresh, "xen.elf", b"\x7fELF")
    _put(fresh, "contents.json", b'{"dom0": [], "guest": [], "upstream": []}')
    os.mkdir(os.path.join(fresh, "lib"))
    _empty_archive(fresh, "dom0.cpio")
    _empty_archive(fresh, "guest.cpio")


def _empty_archive(fresh, name):
    with open(os.path.join(fresh, name), "wb") as out:
        CpioWriter(out).close()


def _put(fresh, name, content):
    with open(os.path.join(fresh, name), "wb") as file:
        file.write(content)


def read_cpio(data):
    """Reads newc archives one after the other: a list of (name, mode, content)."""
    entries, at = [], 0
    while at < len(data):
        if data[at:at + 1] == b"\0":
            at += 1
            continue
        assert data[at:at + 6] == b"070701" and at % 4 == 0, f"no header at {at}"
        fields = [int(data[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in range(13)]
        start = at + 110
        name = data[start:start + fields[11]]
        assert name.endswith(b"\0")
        body = (start + fields[11] + 3) & ~3
        content = data[body:body + fields[6]]
        assert len(content) == fields[6], "the archive is cut off"
        entries.append((os.fsdecode(name[:-1]), fields[1], content))
        at = (body + fields[6] + 3) & ~3
    return entries


def build(directory, name, source, *options):
    """Compiles a C source into an ELF file without libc, and returns its path."""
    path = os.path.join(directory, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    subprocess.run(["gcc", "-nostdlib", "-o", path, "-x", "c", "-", "-x", "none", *options],
                   check=True, input=source, text=True)
    return path
