/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake_hypervisor.h"

#include <pthread.h>

enum {
    SIZE_DOMCTL = 144,
    SIZE_SYSCTL = 136,
    GETDOMAININFO = 5,
    GET_DOMAIN_STATE = 90,
    GETDOMAININFOLIST = 6,
    DOMINF_DYING = 1,
    DOMINF_SHUTDOWN = 4,
    DOMINF_RUNNING = 32,
    DOMINF_XS_DOMAIN = 128,
};

struct fake_domain fake_domains[FAKE_MAX_DOMAINS];
unsigned fake_domain_count;
uint8_t fake_domctl[FAKE_REQUEST_SIZE], fake_sysctl[FAKE_REQUEST_SIZE];
unsigned fake_domctls, fake_sysctls;
int fake_refusal;
unsigned fake_refusal_after;
bool fake_owns_virq = true;
int fake_vanishing = -1;

static unsigned running_minor;
static bool gone_unnoticed[DOMID_FIRST_RESERVED]; /* from 4.21 on */

static const struct {
    uint32_t domctl, sysctl;
} versions[] = {
    [13] = {0x12, 0x12}, [14] = {0x12, 0x13}, [15] = {0x13, 0x13}, [16] = {0x14, 0x14},
    [17] = {0x15, 0x15}, [18] = {0x16, 0x15}, [19] = {0x17, 0x15}, [20] = {0x17, 0x15},
    [21] = {0x17, 0x16}, [22] = {0x18, 0x16},
};

static int answer(int errnoval)
{
    errno = errnoval;
    return -1;
}

uint32_t fake_domctl_version(unsigned minor)
{
    return minor < COUNT_OF(versions) ? versions[minor].domctl : 0xff;
}

uint32_t fake_sysctl_version(unsigned minor)
{
    return minor < COUNT_OF(versions) ? versions[minor].sysctl : 0xff;
}

static void put(void *at, uint64_t value, size_t size)
{
    memcpy(at, &value, size);
}

static uint64_t get(const void *at, size_t size)
{
    uint64_t value = 0;

    memcpy(&value, at, size);
    return value;
}

static size_t info_size(void)
{
    return running_minor < 16 ? 104 : 112;
}

static void tell_info(const struct fake_domain *domain, uint8_t *info)
{
    uint64_t flags = DOMINF_RUNNING;

    flags |= domain->state & DEAD ? DOMINF_DYING : 0u;
    flags |= domain->state & SHUTDOWN ? DOMINF_SHUTDOWN : 0u;
    flags |= domain->caps & XENSTORE ? DOMINF_XS_DOMAIN : 0u;
    memset(info, 0xa5, info_size()); /* whatever else is told */
    put(info + 0, domain->domid, 2);
    put(info + 4, flags, 4);
    put(info + 56, domain->cpu_time, 8);
    memcpy(info + 76, domain->uuid, sizeof(domain->uuid));
}

static const struct fake_domain *first_from(uint64_t domid)
{
    for (unsigned i = 0; i < fake_domain_count; i++)
        if (fake_domains[i].domid >= domid)
            return &fake_domains[i];
    return NULL;
}

/* Up to 4.17 the first domain from that domid on, and that is said in @request. */
static int getdomaininfo(uint8_t *request)
{
    uint64_t domid = get(request + 8, 2);
    const struct fake_domain *domain = first_from(domid);

    if (!domain || (running_minor >= 18 && domain->domid != domid))
        return answer(ESRCH);
    put(request + 8, domain->domid, 2);
    tell_info(domain, request + 16);
    return 0;
}

static void tell_state(struct fake_domain *domain, uint8_t *request)
{
    put(request + 8, domain->domid, 2);
    put(request + 16, domain->state, 2);
    put(request + 18, domain->caps, 2);
    put(request + 24, domain->unique_id, 8);
}

/* A domain that is gone leaves the request as it is, but for the domid. */
static int next_changed(uint8_t *request)
{
    if (!fake_owns_virq)
        return answer(EACCES);
    for (uint16_t domid = 0; domid < DOMID_FIRST_RESERVED; domid++) {
        struct fake_domain *domain = fake_find(domid);

        if (domain ? domain->changed : gone_unnoticed[domid]) {
            put(request + 8, domid, 2);
            if (domain)
                tell_state(domain, request);
            if (domain)
                domain->changed = false;
            gone_unnoticed[domid] = false;
            return 0;
        }
    }
    return answer(ENOENT);
}

static int get_domain_state(uint8_t *request)
{
    uint64_t domid = get(request + 8, 2);
    struct fake_domain *domain;

    if (get(request + 20, 4))
        return answer(EINVAL);
    if (domid == DOMID_INVALID)
        return next_changed(request);
    domain = fake_find((uint16_t)domid);
    if (!domain || (int)domid == fake_vanishing)
        return answer(ESRCH);
    tell_state(domain, request);
    return 0;
}

static int domctl(uint8_t *request)
{
    uint64_t cmd = get(request, 4), version = get(request + 4, 4);
    bool stable = cmd == GET_DOMAIN_STATE && running_minor >= 21;

    memcpy(fake_domctl, request, SIZE_DOMCTL);
    fake_domctls++;
    if (version != (stable ? 0 : fake_domctl_version(running_minor)))
        return answer(EACCES);
    if (fake_refusal && !fake_refusal_after)
        return answer(fake_refusal);
    return stable ? get_domain_state(request)
                  : cmd == GETDOMAININFO ? getdomaininfo(request) : answer(ENOSYS);
}

static int getdomaininfolist(uint8_t *request)
{
    uint64_t first = get(request + 8, 2), max = get(request + 12, 4), count = 0;
    uint8_t *infos = (uint8_t *)(uintptr_t)get(request + 16, 8);

    for (unsigned i = 0; i < fake_domain_count && count < max; i++)
        if (fake_domains[i].domid >= first)
            tell_info(&fake_domains[i], infos + count++ * info_size());
    put(request + 24, count, 4);
    return 0;
}

static int sysctl(uint8_t *request)
{
    memcpy(fake_sysctl, request, SIZE_SYSCTL);
    fake_sysctls++;
    if (get(request + 4, 4) != fake_sysctl_version(running_minor))
        return answer(EACCES);
    if (get(request, 4) != GETDOMAININFOLIST)
        return answer(ENOSYS);
    if (fake_refusal && !fake_refusal_after)
        return answer(fake_refusal);
    fake_refusal_after -= fake_refusal_after ? 1 : 0;
    return getdomaininfolist(request);
}

static int answer_hypercall(const struct uapi_privcmd_hypercall *call)
{
    switch (call->op) {
    case __HYPERVISOR_xen_version:
        return call->arg[0] ? answer(ENOSYS) : (int)(4u << 16 | running_minor);
    case __HYPERVISOR_domctl:
        return domctl((uint8_t *)(uintptr_t)call->arg[0]);
    case __HYPERVISOR_sysctl:
        return sysctl((uint8_t *)(uintptr_t)call->arg[0]);
    default:
        return answer(ENOSYS);
    }
}

/* One at a time, as for threads that share a handle. */
static int hypercall(int fd, void *argument, void *user)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    int rc;

    (void)fd;
    (void)user;
    pthread_mutex_lock(&mutex);
    rc = answer_hypercall(argument);
    pthread_mutex_unlock(&mutex);
    return rc;
}

void fake_start(unsigned minor)
{
    running_minor = minor;
    fakexen_add_device(PRIVCMD);
    fakexen_add_device(HYPERCALL);
    fakexen_on_ioctl(UAPI_PRIVCMD_HYPERCALL, hypercall, NULL);
    fake_create(0, 0)->caps = CONTROL | HARDWARE;
}

xenmanage_handle *fake_open(unsigned minor)
{
    xenmanage_handle *hdl;

    fake_start(minor);
    hdl = xenmanage_open(NULL, 0);
    assert_non_null(hdl);
    return hdl;
}

struct fake_domain *fake_find(uint16_t domid)
{
    for (unsigned i = 0; i < fake_domain_count; i++)
        if (fake_domains[i].domid == domid)
            return &fake_domains[i];
    return NULL;
}

struct fake_domain *fake_create(uint16_t domid, uint8_t seed)
{
    static uint64_t next_unique_id = 0x1234567800000001;
    unsigned at = 0;

    assert_true(fake_domain_count < FAKE_MAX_DOMAINS && !fake_find(domid));
    while (at < fake_domain_count && fake_domains[at].domid < domid)
        at++;
    memmove(&fake_domains[at + 1], &fake_domains[at],
            (fake_domain_count++ - at) * sizeof(fake_domains[0]));
    fake_domains[at] = (struct fake_domain){.domid = domid, .state = EXIST, .changed = true,
                                            .unique_id = next_unique_id++};
    memset(fake_domains[at].uuid, seed, sizeof(fake_domains[at].uuid));
    return &fake_domains[at];
}

void fake_destroy(uint16_t domid)
{
    struct fake_domain *domain = fake_find(domid);

    assert_non_null(domain);
    gone_unnoticed[domid] = true;
    fake_domain_count--;
    memmove(domain, domain + 1,
            (size_t)(fake_domains + fake_domain_count - domain) * sizeof(*domain));
}

struct told expect_change(xenmanage_handle *hdl, unsigned domid, unsigned state)
{
    struct told told;

    assert_int_equal(xenmanage_poll_changed_domain(hdl, &told.domid, &told.state, &told.caps,
                                                   &told.unique_id), 0);
    assert_int_equal(told.domid, domid);
    assert_int_equal(told.state, state);
    return told;
}

void expect_no_change(xenmanage_handle *hdl)
{
    unsigned domid = 77, state = 77, caps = 77;
    uint64_t unique_id = 77;

    assert_fails_with(xenmanage_poll_changed_domain(hdl, &domid, &state, &caps, &unique_id),
                      -1, ENOENT);
    assert_true(domid == 77 && state == 77 && caps == 77 && unique_id == 77);
}
