/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fakelist.h"

#include "harness.h"

#include <errno.h>
#include <string.h>

enum { GETDOMAININFO = 5, GETDOMAININFOLIST = 6, NOBODY = -1 };

unsigned fakelist_calls;

static unsigned xen_minor;
static uint16_t domids[FAKELIST_MAX];
static unsigned nr_domains;
static int flagged;
static uint32_t flags;

static struct fakefield field_of(const char *name)
{
    return fakerelease_field(xen_minor, "xen_domctl", "getdomaininfo", name);
}

static void write_domain(uint16_t domid, uint8_t *bytes)
{
    fakerelease_fill(xen_minor, "xen_domctl", "getdomaininfo", domid, bytes);
    fakerelease_put(bytes, field_of("domain"), domid);
    if (domid == flagged)
        fakerelease_put(bytes, field_of("flags"), flags);
    for (unsigned i = 0; i < 16; i++)
        bytes[76 + i] = fakelist_handle(domid, i);
}

/* Until 4.17: the first domain at or above *domid. Since: exactly that one. */
static int getdomaininfo(unsigned cmd, uint16_t *domid, uint8_t *payload, void *user)
{
    (void)user;
    assert_int_equal(cmd, GETDOMAININFO);
    for (unsigned i = 0; i < nr_domains; i++) {
        if (domids[i] == *domid || (xen_minor < 18 && domids[i] > *domid)) {
            write_domain(domids[i], payload);
            *domid = domids[i];
            return 0;
        }
    }
    return -ESRCH;
}

static int getdomaininfolist(unsigned cmd, uint8_t *payload, void *user)
{
    unsigned size = fakerelease_size(xen_minor, "xen_domctl", "getdomaininfo");
    struct fakefield first = {0, 2}, max = {4, 4}, buffer = {8, 8}, num = {16, 4};
    uint8_t *bytes = (uint8_t *)(uintptr_t)fakerelease_get(payload, buffer);
    unsigned count = 0;

    (void)user;
    if (cmd > 1000)
        return -ENOSYS;
    assert_int_equal(cmd, GETDOMAININFOLIST);
    fakelist_calls++;
    for (unsigned i = 0; i < nr_domains && count < fakerelease_get(payload, max); i++)
        if (domids[i] >= fakerelease_get(payload, first))
            write_domain(domids[i], bytes + size * count++);
    fakerelease_put(payload, num, count);
    return 0;
}

void fakelist_start(struct fakerelease *xen, unsigned minor, const uint16_t *ids, unsigned count)
{
    xen_minor = minor;
    memcpy(domids, ids, count * sizeof(*ids));
    nr_domains = count;
    flagged = NOBODY;
    fakelist_calls = 0;
    xen->on_domctl = getdomaininfo;
    xen->on_sysctl = getdomaininfolist;
}

void fakelist_set_flags(uint16_t domid, uint32_t value)
{
    flagged = domid;
    flags = value;
}

uint64_t fakelist_value(uint16_t domid, const char *name)
{
    struct fakefield field = field_of(name);

    return field.size ? fakerelease_value(name, domid, field.size) : 0;
}
