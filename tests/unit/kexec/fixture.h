/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each test of libxenkexec starts with: Xen of some release, and what it was asked. */
#ifndef KEXEC_FIXTURE_H
#define KEXEC_FIXTURE_H

#include "harness.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "fakerelease.h"
#include "fakexen.h"
#include "recorded_log.h"
#include "xenkexec.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define EACH_MINOR(minor) for (unsigned minor = 14; minor <= 22; minor++)

/* Hypercalls, and the numbers of what they are asked for. */
enum { MEMORY_OP = 12, KEXEC_OP = 37 };
enum { EXEC = 0, GET_RANGE = 3, LOAD = 4, UNLOAD = 5, STATUS = 6, MACHINE_MEMORY_MAP = 10 };
enum { X86_64 = 62 };

/*
 * What was asked last under each number, and how often anything was, save for which
 * release this is.
 */
struct asked {
    unsigned op;
    unsigned times;
    uint8_t request[64];   /* the first bytes of it */
    uint8_t segments[512]; /* of a load: the first bytes of the list */
};
extern struct asked asked[MACHINE_MEMORY_MAP + 1];
extern unsigned questions;

/*
 * What Xen has: as it tells it, which each load and unload turns over, and as it is.
 */
extern bool is_told[2], is_loaded[2];

/* What answers from now on: changes the request, returns Xen's result. NULL: as Xen would. */
typedef int answer_fn(uint64_t cmd, uint8_t *request);
void answer_with(answer_fn *answer);

/* Becomes Xen 4.@minor, of which nothing is known, and opens a handle that must open. */
struct fakerelease *become(unsigned minor);
xenkexec_handle *start(unsigned minor);

/* Closes it; nothing may be left of it. */
void stop(xenkexec_handle *hdl);

/* Numbers in requests. */
uint64_t number_at(const uint8_t *bytes, size_t size);
void put_number(uint8_t *bytes, uint64_t number, size_t size);

/* What was logged since start(). */
extern struct recorded_log logged;

#endif
