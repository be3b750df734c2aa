/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which Xen is this? Learnt once per process, by asking: XENVER_version gives
 * the release, and one request per interface confirms the number that goes
 * with it. Both are needed: development versions call themselves by the release
 * to come while they speak another number, and one number spans several
 * releases that differ in what they mean.
 */
#ifndef XENHVABI_RUNNING_H
#define XENHVABI_RUNNING_H

#include <stdbool.h>

#include "release.h"
#include "xencall.h"

#define HVABI_POINT_UNKNOWN 0xffff

struct hvabi_running {
    unsigned release; /* what Xen says it is */
    unsigned point;   /* the 1 of 4.21.1, or HVABI_POINT_UNKNOWN */
    /* The rows whose interfaces it speaks; NULL: a number that no row has. */
    const struct hvabi_release *domctl;
    const struct hvabi_release *sysctl;
};

/*
 * Gives what is known of the running Xen, asking it first if need be (up to
 * four hypercalls, and one for each further number that has to be tried).
 * Succeeds as well without privilege, and where Xen's security policy refuses
 * every request: what is refused then is for the operation itself to tell.
 *
 * Return: 0, or -1 with errno of the hypercall that could not be made; then it
 * is asked again next time:
 *   EPERM, ENOTTY   this process may make no hypercalls
 *   ENOSYS          not under Xen
 *   EFAULT, EINTR   see xencall0()
 *   ENOMEM, EAGAIN, EACCES, EINVAL  no buffer, as xencall_buffer_get() says
 * Keeps errno on success. Threads: safe, and takes no lock: after fork too.
 */
int xenhvabi_running(xencall_handle *xcall, struct hvabi_running *running);

/*
 * From now on behaves as on @release, without asking; 0 asks again. For tests:
 * a newer Xen refuses what an older release's interface number announces.
 *
 * Return: 0, or -1 with
 *   EINVAL  @release is in no row, or newer than the one that was learnt
 */
int xenhvabi_force_release(unsigned release);

#endif
