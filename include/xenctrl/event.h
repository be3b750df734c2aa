/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Event channels and grant tables of other domains. */
#ifndef XENCTRL_EVENT_H
#define XENCTRL_EVENT_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int xc_evtchn_port_or_error_t;
typedef struct evtchn_status xc_evtchn_status_t;

/**
 * xc_evtchn_alloc_unbound() - make a port of @dom that @remote_dom may bind to
 *
 * Return: the port, or -1 with errno. event_channel_op alloc_unbound.
 */
xc_evtchn_port_or_error_t xc_evtchn_alloc_unbound(xc_interface *xch, uint32_t dom,
                                                  uint32_t remote_dom);

/* Close all event channels of a domain. */
int xc_evtchn_reset(xc_interface *xch, uint32_t dom);

/* What the port that @status names is bound to. EINVAL also: there is no such port. */
int xc_evtchn_status(xc_interface *xch, xc_evtchn_status_t *status);

/**
 * xc_gnttab_op() - make a grant_table_op hypercall
 * @op:      @count structs of @op_size bytes, which become the answer
 *
 * Return: what Xen returned, or -1 with errno; each struct has a status besides.
 */
int xc_gnttab_op(xc_interface *xch, int cmd, void *op, int op_size, int count);

int xc_gnttab_query_size(xc_interface *xch, struct gnttab_query_size *query);

/* A domain's grant table version, 1 or 2; -1 with errno. */
int xc_gnttab_get_version(xc_interface *xch, uint32_t domid);

/**
 * xc_gnttab_map_table_v1() - map a domain's grant table, to read it
 * @gnt_num: out: how many entries it has
 *
 * Return: the entries, for munmap(2); NULL with errno. EINVAL also: the table is of the
 * other version.
 */
grant_entry_v1_t *xc_gnttab_map_table_v1(xc_interface *xch, uint32_t domid, int *gnt_num);
grant_entry_v2_t *xc_gnttab_map_table_v2(xc_interface *xch, uint32_t domid, int *gnt_num);

#ifdef __cplusplus
}
#endif

#endif
