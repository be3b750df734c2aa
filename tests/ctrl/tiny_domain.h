/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An HVM domain of one vCPU without devices, for tests that would disturb a guest. Its
 * vCPU is in 32-bit mode with paging off and runs a few instructions at CODE.
 */
#ifndef XENLIBS_TESTS_CTRL_TINY_DOMAIN_H
#define XENLIBS_TESTS_CTRL_TINY_DOMAIN_H

#include <stddef.h>
#include <stdint.h>

enum {
    TINY_PAGES = 16,         /* frames 0 to 15 */
    TINY_CODE = 0x1000,      /* where the code lies and begins */
    TINY_STACK = 0x4000,     /* its end */
    TINY_DATA = 0x5000,      /* all 0 */
    TINY_RING_FRAME = 0x100, /* for the rings; no page is there */
};

/* Ready to run, paused. One at a time; destroy_tiny_domain() ends it. */
uint32_t tiny_domain(const void *code, size_t size);

/* The same, where altp2m is allowed (from Xen 4.19 on); 0 if there is no such thing here. */
uint32_t tiny_domain_with_altp2m(const void *code, size_t size);

/* The first four bytes of its data, which the code may change. */
uint32_t tiny_domain_data(void);

/* Waits until its code has halted with interrupts off, which ends the domain; or false. */
int tiny_domain_halts(unsigned seconds);

/* A teardown: of the domain, if there is one, and of xc(). */
int destroy_tiny_domain(void **state);

/* A test's line in main. */
#define ON_TINY_DOMAIN(name) cmocka_unit_test_teardown(name, destroy_tiny_domain)

#endif
