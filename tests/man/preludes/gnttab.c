/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the examples in libxengnttab's pages take for granted. */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xengnttab.h>

extern xengnttab_handle *xgt;
extern xengntshr_handle *xgs;
extern uint32_t domid, count, ref, *refs;
extern int fd;
extern char buffer[4096], *page;
