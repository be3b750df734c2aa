/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the examples in libxencall's pages take for granted. */
#define __XEN_TOOLS__ 1

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xen/version.h>
#include <xen/xen.h>
#include <xen/domctl.h>
#include <xen/sysctl.h>
#include <xencall.h>

extern xencall_handle *xcall;
extern size_t bitmap_size;
extern unsigned int round, rounds, retries, domid;
extern int rc, privcmd_fd;
extern void *buffer;
extern struct xen_domctl *domctl;
extern struct xen_sysctl *sysctl;
int fetch_dirty_bitmap(xencall_handle *handle, unsigned int domain, void *bitmap);
int send_dirty_pages(const void *bitmap);
