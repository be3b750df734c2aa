#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A test that cannot run here, and why. usage: skip.sh REASON
echo "1..0 # SKIP $1"
