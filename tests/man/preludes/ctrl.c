/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the examples in libxenctrl's pages take for granted. */
#define XC_WANT_COMPAT_MAP_FOREIGN_API 1
#define XC_WANT_COMPAT_DEVICEMODEL_API 1

#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xenctrl.h>

#include <xen/vm_event.h>
#include <xencall.h>
#include <xenforeignmemory.h>

extern xc_interface *xch;
extern uint32_t domid;
extern evtchn_port_t port;
extern xen_pfn_t gfn;
extern unsigned long long address;
extern unsigned long pages;
extern int cpu, error;
extern uint32_t pool;
extern uint16_t view, tclass;
extern xen_domain_handle_t uuid;
extern unsigned char *payload;
extern uint32_t size;
extern uint32_t first, second, parent, copy;
void run_one_test(uint32_t domain);
void save_page(uint32_t domain, xen_pfn_t frame);
bool work_goes_well(void);
