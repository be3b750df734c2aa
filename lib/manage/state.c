/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "state.h"

#include <errno.h>
#include <string.h>
#include <xen/version.h>
#include <xen/xen.h>

#include "handle.h"

/* What XEN_DOMCTL_get_domain_state answers; Xen promises to keep it. */
struct get_domain_state {
    uint16_t state;
    uint16_t caps;
    uint32_t pad0;
    uint64_t unique_id;
};
_Static_assert(sizeof(struct get_domain_state) == 16, "as Xen has it");

enum {
    KNOWN_STATES = XENMANAGE_GETDOMSTATE_STATE_EXIST | XENMANAGE_GETDOMSTATE_STATE_SHUTDOWN |
                   XENMANAGE_GETDOMSTATE_STATE_DYING | XENMANAGE_GETDOMSTATE_STATE_DEAD,
    KNOWN_CAPS = XENMANAGE_GETDOMSTATE_CAP_CONTROL | XENMANAGE_GETDOMSTATE_CAP_HARDWARE |
                 XENMANAGE_GETDOMSTATE_CAP_XENSTORE,
};

int xenmanage_xen_tells_states(struct hvabi *abi)
{
    return xenhvabi_has_domctl(abi, HVABI_DOMCTL_GET_DOMAIN_STATE);
}

int xenmanage_ask_xen(struct hvabi *abi, uint16_t domid, struct xenmanage_known_domain *domain)
{
    struct hvabi_payload payload = {{0}};
    struct get_domain_state answer;

    if (xenhvabi_domctl(abi, HVABI_DOMCTL_GET_DOMAIN_STATE, &domid, &payload) < 0)
        return -1;
    memcpy(&answer, payload.bytes, sizeof(answer));
    *domain = (struct xenmanage_known_domain){.domid = domid,
                                        .state = answer.state & KNOWN_STATES,
                                        .caps = answer.caps & KNOWN_CAPS,
                                        .unique_id = answer.unique_id};
    return 0;
}

void xenmanage_store_state(const struct xenmanage_known_domain *domain, unsigned int *state,
                           unsigned int *caps, uint64_t *unique_id)
{
    if (state)
        *state = domain->state;
    if (caps)
        *caps = domain->caps;
    if (unique_id)
        *unique_id = domain->unique_id;
}

/* Asking for Xen's version is allowed to everyone who may make a hypercall at all. */
bool xenmanage_is_restricted(struct hvabi *abi)
{
    return xencall2(abi->xcall, __HYPERVISOR_xen_version, XENVER_version, 0) < 0 && errno == ENOTTY;
}

int xenmanage_failed(struct hvabi *abi)
{
    int saved = errno;

    if (saved != ENOENT && saved != ESRCH && xenmanage_is_restricted(abi))
        saved = EPERM;
    errno = saved;
    return -1;
}

static int get_state(struct hvabi *abi, uint16_t domid, struct xenmanage_known_domain *domain)
{
    int xen_tells = xenmanage_xen_tells_states(abi);

    if (xen_tells < 0)
        return -1;
    return xen_tells ? xenmanage_ask_xen(abi, domid, domain)
                     : xenmanage_list_find(abi, domid, domain);
}

int xenmanage_get_domain_info(xenmanage_handle *hdl, unsigned int domid, unsigned int *state,
                              unsigned int *caps, uint64_t *unique_id)
{
    int saved = errno;
    struct xenmanage_known_domain domain;

    if (!hdl || domid >= DOMID_FIRST_RESERVED) {
        errno = EINVAL;
        return -1;
    }
    if (get_state(&hdl->abi, (uint16_t)domid, &domain))
        return xenmanage_failed(&hdl->abi);
    xenmanage_store_state(&domain, state, caps, unique_id);
    errno = saved;
    return 0;
}

static int compare_locking(xenmanage_handle *hdl, struct xenmanage_known_domain *changed)
{
    int rc;

    pthread_mutex_lock(&hdl->mutex);
    rc = xenmanage_compare(&hdl->polled, &hdl->abi, changed);
    pthread_mutex_unlock(&hdl->mutex);
    return rc;
}

static int next_changed(xenmanage_handle *hdl, struct xenmanage_known_domain *changed)
{
    int xen_notes = xenmanage_xen_tells_states(&hdl->abi);

    if (xen_notes < 0)
        return -1;
    return xen_notes ? xenmanage_ask_xen(&hdl->abi, DOMID_INVALID, changed)
                     : compare_locking(hdl, changed);
}

int xenmanage_poll_changed_domain(xenmanage_handle *hdl, unsigned int *domid,
                                  unsigned int *state, unsigned int *caps,
                                  uint64_t *unique_id)
{
    int saved = errno;
    struct xenmanage_known_domain changed;

    if (!hdl || !domid) {
        errno = EINVAL;
        return -1;
    }
    if (next_changed(hdl, &changed))
        return xenmanage_failed(&hdl->abi);
    *domid = changed.domid;
    xenmanage_store_state(&changed, state, caps, unique_id);
    errno = saved;
    return 0;
}
