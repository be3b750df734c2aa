# SPDX-License-Identifier: LGPL-2.1-or-later
"""What goes wrong, in one line."""


class BenchError(Exception):
    """Nothing can be measured; the text says why and what to do."""
