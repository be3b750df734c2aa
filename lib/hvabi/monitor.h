/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a vm_event listener is told of: monitor_op. */
#ifndef XENHVABI_MONITOR_H
#define XENHVABI_MONITOR_H

#include "hvabi.h"

/* XEN_DOMCTL_MONITOR_EVENT_* that not every release has. */
#define HVABI_MONITOR_VMEXIT 12u
#define HVABI_MONITOR_VMEXIT_SINCE HVABI_RELEASE(4, 17)
#define HVABI_MONITOR_IO 13u
#define HVABI_MONITOR_IO_SINCE HVABI_RELEASE(4, 18)

/* The union is Xen's, whose members never moved; one was added. */
struct hvabi_monitor {
    uint32_t op;    /* XEN_DOMCTL_MONITOR_OP_* */
    uint32_t event; /* XEN_DOMCTL_MONITOR_EVENT_*; or the capabilities, as an answer */
    union {
        struct {
            uint8_t index, sync, onchangeonly, pad1;
            uint32_t pad2;
            uint64_t bitmask;
        } mov_to_cr;
        struct {
            uint32_t msr;
            uint8_t onchangeonly;
        } mov_to_msr;
        struct {
            uint8_t sync, allow_userspace;
        } guest_request;
        struct {
            uint8_t sync;
        } debug_exception;
        struct {
            uint8_t sync;
        } vmexit;
    } u;
};

extern const struct hvabi_layout_since xenhvabi_monitor_layouts[];

/*
 * Makes the monitor_op @monitor; an answer replaces it.
 *
 * Return: 0, or -1 with errno as xenhvabi_domctl(), and
 *   ENOTSUP  this release cannot monitor @monitor->event
 */
int xenhvabi_monitor(struct hvabi *abi, uint16_t domid, struct hvabi_monitor *monitor);

#endif
