/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the examples in libxentoolcore's pages take for granted. */
#include <err.h>

#include <xentoolcore.h>

extern domid_t domid;
