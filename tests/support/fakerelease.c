/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fakerelease.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <xen/version.h>
#include <xen/xen.h>

#include "fakelayouts.h"
#include "fakexen.h"
#include "harness.h"
#include "uapi_privcmd.h"

static struct fakerelease xen;

/* ---- hypercalls ---- */

static int policy(void)
{
    if (xen.faults > 0) {
        xen.faults--;
        return -EFAULT;
    }
    return xen.is_policy_refusing ? -EACCES : xen.is_unprivileged ? -EPERM : 0;
}

struct domctl_frame {
    uint32_t cmd, interface_version;
    uint16_t domain, pad[3];
    uint8_t payload[128];
};

struct sysctl_frame {
    uint32_t cmd, interface_version;
    uint8_t payload[128];
};

static int domctl(struct domctl_frame *frame)
{
    bool is_stable = frame->cmd == 90 && xen.minor >= 21;

    xen.domctls++;
    xen.last_domctl_number = frame->interface_version;
    if (frame->interface_version != (is_stable ? 0 : xen.domctl_number))
        return -EACCES;
    int result = policy();
    if (result)
        return result;
    if (xen.on_domctl)
        return xen.on_domctl(frame->cmd, &frame->domain, frame->payload, xen.user);
    return frame->cmd == 5 ? -ESRCH : -ENOSYS;
}

static int sysctl(struct sysctl_frame *frame)
{
    xen.sysctls++;
    if (frame->interface_version != xen.sysctl_number)
        return -EACCES;
    /* A security policy has no name for what does not exist. */
    if (xen.is_policy_refusing && frame->cmd > 1000)
        return -EPERM;
    int result = policy();
    if (result)
        return result;
    return xen.on_sysctl ? xen.on_sysctl(frame->cmd, frame->payload, xen.user) : -ENOSYS;
}

static int xen_version(uint64_t cmd, char *text)
{
    if (cmd == XENVER_extraversion) {
        memset(text, 0, sizeof(xen_extraversion_t));
        strncpy(text, xen.extraversion, sizeof(xen_extraversion_t) - 1);
        return 0;
    }
    if (cmd != XENVER_version)
        return -ENOSYS;
    xen.version_calls++;
    return xen.version_errno ? -xen.version_errno : (int)(xen.major << 16 | xen.minor);
}

static int answer(const struct uapi_privcmd_hypercall *call)
{
    switch (call->op) {
    case __HYPERVISOR_xen_version:
        if (call->arg[0] > XENVER_extraversion && xen.on_hypercall)
            return xen.on_hypercall((unsigned)call->op, call->arg, xen.user);
        return xen_version(call->arg[0], (char *)(uintptr_t)call->arg[1]);
    case __HYPERVISOR_domctl:
        return domctl((struct domctl_frame *)(uintptr_t)call->arg[0]);
    case __HYPERVISOR_sysctl:
        return sysctl((struct sysctl_frame *)(uintptr_t)call->arg[0]);
    default:
        return xen.on_hypercall ? xen.on_hypercall((unsigned)call->op, call->arg, xen.user)
                                : -ENOSYS;
    }
}

static int hypercall(int fd, void *argument, void *user)
{
    int result = answer(argument);

    (void)fd;
    (void)user;
    if (result >= 0)
        return result;
    errno = -result;
    return -1;
}

struct fakerelease *fakerelease_start(unsigned minor)
{
    static bool has_devices;
    static const uint32_t domctls[] = {0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x17, 0x17, 0x18};
    static const uint32_t sysctls[] = {0x13, 0x13, 0x14, 0x15, 0x15, 0x15, 0x15, 0x16, 0x16};
    unsigned known = minor > 22 ? 22 : minor < 14 ? 14 : minor;

    xen = (struct fakerelease){.major = 4,
                               .minor = minor,
                               .extraversion = ".1",
                               .domctl_number = domctls[known - 14],
                               .sysctl_number = sysctls[known - 14]};
    if (!has_devices) {
        fakexen_add_device("/dev/xen/privcmd");
        fakexen_add_device("/dev/xen/hypercall");
    }
    has_devices = true;
    fakexen_on_ioctl(UAPI_PRIVCMD_HYPERCALL, hypercall, NULL);
    return &xen;
}

/* ---- layouts ---- */

static bool is_of(const struct fakelayout *row, unsigned minor, const char *unit,
                  const char *member)
{
    return row->minor == minor && strcmp(row->unit, unit) == 0 &&
           strcmp(row->member, member) == 0;
}

static const struct fakelayout *find(unsigned minor, const char *unit, const char *member,
                                     const char *field)
{
    for (const struct fakelayout *row = fakelayouts; row->unit; row++)
        if (is_of(row, minor, unit, member) && strcmp(row->field, field) == 0)
            return row;
    return NULL;
}

unsigned fakerelease_size(unsigned minor, const char *unit, const char *member)
{
    const struct fakelayout *row = find(minor, unit, member, "");

    if (!row)
        fail_msg("no layout of %s %s in 4.%u", unit, member, minor);
    return row->size;
}

struct fakefield fakerelease_field(unsigned minor, const char *unit, const char *member,
                                   const char *field)
{
    const struct fakelayout *row = find(minor, unit, member, field);

    fakerelease_size(minor, unit, member);
    return row ? (struct fakefield){row->offset, row->size} : (struct fakefield){0, 0};
}

uint64_t fakerelease_value(const char *field, unsigned salt, size_t size)
{
    uint64_t hash = 0xcbf29ce484222325 + salt;

    for (; *field; field++)
        hash = (hash ^ (unsigned char)*field) * 0x100000001b3;
    hash ^= hash >> 29;
    hash |= 1;
    return size < 8 ? hash & (((uint64_t)1 << size * 8) - 1) : hash;
}

void fakerelease_fill(unsigned minor, const char *unit, const char *member, unsigned salt,
                      uint8_t *payload)
{
    memset(payload, 0xaa, fakerelease_size(minor, unit, member));
    for (const struct fakelayout *row = fakelayouts; row->unit; row++)
        if (is_of(row, minor, unit, member) && row->field[0] && row->size <= 8)
            fakerelease_put(payload, (struct fakefield){row->offset, row->size},
                            fakerelease_value(row->field, salt, row->size));
}

uint64_t fakerelease_get(const uint8_t *payload, struct fakefield field)
{
    uint64_t value = 0;

    memcpy(&value, payload + field.offset, field.size);
    return value;
}

void fakerelease_put(uint8_t *payload, struct fakefield field, uint64_t value)
{
    memcpy(payload + field.offset, &value, field.size);
}
