/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A store in the process, for tests of libraries that use libxenstore: linked into
 * a test program, its functions take the place of the library's. Only those that
 * libxenvchan uses, ours and upstream's. Paths are taken as they come, and "domid"
 * is the domain of whoever opened the handle.
 */
#ifndef XENLIBS_TESTS_FAKESTORE_H
#define XENLIBS_TESTS_FAKESTORE_H

#include <stdint.h>

/* The domain of the handles that this thread opens from now on. */
void fakestore_set_domid(uint32_t domid);

/* Writes, removes, reads as somebody else would; a value is NULL if there is none. */
void fakestore_put(const char *path, const char *value);
void fakestore_remove(const char *path);
const char *fakestore_value(const char *path);
/* The owner's and the first other entry of a node's permissions: "n1r2", or "". */
const char *fakestore_permissions(const char *path);

/* What xs_is_domain_introduced says of all domains (at first: yes), and dom0 hears. */
void fakestore_release_domains(void);

/* The next @times ends of transactions fail with EAGAIN. */
void fakestore_spoil_transactions(int times);
/* Calls after the next @after fail with @errnoval; 0: none. */
void fakestore_fail_after(int after, int errnoval);
/* The connections break: watches fail for good. */
void fakestore_break(void);

/* How many connections were made, and are open. */
unsigned fakestore_connections(void);
unsigned fakestore_open_connections(void);

#endif
