/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "running.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <xen/version.h>
#include <xen/xen.h>

#include "operations.h"
#include "transport.h"

#define FAULT_RETRIES 3

/*
 * What is known, packed so that threads that learn it at the same time need no
 * lock: they find the same. 0: nothing yet.
 */
static _Atomic uint64_t known;

#define IS_KNOWN ((uint64_t)1 << 63)
#define NO_ROW 0x7fu

static unsigned row_number(const struct hvabi_release *row)
{
    return row ? (unsigned)(row - xenhvabi_releases) : NO_ROW;
}

static const struct hvabi_release *row_at(uint64_t number)
{
    return number == NO_ROW ? NULL : &xenhvabi_releases[number];
}

static uint64_t pack(const struct hvabi_running *running)
{
    return IS_KNOWN | (uint64_t)row_number(running->domctl) << 56 |
           (uint64_t)row_number(running->sysctl) << 48 |
           (uint64_t)running->point << 32 | running->release;
}

static void unpack(uint64_t packed, struct hvabi_running *running)
{
    running->domctl = row_at(packed >> 56 & 0x7f);
    running->sysctl = row_at(packed >> 48 & 0x7f);
    running->point = (unsigned)(packed >> 32 & 0xffff);
    running->release = (unsigned)packed;
}

/*
 * A request that changes nothing, whatever answers it: Xen looks at the number
 * before it looks at anything else.
 */
static int probe_domctl(xencall_handle *xcall, uint32_t number)
{
    struct hvabi_domctl request = {.cmd = HVABI_DOMCTL_GETDOMAININFO,
                                   .interface_version = number,
                                   .domain = DOMID_INVALID};

    return xenhvabi_send_domctl(xcall, &request);
}

/* No such operation: the security policy answers its own ones with EACCES too. */
static int probe_sysctl(xencall_handle *xcall, uint32_t number)
{
    struct hvabi_sysctl request = {.cmd = UINT32_MAX, .interface_version = number};

    return xenhvabi_send_sysctl(xcall, &request);
}

struct interface {
    int (*probe)(xencall_handle *xcall, uint32_t number);
    size_t number; /* where a row holds it */
};

static const struct interface domctl_interface = {
    probe_domctl, offsetof(struct hvabi_release, domctl)};
static const struct interface sysctl_interface = {
    probe_sysctl, offsetof(struct hvabi_release, sysctl)};

static uint32_t number_in(const struct interface *interface, const struct hvabi_release *row)
{
    uint32_t number;

    memcpy(&number, (const char *)row + interface->number, sizeof(number));
    return number;
}

/* 1: Xen speaks @number; 0: it does not, or refuses everything; -1: no answer. */
static int speaks(xencall_handle *xcall, const struct interface *interface, uint32_t number)
{
    for (int attempt = 0;; attempt++) {
        if (interface->probe(xcall, number) >= 0) {
            return 1;
        }
        switch (errno) {
        case EACCES:
            return 0;
        case ESRCH:
        case EPERM: /* 4.22 says so to the unprivileged where ESRCH stood */
        case ENOSYS:
        case EOPNOTSUPP:
        case EINVAL:
            return 1;
        case EFAULT:
            if (attempt < FAULT_RETRIES) {
                continue;
            }
            break;
        }
        return -1;
    }
}

/* The newest row with another number that Xen speaks; 1 if there is one, else as speaks(). */
static int find_other_row(xencall_handle *xcall, const struct interface *interface,
                          uint32_t tried, const struct hvabi_release **row)
{
    for (unsigned i = xenhvabi_nr_releases; i-- > 0;) {
        uint32_t number = number_in(interface, &xenhvabi_releases[i]);

        if (number == tried) {
            continue;
        }
        int answer = speaks(xcall, interface, number);
        if (answer) {
            *row = &xenhvabi_releases[i];
            return answer;
        }
        tried = number;
    }
    return 0;
}

/*
 * The row whose interface Xen speaks. When it refuses every number and its
 * release is known, then it is not the number that it refuses.
 */
static int find_row(xencall_handle *xcall, const struct interface *interface,
                    unsigned release, const struct hvabi_release **row)
{
    const struct hvabi_release *own = xenhvabi_find_release(release);

    *row = own;
    if (release < HVABI_OLDEST || xenhvabi_nr_releases == 0) {
        return 0;
    }
    if (!own) {
        own = &xenhvabi_releases[xenhvabi_nr_releases - 1];
    }
    uint32_t number = number_in(interface, own);
    int answer = speaks(xcall, interface, number);
    if (answer > 0) {
        *row = own;
    } else if (answer == 0) {
        answer = find_other_row(xcall, interface, number, row);
    }
    return answer < 0 ? -1 : 0;
}

/* "4.21" and ".1-pre" make 4.21.1. */
static unsigned learn_point(xencall_handle *xcall)
{
    unsigned point = HVABI_POINT_UNKNOWN;
    xen_extraversion_t *extra = xencall_buffer_get(xcall, sizeof(*extra));

    if (!extra) {
        return point;
    }
    if (xencall2(xcall, __HYPERVISOR_xen_version, XENVER_extraversion, (uintptr_t)extra) >= 0) {
        const char *text = *extra;

        if (text[0] == '.' && text[1] >= '0' && text[1] <= '9') {
            unsigned tens = text[2] >= '0' && text[2] <= '9';
            point = (unsigned)(text[1] - '0');
            point = tens ? point * 10 + (unsigned)(text[2] - '0') : point;
        }
    }
    xencall_buffer_put(xcall, extra);
    return point;
}

static int learn(xencall_handle *xcall, struct hvabi_running *running)
{
    int version = xencall2(xcall, __HYPERVISOR_xen_version, XENVER_version, 0);

    if (version < 0) {
        return -1;
    }
    running->release = (unsigned)version;
    if (find_row(xcall, &domctl_interface, running->release, &running->domctl) ||
        find_row(xcall, &sysctl_interface, running->release, &running->sysctl)) {
        return -1;
    }
    running->point = learn_point(xcall);
    return 0;
}

int xenhvabi_running(xencall_handle *xcall, struct hvabi_running *running)
{
    uint64_t packed = atomic_load_explicit(&known, memory_order_relaxed);

    if (packed == 0) {
        int keep = errno;

        if (learn(xcall, running)) {
            return -1;
        }
        errno = keep;
        packed = pack(running);
        atomic_store_explicit(&known, packed, memory_order_relaxed);
    }
    unpack(packed, running);
    return 0;
}

int xenhvabi_force_release(unsigned release)
{
    const struct hvabi_release *own = xenhvabi_find_release(release);
    struct hvabi_running forced = {release, 0, own, own};
    uint64_t packed = atomic_load_explicit(&known, memory_order_relaxed);

    if (release != 0 && (!own || (packed && release > (unsigned)packed))) {
        errno = EINVAL;
        return -1;
    }
    atomic_store_explicit(&known, own ? pack(&forced) : 0, memory_order_relaxed);
    return 0;
}
