# SPDX-License-Identifier: LGPL-2.1-or-later
"""xenlab: boots a real Xen in software emulation and runs commands in it."""
