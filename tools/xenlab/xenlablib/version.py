# SPDX-License-Identifier: LGPL-2.1-or-later
"""The version of xenlab is that of xenlibs, which the top meson.build names."""

import os
import re

_PLACE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def version():
    """The version that installing wrote down; in the source tree, what meson.build says."""
    try:
        with open(os.path.join(_PLACE, "version"), encoding="utf-8") as file:
            return file.readlines()[-1].strip()
    except FileNotFoundError:
        with open(os.path.join(_PLACE, "..", "..", "meson.build"), encoding="utf-8") as file:
            return re.search(r"^ *version: '([^']+)'", file.read(), re.MULTILINE).group(1)
