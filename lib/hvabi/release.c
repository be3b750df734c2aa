/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "release.h"

#include <stddef.h>

const struct hvabi_release xenhvabi_releases[] = {
    /* release                domctl sysctl */
    {HVABI_RELEASE(4, 14), 0x12, 0x13},
    {HVABI_RELEASE(4, 15), 0x13, 0x13},
    {HVABI_RELEASE(4, 16), 0x14, 0x14},
    {HVABI_RELEASE(4, 17), 0x15, 0x15},
    {HVABI_RELEASE(4, 18), 0x16, 0x15},
    {HVABI_RELEASE(4, 19), 0x17, 0x15},
    {HVABI_RELEASE(4, 20), 0x17, 0x15},
    {HVABI_RELEASE(4, 21), 0x17, 0x16},
    {HVABI_RELEASE(4, 22), 0x18, 0x16},
};

#if defined(__x86_64__) || defined(__i386__)
const unsigned xenhvabi_nr_releases = sizeof(xenhvabi_releases) / sizeof(xenhvabi_releases[0]);
#else
const unsigned xenhvabi_nr_releases = 0;
#endif

const struct hvabi_release *xenhvabi_find_release(unsigned release)
{
    for (unsigned i = 0; i < xenhvabi_nr_releases; i++) {
        if (xenhvabi_releases[i].release == release) {
            return &xenhvabi_releases[i];
        }
    }
    return NULL;
}
