/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Domains and CPU pools of a test's own, to do with as it likes: they have no memory
 * and no kernel, and go when the test ends, however it ends.
 */
#ifndef XENLIBS_TESTS_CTRL_SCRATCH_H
#define XENLIBS_TESTS_CTRL_SCRATCH_H

#include "on_xen.h"

enum scratch_kind { SCRATCH_PV, SCRATCH_PVH };

/* What such a domain is created with: one vCPU and all else as Xen thinks fit. */
struct xc_createdomain scratch_config(enum scratch_kind kind);

/* Creates it; the id, or -1 with errno. */
int scratch_create(uint32_t wanted_domid, struct xc_createdomain config);

/* The same with its vCPU allocated, or the test fails. */
uint32_t scratch_domain(enum scratch_kind kind);

/* Destroys it and waits until it is gone. */
void scratch_destroy(uint32_t domid);

/*
 * A pool with @sched_id and the host's last CPU, which is taken out of Pool-0; the
 * test is skipped if there is only one. Or 0, if this Xen was built without such a
 * scheduler, which is observed under @key.
 */
uint32_t scratch_pool(uint32_t sched_id, const char *key);

/* How a domain stands, or the test fails. */
xc_domaininfo_t info_of(uint32_t domid);

/* A test's line in main, if it makes any of these. */
#define WITH_SCRATCH(name) cmocka_unit_test_setup_teardown(name, end_scratch, end_scratch)
int end_scratch(void **state);

#endif
