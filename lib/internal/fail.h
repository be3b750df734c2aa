/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef XENLIBS_FAIL_H
#define XENLIBS_FAIL_H

#include <errno.h>

/* Fails as every function does that returns an int. */
static inline int xenlibs_fail(int errnoval)
{
    errno = errnoval;
    return -1;
}

#endif
