/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A part of the store that the conformance programs may write to, in any domain. */
#ifndef XENLIBS_CONFORMANCE_STORE_PLACE_H
#define XENLIBS_CONFORMANCE_STORE_PLACE_H

#include <stdbool.h>
#include <xenstore.h>

enum { PLACE_PATH_BYTES = 512 };

/*
 * An empty folder: in dom0 one of the root's, in a guest one in its own data. It is
 * removed again by leave_place, which closes the handle too.
 */
struct xs_handle *enter_place(void);
void leave_place(struct xs_handle *xsh);

/* The path of @name in that folder; good until the eighth call from now. "": the folder. */
const char *at(const char *name);

/* @path without what differs from domain to domain: what is before the folder's name. */
const char *shown(const char *path);

/* oxenstored leaves a request unanswered that it does not know: skips the test there. */
void skip_beside_oxenstored(struct xs_handle *xsh);

/* "ok", or the name of errno. */
const char *said(bool worked);

/* "there", or the name of errno; frees @result. */
const char *said_of(void *result);

#endif
