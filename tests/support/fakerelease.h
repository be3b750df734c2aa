/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Stands in for Xen of some release behind /dev/xen/privcmd: it says which
 * release it is, insists on that release's interface numbers, and passes the
 * rest on to the test. The layouts are those of tests/data/layouts, so nothing
 * that the libraries believe is taken for granted here.
 */
#ifndef XENLIBS_TESTS_FAKERELEASE_H
#define XENLIBS_TESTS_FAKERELEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What answers a domctl or sysctl whose interface number is right, and what
 * answers any other hypercall (@request is then its arguments; of xen_version all
 * but the release's numbers). Changes @request as Xen would; returns Xen's result:
 * negative errno, 0 or more.
 */
typedef int fakerelease_domctl_fn(unsigned cmd, uint16_t *domid, uint8_t *payload, void *user);
typedef int fakerelease_sysctl_fn(unsigned cmd, uint8_t *payload, void *user);
typedef int fakerelease_hypercall_fn(unsigned op, const uint64_t *arguments, void *user);

struct fakerelease {
    unsigned major, minor;
    const char *extraversion;
    uint32_t domctl_number, sysctl_number;
    bool is_policy_refusing; /* XSM: EACCES for everything but a wrong number's EACCES */
    bool is_unprivileged;    /* EPERM for everything */
    int version_errno;       /* XENVER_version fails with it */
    int faults;              /* so many domctls and sysctls fail with EFAULT first */
    fakerelease_domctl_fn *on_domctl; /* NULL: ESRCH for getdomaininfo, else ENOSYS */
    fakerelease_sysctl_fn *on_sysctl; /* NULL: ENOSYS */
    fakerelease_hypercall_fn *on_hypercall; /* NULL: ENOSYS */
    void *user;
    unsigned version_calls, domctls, sysctls; /* counted, wrong numbers too */
    uint32_t last_domctl_number;
};

/* Becomes Xen 4.@minor; returns what the test may then change. */
struct fakerelease *fakerelease_start(unsigned minor);

/* Where a field lies; fails the test if there is no such operation, 0 size if no such field. */
struct fakefield {
    unsigned offset, size;
};
struct fakefield fakerelease_field(unsigned minor, const char *unit, const char *member,
                                   const char *field);

/* The size of an operation's payload. */
unsigned fakerelease_size(unsigned minor, const char *unit, const char *member);

/* A value to recognise a field by: never 0, fits into @size bytes. */
uint64_t fakerelease_value(const char *field, unsigned salt, size_t size);

/* Write such values into all numeric fields of a payload, and rubbish between them. */
void fakerelease_fill(unsigned minor, const char *unit, const char *member, unsigned salt,
                      uint8_t *payload);

/* Little-endian numbers in Xen's bytes. */
uint64_t fakerelease_get(const uint8_t *payload, struct fakefield field);
void fakerelease_put(uint8_t *payload, struct fakefield field, uint64_t value);

#endif
