/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Counters of events and of locks within Xen, in builds that have them: others say
 * ENOSYS.
 */
#ifndef XENCTRL_PROFILE_H
#define XENCTRL_PROFILE_H

#include <xenctrl/buffer.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef xen_sysctl_perfc_desc_t xc_perfc_desc_t;
typedef xen_sysctl_perfc_val_t xc_perfc_val_t;

/**
 * xc_perfc_query_number() - how many counters there are, and how many values they have
 * xc_perfc_query() - all of them
 * @desc: buffer of @nbr_desc xc_perfc_desc_t: names, and how many values each has
 * @val:  buffer of @nbr_val xc_perfc_val_t: the values, counter by counter
 *
 * Pointers of the first may be NULL. xc_perfc_reset(): count from 0 again.
 */
int xc_perfc_reset(xc_interface *xch);
int xc_perfc_query_number(xc_interface *xch, int *nbr_desc, int *nbr_val);
int xc_perfc_query(xc_interface *xch, xc_hypercall_buffer_t *desc, xc_hypercall_buffer_t *val);

typedef xen_sysctl_lockprof_data_t xc_lockprof_data_t;

/**
 * xc_lockprof_query_number() - how many locks there are
 * xc_lockprof_query() - what each was up to
 * @n_elems: in: room in @data; out: how many there are
 * @time:    ns since counting began
 * @data:    buffer of xc_lockprof_data_t
 *
 * xc_lockprof_reset(): count from 0 again.
 */
int xc_lockprof_reset(xc_interface *xch);
int xc_lockprof_query_number(xc_interface *xch, uint32_t *n_elems);
int xc_lockprof_query(xc_interface *xch, uint32_t *n_elems, uint64_t *time,
                      xc_hypercall_buffer_t *data);

#ifdef __cplusplus
}
#endif

#endif
