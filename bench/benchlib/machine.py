# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where and with what the numbers were made."""

import datetime
import os
import platform
import subprocess

_TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def describe():
    """What a reader needs to judge or repeat the numbers."""
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _output("git", "-C", _TOP, "describe", "--always", "--dirty"),
        "processor": f"{_processor()}, {os.cpu_count()} processors",
        "kernel": f"Linux {platform.release()}",
        "system": _system(),
        "upstream": _upstream(),
        "qemu": _output("qemu-system-x86_64", "--version").split("\n")[0],
    }


def _output(*command):
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def _system():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return "unknown"


def _upstream():
    return _output("dpkg-query", "-W", "-f", "${Package} ${Version}", "libxencall1")
