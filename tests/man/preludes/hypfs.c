/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the examples in libxenhypfs's pages take for granted. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include <xenhypfs.h>

extern xenhypfs_handle *fshdl;
