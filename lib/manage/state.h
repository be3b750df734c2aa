/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The state of a domain, from whichever interface the running Xen has. */
#ifndef XENLIBS_MANAGE_STATE_H
#define XENLIBS_MANAGE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "domain_list.h"

/* 1 if this Xen has the stable operation, 0 if it is older; -1 with errno. */
int xenmanage_xen_tells_states(struct hvabi *abi);

/*
 * Asks Xen by the stable operation about @domid; DOMID_INVALID stands for the
 * next domain that has changed. Returns 0, or -1 with errno.
 */
int xenmanage_ask_xen(struct hvabi *abi, uint16_t domid, struct xenmanage_known_domain *domain);

/* Hands the state on to a caller, who may want only a part of it. */
void xenmanage_store_state(const struct xenmanage_known_domain *domain, unsigned int *state,
                           unsigned int *caps, uint64_t *unique_id);

/* Is the handle of no use any more, as xentoolcore_restrict_all() makes it? */
bool xenmanage_is_restricted(struct hvabi *abi);

/*
 * Returns -1, with errno as it is, save that a restricted handle, which has
 * several ways of failing, is made to say EPERM.
 */
int xenmanage_failed(struct hvabi *abi);

#endif
