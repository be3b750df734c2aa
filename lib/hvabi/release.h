/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The releases of Xen that this library knows, oldest first: one row each.
 * docs/adding-a-xen-release.md tells how a row is added.
 *
 * The rows are those of x86. On another architecture there are none yet, and
 * every unstable operation answers ENOTSUP.
 */
#ifndef XENHVABI_RELEASE_H
#define XENHVABI_RELEASE_H

#include <stdint.h>

/* As XENVER_version gives it; compares in the order of the releases. */
#define HVABI_RELEASE(major, minor) ((unsigned)(major) << 16 | (unsigned)(minor))
#define HVABI_MAJOR(release) ((release) >> 16)
#define HVABI_MINOR(release) ((release) & 0xffff)

#define HVABI_OLDEST HVABI_RELEASE(4, 14)
#define HVABI_NEWEST (~0u) /* as the last release of something: it is still there */

struct hvabi_release {
    unsigned release;
    uint32_t domctl; /* the interface numbers it insists on */
    uint32_t sysctl;
};

extern const struct hvabi_release xenhvabi_releases[];
extern const unsigned xenhvabi_nr_releases;

/* The row of @release, or NULL. */
const struct hvabi_release *xenhvabi_find_release(unsigned release);

#endif
