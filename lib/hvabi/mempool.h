/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory that Xen keeps a domain's p2m and shadow tables in. */
#ifndef XENHVABI_MEMPOOL_H
#define XENHVABI_MEMPOOL_H

#include "hvabi.h"

/*
 * Set and get its size in bytes. Xen wants whole pages; up to 4.16 it counts in
 * MiB, so that what is set is rounded up.
 *
 * Return: 0, or -1 with errno as xenhvabi_domctl(), and
 *   EINVAL  @bytes is no multiple of 4096, on any release; up to 4.16 also: the
 *           domain has no vCPUs yet (max_vcpus); or Xen's reasons
 *   ERANGE  @bytes is more than can be said up to 4.16
 */
int xenhvabi_set_paging_mempool(struct hvabi *abi, uint16_t domid, uint64_t bytes);
int xenhvabi_get_paging_mempool(struct hvabi *abi, uint16_t domid, uint64_t *bytes);

#endif
