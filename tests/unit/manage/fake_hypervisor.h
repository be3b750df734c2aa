/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A Xen of any release from 4.13 on, over fakexen, with domains that come, change
 * and go as the test says. It insists on the interface numbers of its release and
 * arranges its answers as that release does; the bytes of each request are kept.
 */
#ifndef XENLIBS_TESTS_FAKE_HYPERVISOR_H
#define XENLIBS_TESTS_FAKE_HYPERVISOR_H

#include "harness.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <xen/xen.h>

#include "fakexen.h"
#include "uapi_privcmd.h"
#include "xenmanage.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define PRIVCMD "/dev/xen/privcmd"
#define HYPERCALL "/dev/xen/hypercall"

#define EXIST XENMANAGE_GETDOMSTATE_STATE_EXIST
#define SHUTDOWN XENMANAGE_GETDOMSTATE_STATE_SHUTDOWN
#define DYING XENMANAGE_GETDOMSTATE_STATE_DYING
#define DEAD XENMANAGE_GETDOMSTATE_STATE_DEAD
#define CONTROL XENMANAGE_GETDOMSTATE_CAP_CONTROL
#define HARDWARE XENMANAGE_GETDOMSTATE_CAP_HARDWARE
#define XENSTORE XENMANAGE_GETDOMSTATE_CAP_XENSTORE

enum { FAKE_MAX_DOMAINS = 512, FAKE_REQUEST_SIZE = 144 };

struct fake_domain {
    uint16_t domid;
    unsigned state; /* EXIST and others; DYING is not told before 4.21 */
    unsigned caps;  /* CONTROL and HARDWARE are not told before 4.21 */
    uint8_t uuid[16];
    uint64_t cpu_time;
    uint64_t unique_id; /* from 4.21 on */
    bool changed;       /* as Xen notes it from 4.21 on */
};

/* The domains, in the order of their domids. */
extern struct fake_domain fake_domains[FAKE_MAX_DOMAINS];
extern unsigned fake_domain_count;

/* The last domctl and sysctl as they were sent, probes for the version included. */
extern uint8_t fake_domctl[FAKE_REQUEST_SIZE], fake_sysctl[FAKE_REQUEST_SIZE];
extern unsigned fake_domctls, fake_sysctls; /* how many */

/* What every domctl and sysctl of the right version is answered, if not 0. */
extern int fake_refusal;
/* Only from the sysctl on that is this many away. */
extern unsigned fake_refusal_after;
/* From 4.21 on: whether this domain has bound VIRQ_DOM_EXC. */
extern bool fake_owns_virq;

/* From 4.21 on: a domain that is listed, and gone when its state is asked for; or -1. */
extern int fake_vanishing;

/* Makes the devices and a Xen 4.@minor with dom0 only; one above 22 for a Xen of the future. */
void fake_start(unsigned minor);
/* The same, and opens a handle that must open. */
xenmanage_handle *fake_open(unsigned minor);

/* A new domain; its UUID is made of @seed. It may be changed as the test likes. */
struct fake_domain *fake_create(uint16_t domid, uint8_t seed);
struct fake_domain *fake_find(uint16_t domid);
void fake_destroy(uint16_t domid);

/* The interface numbers of Xen 4.@minor. */
uint32_t fake_domctl_version(unsigned minor);
uint32_t fake_sysctl_version(unsigned minor);

/* What one call told. */
struct told {
    unsigned domid, state, caps;
    uint64_t unique_id;
};
/* Asserts that the next change is of @domid with @state, and gives it. */
struct told expect_change(xenmanage_handle *hdl, unsigned domid, unsigned state);
/* Asserts that there is none. */
void expect_no_change(xenmanage_handle *hdl);

/* Defines TEST name_4_14 to name_4_22 that call check(minor), and their list. */
#define EACH_OLDER_RELEASE(apply, check) \
    apply(check, 14) apply(check, 15) apply(check, 16) apply(check, 17) apply(check, 18) \
        apply(check, 19) apply(check, 20)
#define EACH_NEWER_RELEASE(apply, check) apply(check, 21) apply(check, 22)
#define RELEASE_TEST(check, minor) TEST(check##_4_##minor) { check(minor); }
#define RELEASE_UNIT_TEST(check, minor) cmocka_unit_test(check##_4_##minor),

#endif
