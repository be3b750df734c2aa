/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each test of hvabi starts with: Xen of some release, and a library's handle on it. */
#ifndef HVABI_FIXTURE_H
#define HVABI_FIXTURE_H

#include "hvabi.h"
#include "fakerelease.h"
#include "recorded_log.h"

/* Every release with a layout, by its minor number; 4.x. */
#define OLDEST_MINOR 14u
#define NEWEST_MINOR 22u
#define EACH_MINOR(minor) \
    for (unsigned minor = OLDEST_MINOR; minor <= NEWEST_MINOR; minor++)

struct fixture {
    struct hvabi abi;
    struct fakerelease *xen;
};

/* Xen 4.@minor starts, and nothing is known of it yet. */
struct fixture *start(unsigned minor);

/* The end: everything is closed. */
void stop(struct fixture *fixture);

/* What was logged since start(): how many lines, and the last one. */
extern struct recorded_log logged;

#endif
