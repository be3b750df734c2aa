/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* HVM and PVH domains: parameters, and the state that is saved. */
#ifndef XENCTRL_HVM_H
#define XENCTRL_HVM_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * xc_hvm_param_set() - set a domain's parameter HVM_PARAM_*
 *
 * HVM_PARAM_NESTEDHVM and HVM_PARAM_ALTP2M are decided when a domain is created on
 * newer releases: there 0 succeeds and does nothing, anything else is ENOTSUP.
 * hvm_op set_param.
 */
int xc_hvm_param_set(xc_interface *handle, uint32_t dom, uint32_t param, uint64_t value);
int xc_hvm_param_get(xc_interface *handle, uint32_t dom, uint32_t param, uint64_t *value);

/* The same with narrower values; ERANGE: it does not fit. */
int xc_set_hvm_param(xc_interface *handle, uint32_t dom, int param, unsigned long value);
int xc_get_hvm_param(xc_interface *handle, uint32_t dom, int param, unsigned long *value);

/**
 * xc_domain_hvm_getcontext() - a domain's state, as <xen/hvm/save.h> tells
 * @ctxt_buf: @size bytes; NULL only asks how many are needed
 *
 * Return: how many bytes, or -1 with errno; ENOSPC: @size is too small.
 */
int xc_domain_hvm_getcontext(xc_interface *xch, uint32_t domid, uint8_t *ctxt_buf,
                             uint32_t size);
int xc_domain_hvm_setcontext(xc_interface *xch, uint32_t domid, uint8_t *hvm_ctxt,
                             uint32_t size);

/* One record of it: 0, or -1 with errno. */
int xc_domain_hvm_getcontext_partial(xc_interface *xch, uint32_t domid, uint16_t typecode,
                                     uint16_t instance, void *ctxt_buf, uint32_t size);

#ifdef __cplusplus
}
#endif

#endif
