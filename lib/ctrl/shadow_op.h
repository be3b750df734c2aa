/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef XENCTRL_SHADOW_OP_H
#define XENCTRL_SHADOW_OP_H

#include "call.h"

struct ctrl_shadow_op {
    uint32_t op;
    uint32_t mode;
    uint32_t mb;
    uint32_t pad;
    ctrl_u64 dirty_bitmap;
    ctrl_u64 pages;
    uint32_t fault_count;
    uint32_t dirty_count;
};
_Static_assert(sizeof(struct ctrl_shadow_op) == 40, "as on every release");

/* Makes a shadow_op; the answer replaces *@request. */
int xenctrl_shadow_op(xc_interface *xch, uint32_t domid, struct ctrl_shadow_op *request);

/* The same with what is read and set in @mb, unless that is NULL. */
int xenctrl_shadow_control(xc_interface *xch, uint32_t domid, unsigned int sop,
                           unsigned int *mb, unsigned int mode);

#endif
