/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A face is one library's view of what upstream has reshaped from release to
 * release. The sources of this folder are compiled for each library with
 * XENCTRL_FACE set to the release whose shapes it has (HVABI_NEWEST: our own, which
 * are those of the newest layouts and never change again). The layouts are hvabi's:
 * what Xen of that release reads and writes is what its library's structs are.
 *
 * The functions below are exported; which header declares them to programs depends
 * on the library, so that their structs are bytes here.
 */
#ifndef XENCTRL_FACE_H
#define XENCTRL_FACE_H

#include "call.h"
#include "create_domain.h"
#include "domain_info.h"
#include "physinfo.h"

#ifndef XENCTRL_FACE
#error "XENCTRL_FACE is the release whose structs this library has"
#endif

/* hvabi's canonical struct as the face's bytes, and back. */
static inline const struct hvabi_layout *
face_layout(const struct hvabi_layout_since *layouts)
{
    return xenhvabi_layout_of(layouts, XENCTRL_FACE);
}

/* *@pdomid: in: an id, or 0: any; out: the new domain's. */
int xc_domain_create(xc_interface *xch, uint32_t *pdomid, void *config);

/* Domains from @first_domain on: how many of up to @max_domains, or -1. */
int xc_domain_getinfolist(xc_interface *xch, uint32_t first_domain, unsigned int max_domains,
                          void *info);

/* The same in @layout, whatever the face's is. */
int xenctrl_face_list(xc_interface *xch, uint32_t first_domain, unsigned int max_domains,
                      const struct hvabi_layout *layout, void *info);

/* One domain; @info may be NULL. */
int xc_domain_getinfo_single(xc_interface *xch, uint32_t domid, void *info);

int xc_physinfo(xc_interface *xch, void *info);

/* pm_op's payload in the face's shape, there and back; the note is the caller's. */
int xenctrl_face_pm(xc_interface *xch, struct hvabi_payload *payload);

/* get_pmstat's payload, of which the face's release may not say how much room it has. */
int xenctrl_face_pmstat(xc_interface *xch, struct hvabi_payload *payload);

/* Requests as the face's release has them: those whose layout changed are converted. */
int xc_domctl(xc_interface *xch, void *domctl);
int xc_sysctl(xc_interface *xch, void *sysctl);

#endif
