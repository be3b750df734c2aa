/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Domains and CPU pools of a test's own, to do with as it likes: they have no memory
 * and no kernel, and go when the test ends, however it ends.
 */
#ifndef XENLIBS_TESTS_CTRL_OWN_H
#define XENLIBS_TESTS_CTRL_OWN_H

#include "on_xen.h"

enum own_kind { OWN_PV, OWN_PVH };

/* What such a domain is created with: one vCPU and all else as Xen thinks fit. */
struct xc_createdomain own_config(enum own_kind kind);

/* Creates it; the id, or -1 with errno. */
int own_create(uint32_t wanted_domid, struct xc_createdomain config);

/* The same with its vCPU allocated, or the test fails. */
uint32_t own_domain(enum own_kind kind);

/* Destroys it and waits until it is gone. */
void own_destroy(uint32_t domid);

/*
 * A pool with @sched_id and the host's last CPU, which is taken out of Pool-0; the
 * test is skipped if there is only one. Or 0, if this Xen was built without such a
 * scheduler, which is observed under @key.
 */
uint32_t own_pool(uint32_t sched_id, const char *key);

/* How a domain stands, or the test fails. */
xc_domaininfo_t info_of(uint32_t domid);

/* A test's line in main, if it makes any of these. */
#define WITH_OWN(name) cmocka_unit_test_setup_teardown(name, end_own, end_own)
int end_own(void **state);

#endif
