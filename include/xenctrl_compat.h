/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What upstream has moved into libraries of its own, for programs that still find it
 * here. They ask for each part with a macro, before <xenctrl.h>:
 * XC_WANT_COMPAT_MAP_FOREIGN_API.
 */
#ifndef XENCTRL_COMPAT_H
#define XENCTRL_COMPAT_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef XC_WANT_COMPAT_MAP_FOREIGN_API
/*
 * Map pages of a domain (libxenforeignmemory, whose pages tell the rest): @size bytes
 * from @mfn on; @num frames one after the other; the same, where those that cannot be
 * mapped have a negative errno in @err. munmap(2) ends it. NULL with errno.
 */
void *xc_map_foreign_range(xc_interface *xch, uint32_t dom, int size, int prot,
                           unsigned long mfn);
void *xc_map_foreign_pages(xc_interface *xch, uint32_t dom, int prot, const xen_pfn_t *arr,
                           int num);
void *xc_map_foreign_bulk(xc_interface *xch, uint32_t dom, int prot, const xen_pfn_t *arr,
                          int *err, unsigned int num);
#endif

#ifdef __cplusplus
}
#endif

#endif
