/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef XENCTRL_PERMISSION_IMPL_H
#define XENCTRL_PERMISSION_IMPL_H

#include "call.h"

/* Lets a domain use a pirq, or no longer. 0, or -1 with errno. */
int xenctrl_irq_permission(xc_interface *xch, uint32_t domid, uint32_t pirq, bool allow_access);

#endif
