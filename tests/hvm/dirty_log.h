/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Xen's log of the pages that a domain has written, as a migration keeps it. By domctl:
 * of the toolstack, not of a device model, but the only way to see what one has logged.
 */
#ifndef XENLIBS_TESTS_DIRTY_LOG_H
#define XENLIBS_TESTS_DIRTY_LOG_H

#include <stdint.h>

#include <xen/xen.h>

enum { DIRTY_LOG_PAGES = 4096, DIRTY_LOG_BYTES = DIRTY_LOG_PAGES / 8 };

/* All return 0, or -1 with errno. */
int dirty_log_start(domid_t domid);
int dirty_log_stop(domid_t domid);

/* What was logged since the last call; a bit for each of the first DIRTY_LOG_PAGES frames. */
int dirty_log_fetch(domid_t domid, void *bitmap);

#endif
