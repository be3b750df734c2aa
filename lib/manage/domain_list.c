/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain_list.h"

#include <errno.h>
#include <stdlib.h>

#include "domain_info.h"
#include "state.h"
#include "xenmanage.h"

/* XEN_DOMINF_*, the same on every release. */
enum { DOMINF_DYING = 1 << 0, DOMINF_SHUTDOWN = 1 << 2, DOMINF_XS_DOMAIN = 1 << 7 };

/* So many are asked for at once: little enough for the stack of a thread. */
enum { DOMAINS_A_CALL = 32 };

/* FNV-1a: never by design the same for two domids, and never 0 as for a domain that is gone. */
static uint64_t make_unique_id(const struct hvabi_domain_info *info)
{
    uint64_t hash = 0xcbf29ce484222325;

    for (size_t i = 0; i < sizeof(info->handle); i++)
        hash = (hash ^ info->handle[i]) * 0x100000001b3;
    hash = (hash ^ info->domain) * 0x100000001b3;
    return hash ? hash : 1;
}

/* What the older interface calls dying is set when all is done: its state is DEAD. */
static unsigned int state_of(const struct hvabi_domain_info *info)
{
    unsigned int state = XENMANAGE_GETDOMSTATE_STATE_EXIST;

    if (info->flags & DOMINF_SHUTDOWN)
        state |= XENMANAGE_GETDOMSTATE_STATE_SHUTDOWN;
    if (info->flags & DOMINF_DYING)
        state |= XENMANAGE_GETDOMSTATE_STATE_DEAD;
    return state;
}

static unsigned int caps_of(const struct hvabi_domain_info *info)
{
    unsigned int caps = 0;

    if (info->domain == 0)
        caps |= XENMANAGE_GETDOMSTATE_CAP_CONTROL | XENMANAGE_GETDOMSTATE_CAP_HARDWARE;
    if (info->flags & DOMINF_XS_DOMAIN)
        caps |= XENMANAGE_GETDOMSTATE_CAP_XENSTORE;
    return caps;
}

static void convert(const struct hvabi_domain_info *info, struct xenmanage_known_domain *domain)
{
    *domain = (struct xenmanage_known_domain){.domid = info->domain,
                                        .state = state_of(info),
                                        .caps = caps_of(info),
                                        .unique_id = make_unique_id(info),
                                        .cpu_time_ns = info->cpu_time};
}

int xenmanage_list_find(struct hvabi *abi, uint16_t domid, struct xenmanage_known_domain *domain)
{
    struct hvabi_domain_info info;

    if (xenhvabi_domain_info(abi, domid, &info))
        return -1;
    convert(&info, domain);
    return 0;
}

static int make_room(struct xenmanage_domain_list *list)
{
    size_t room = list->room ? list->room * 2 : DOMAINS_A_CALL;
    struct xenmanage_known_domain *domains;

    if (list->room - list->count >= DOMAINS_A_CALL)
        return 0;
    domains = realloc(list->domains, room * sizeof(*domains));
    if (!domains)
        return -1;
    list->domains = domains;
    list->room = room;
    return 0;
}

/* Adds up to DOMAINS_A_CALL domains from @first on; returns how many, or -1. */
static int read_some(struct xenmanage_domain_list *list, struct hvabi *abi, uint16_t first)
{
    struct hvabi_domain_info infos[DOMAINS_A_CALL];
    int count;

    if (make_room(list))
        return -1;
    count = xenhvabi_domain_info_list(abi, first, infos, DOMAINS_A_CALL);
    for (int i = 0; i < count; i++)
        convert(&infos[i], &list->domains[list->count++]);
    return count;
}

/* What Xen itself tells of each state; a domain that is gone by now drops out. */
static int ask_for_states(struct xenmanage_domain_list *list, struct hvabi *abi)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (!xenmanage_ask_xen(abi, (uint16_t)list->domains[i].domid, &list->domains[count]))
            count++;
        else if (errno != ESRCH)
            return -1;
    }
    list->count = count;
    return 0;
}

int xenmanage_list_read(struct xenmanage_domain_list *list, struct hvabi *abi)
{
    int count, xen_tells = xenmanage_xen_tells_states(abi);
    uint16_t first = 0;

    if (xen_tells < 0)
        return -1;
    list->count = 0;
    do {
        count = read_some(list, abi, first);
        if (count > 0)
            first = (uint16_t)(list->domains[list->count - 1].domid + 1);
    } while (count == DOMAINS_A_CALL);
    if (count < 0)
        return -1;
    return xen_tells ? ask_for_states(list, abi) : 0;
}
