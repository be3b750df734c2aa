/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the examples in libxenforeignmemory's pages take for granted. */
#define __XEN_TOOLS__ 1

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <xenforeignmemory.h>
#include <xen/memory.h>

extern xenforeignmemory_handle *fmem;
extern xenforeignmemory_resource_handle *fres;
extern int privcmd_fd;
extern void *addr;
extern size_t pages;
extern uint32_t domid;
extern xen_pfn_t *gfns;
extern int *errors;
