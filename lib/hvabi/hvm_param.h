/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* HVM parameters whose place has changed. */
#ifndef XENHVABI_HVM_PARAM_H
#define XENHVABI_HVM_PARAM_H

#include "hvabi.h"

#define HVABI_HVM_PARAM_NESTEDHVM 24u
#define HVABI_HVM_PARAM_ALTP2M 35u

/*
 * Sets an HVM parameter of @domid, as far as this is still how it is done:
 * nested virtualisation is decided when a domain is created from 4.15 on, altp2m
 * from 4.19 on. There, writing 0 to them succeeds and does nothing, as programs
 * do it who want none.
 *
 * Return: 0, or -1 with errno: Xen's (HVMOP_set_param), xencall_buffer_get()'s,
 * xenhvabi_running()'s, and
 *   ENOTSUP  another value for one of the two: it must be given at creation
 */
int xenhvabi_set_hvm_param(struct hvabi *abi, uint16_t domid, uint32_t index, uint64_t value);

#endif
