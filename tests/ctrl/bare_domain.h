/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Domains that have no memory yet and never run, for tests of what gives them memory.
 * They may have BARE_PAGES pages, and are gone after the test.
 */
#ifndef XENLIBS_TESTS_CTRL_BARE_DOMAIN_H
#define XENLIBS_TESTS_CTRL_BARE_DOMAIN_H

#include "on_xen.h"

enum { BARE_PAGES = 4096 };

/* Their numbers; each is made when first asked for. */
uint32_t bare_pv(void);
uint32_t bare_hvm(void);

/* The domain's frames 0 to @count - 1 become memory. */
void give_pages(uint32_t domid, unsigned count);

/* How many pages it has. */
long pages_of(uint32_t domid);

/* The line in main of a test that has any. */
#define ON_BARE_DOMAIN(name) cmocka_unit_test_teardown(name, destroy_bare_domains)
int destroy_bare_domains(void **state);

#endif
