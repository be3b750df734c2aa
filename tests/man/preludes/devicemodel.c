/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the examples in libxendevicemodel's pages take for granted. */
#define __XEN_TOOLS__ 1

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include <xendevicemodel.h>
#include <xendevicemodel_passthrough.h>
#include <xen/hvm/params.h>
#include <xen/memory.h>
#include <xen/sched.h>

extern xendevicemodel_handle *dmod;
extern struct xencall_handle *xcall;
extern domid_t domid;
extern ioservid_t id;
extern xen_pfn_t gfn, home_gfn, vram_gfn;
extern void *ioreqs;
extern uint64_t rom_gfn, from_gfn, to_gfn, bar;
extern struct xen_dm_op_modified_memory_extent *extents;
extern uint32_t nr;
extern int fd, pirq;
extern uint32_t sbdf;
extern unsigned int vcpus;
extern evtchn_port_t ports[128];
