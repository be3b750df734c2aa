/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of unstable operations: which releases have each, and which layouts
 * it has had. An operation without layouts has kept the one that it had in
 * 4.14: its request goes to any release as it is.
 */
#ifndef XENHVABI_OPERATIONS_H
#define XENHVABI_OPERATIONS_H

#include <stdbool.h>

#include "layout.h"
#include "release.h"

/* XEN_DOMCTL_* and XEN_SYSCTL_*, those that this library makes or tells of by name. */
enum {
    HVABI_DOMCTL_GETDOMAININFO = 5,
    HVABI_DOMCTL_GET_DOMAIN_STATE = 90,
};

enum {
    HVABI_SYSCTL_GETDOMAININFOLIST = 6,
};

#define HVABI_NEWEST (~0u)

struct hvabi_operation {
    unsigned cmd;
    const char *name;   /* in Xen's headers, after XEN_DOMCTL_ or XEN_SYSCTL_ */
    const char *member; /* of the request's union; NULL: the request has no payload */
    unsigned first;     /* release; 4.14 stands for earlier ones too */
    unsigned last;      /* HVABI_NEWEST: no release has dropped it so far */
    const struct hvabi_layout_since *layouts; /* NULL: it has never changed */
    bool stable;        /* takes interface number 0, on releases to come as well */
};

/* The row of an operation, or NULL. */
const struct hvabi_operation *xenhvabi_find_domctl(unsigned cmd);
const struct hvabi_operation *xenhvabi_find_sysctl(unsigned cmd);

/* The rows one by one from index 0; NULL after the last. */
const struct hvabi_operation *xenhvabi_domctl_at(unsigned index);
const struct hvabi_operation *xenhvabi_sysctl_at(unsigned index);

/* Counts the rows of both through, from 0: less than HVABI_OPERATIONS_MAX. */
#define HVABI_OPERATIONS_MAX 128
unsigned xenhvabi_operation_number(const struct hvabi_operation *operation);

#endif
