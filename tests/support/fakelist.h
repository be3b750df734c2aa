/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The domains of a fakerelease: what answers getdomaininfo and getdomaininfolist as
 * that release does, every numeric field with a value of its own.
 */
#ifndef XENLIBS_TESTS_FAKELIST_H
#define XENLIBS_TESTS_FAKELIST_H

#include <stdint.h>

#include "fakerelease.h"

enum { FAKELIST_MAX = 3000 };

/* From now on Xen 4.@minor has these domains, in rising order. */
void fakelist_start(struct fakerelease *xen, unsigned minor, const uint16_t *domids,
                    unsigned count);

/* What is told of @domid under the name that Xen's field has; 0 if the release has no such. */
uint64_t fakelist_value(uint16_t domid, const char *field);
/* The bytes of its handle begin with this, and go on counting. */
static inline uint8_t fakelist_handle(uint16_t domid, unsigned i)
{
    return (uint8_t)(domid + i);
}

/* Of this domain the flags are these; the others' are a value like all. */
void fakelist_set_flags(uint16_t domid, uint32_t flags);

/* How often a list was asked for. */
extern unsigned fakelist_calls;

#endif
