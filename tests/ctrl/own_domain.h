/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A domain for tests that change what must not be changed in the guests which others
 * look at: HVM with all emulated devices, one vCPU that never runs, OWN_PAGES pages of
 * memory from 0 on, and no kernel. It is gone after the test.
 */
#ifndef XENLIBS_TESTS_CTRL_OWN_DOMAIN_H
#define XENLIBS_TESTS_CTRL_OWN_DOMAIN_H

#include "on_xen.h"

enum { OWN_PAGES = 512 };

/* Its number, the same one for the whole test; made at the first call. */
uint32_t own_domain(void);

/* What it is made with. */
struct xen_domctl_createdomain own_config(void);

/* The line in main of a test that has one. */
#define ON_OWN_DOMAIN(name) cmocka_unit_test_teardown(name, destroy_own_domain)
int destroy_own_domain(void **state);

#endif
