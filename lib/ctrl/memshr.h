/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef XENCTRL_MEMSHR_IMPL_H
#define XENCTRL_MEMSHR_IMPL_H

#include "call.h"

/* Undoes what a fork did since it was made: to its vCPUs' state, its memory, or both. */
int xenctrl_memshr_fork_reset(xc_interface *xch, uint32_t domid, bool state, bool memory);

#endif
