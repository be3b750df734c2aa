/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the examples in libxenmanage's pages take for granted. */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <xenmanage.h>

extern xenmanage_handle *hdl;
extern xenmanage_changes *changes;
extern unsigned int domid;
