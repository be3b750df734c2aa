/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Xen's security module (XSM with FLASK): its policy and labels. Where there is none,
 * ENOSYS. Constants and structs: <xen/xsm/flask_op.h>, whose number has never changed.
 */
#ifndef XENCTRL_FLASK_H
#define XENCTRL_FLASK_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Any operation: @op becomes the answer. What Xen returned, or -1 with errno. */
int xc_flask_op(xc_interface *xch, xen_flask_op_t *op);

/* Load a policy of @size bytes. */
int xc_flask_load(xc_interface *xch, char *buffer, uint32_t size);

/* Is it enforced, or only told of: 1, 0, or -1 with errno. */
int xc_flask_getenforce(xc_interface *xch);
int xc_flask_setenforce(xc_interface *xch, int mode);

/* The text of a label: @size bytes of room, with a zero byte. ERANGE: too small. */
int xc_flask_sid_to_context(xc_interface *xch, int sid, char *buf, uint32_t size);

/* Give a domain another label. */
int xc_flask_relabel_domain(xc_interface *xch, uint32_t domid, uint32_t sid);

#ifdef __cplusplus
}
#endif

#endif
