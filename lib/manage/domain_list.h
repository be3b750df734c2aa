/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The domains there are, and what is told of each. */
#ifndef XENLIBS_MANAGE_DOMAIN_LIST_H
#define XENLIBS_MANAGE_DOMAIN_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "hvabi.h"

struct xenmanage_known_domain {
    unsigned int domid;
    unsigned int state; /* XENMANAGE_GETDOMSTATE_STATE_*; 0: gone */
    unsigned int caps;  /* XENMANAGE_GETDOMSTATE_CAP_* */
    uint64_t unique_id;
    uint64_t cpu_time_ns; /* all that it has used; not told by the stable operation */
};

/* In the order of their domids. The memory is kept from one reading to the next. */
struct xenmanage_domain_list {
    struct xenmanage_known_domain *domains;
    size_t count, room;
};

/*
 * Tells of one domain by the older interface. Returns 0, or -1 with errno as
 * xenhvabi_domain_info().
 */
int xenmanage_list_find(struct hvabi *abi, uint16_t domid, struct xenmanage_known_domain *domain);

/*
 * Reads all domains anew, their states by the stable operation where Xen has it.
 * Returns 0; or -1 with errno, and the list is of no use: as
 * xenhvabi_domain_info_list() and xenmanage_ask_xen(), or ENOMEM.
 */
int xenmanage_list_read(struct xenmanage_domain_list *list, struct hvabi *abi);

#endif
