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
#include "quirks.h"
#include "release.h"

/* XEN_DOMCTL_* and XEN_SYSCTL_*, those that this library makes or tells of by name. */
enum {
    HVABI_DOMCTL_CREATEDOMAIN = 1,
    HVABI_DOMCTL_DESTROYDOMAIN = 2,
    HVABI_DOMCTL_GETDOMAININFO = 5,
    HVABI_DOMCTL_SHADOW_OP = 10,
    HVABI_DOMCTL_SETVCPUCONTEXT = 12,
    HVABI_DOMCTL_GETVCPUCONTEXT = 13,
    HVABI_DOMCTL_IRQ_PERMISSION = 19,
    HVABI_DOMCTL_IOMEM_PERMISSION = 20,
    HVABI_DOMCTL_IOPORT_PERMISSION = 21,
    HVABI_DOMCTL_ASSIGN_DEVICE = 37,
    HVABI_DOMCTL_BIND_PT_IRQ = 38,
    HVABI_DOMCTL_MEMORY_MAPPING = 39,
    HVABI_DOMCTL_IOPORT_MAPPING = 40,
    HVABI_DOMCTL_TEST_ASSIGN_DEVICE = 45,
    HVABI_DOMCTL_DEASSIGN_DEVICE = 47,
    HVABI_DOMCTL_UNBIND_PT_IRQ = 48,
    HVABI_DOMCTL_GET_VCPU_MSRS = 72,
    HVABI_DOMCTL_SET_VCPU_MSRS = 73,
    HVABI_DOMCTL_MONITOR_OP = 77,
    HVABI_DOMCTL_GET_PAGING_MEMPOOL_SIZE = 85,
    HVABI_DOMCTL_SET_PAGING_MEMPOOL_SIZE = 86,
    HVABI_DOMCTL_GSI_PERMISSION = 88,
    HVABI_DOMCTL_SET_LLC_COLORS = 89,
    HVABI_DOMCTL_GET_DOMAIN_STATE = 90,
};

enum {
    HVABI_SYSCTL_READCONSOLE = 1,
    HVABI_SYSCTL_TBUF_OP = 2,
    HVABI_SYSCTL_PHYSINFO = 3,
    HVABI_SYSCTL_PERFC_OP = 5,
    HVABI_SYSCTL_GETDOMAININFOLIST = 6,
    HVABI_SYSCTL_GETCPUINFO = 8,
    HVABI_SYSCTL_GET_PMSTAT = 10,
    HVABI_SYSCTL_PM_OP = 12,
    HVABI_SYSCTL_LOCKPROF_OP = 15,
    HVABI_SYSCTL_CPUPOOL_OP = 18,
    HVABI_SYSCTL_PSR_CMT_OP = 21,
    HVABI_SYSCTL_PSR_ALLOC = 23,
    HVABI_SYSCTL_LIVEPATCH_OP = 27,
};

/* Hypercalls that are stable in themselves, but not in what they accept. */
enum {
    HVABI_OTHER_SET_HVM_PARAM,
    HVABI_OTHER_GET_UCODE_REVISION,
    HVABI_OTHER_MICROCODE_UPDATE2,
    HVABI_OTHER_FORK_RESET,
    HVABI_OTHER_DM_SET_IRQ_LEVEL,
    HVABI_OTHER_DM_NR_VCPUS,
    HVABI_NR_OTHERS
};

struct hvabi_operation {
    unsigned cmd;
    const char *name;   /* in Xen's headers, after XEN_DOMCTL_ or XEN_SYSCTL_ */
    const char *member; /* of the request's union; NULL: the request has no payload */
    unsigned first;     /* release; 4.14 stands for earlier ones too */
    unsigned last;      /* HVABI_NEWEST: no release has dropped it so far */
    const struct hvabi_layout_since *layouts; /* NULL: it has never changed */
    enum hvabi_quirk quirk; /* that whoever makes the request as it is must obey himself */
    bool stable;        /* takes interface number 0, on releases to come as well */
};

/* The row of an operation, or NULL. */
const struct hvabi_operation *xenhvabi_find_domctl(unsigned cmd);
const struct hvabi_operation *xenhvabi_find_sysctl(unsigned cmd);

/* The rows one by one from index 0; NULL after the last. */
const struct hvabi_operation *xenhvabi_domctl_at(unsigned index);
const struct hvabi_operation *xenhvabi_sysctl_at(unsigned index);

/* The row that stands for an HVABI_OTHER_*. */
const struct hvabi_operation *xenhvabi_other(unsigned other);

/* Counts the rows of all three through, from 0: less than HVABI_OPERATIONS_MAX. */
#define HVABI_OPERATIONS_MAX 128
unsigned xenhvabi_operation_number(const struct hvabi_operation *operation);

#endif
