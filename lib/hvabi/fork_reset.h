/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much of a forked domain is reset. */
#ifndef XENHVABI_FORK_RESET_H
#define XENHVABI_FORK_RESET_H

#include "hvabi.h"

/*
 * The flags of XENMEM_sharing_op_fork_reset that reset the vCPUs' state, the
 * memory, or both. Up to 4.16 there are none, and it resets both.
 *
 * Return: the flags, or -1 with errno as xenhvabi_running(), and
 *   EINVAL   neither
 *   ENOTSUP  only one of the two, and this release always resets both
 */
int xenhvabi_fork_reset_flags(struct hvabi *abi, bool state, bool memory);

#endif
