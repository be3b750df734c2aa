/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions whose parameters upstream has changed since 4.17, as they were there. */
#ifndef XENCTRL_SIGNATURE_4_17_H
#define XENCTRL_SIGNATURE_4_17_H

#include "xenctrl/types.h"

int xc_shadow_control(xc_interface *xch, uint32_t domid, unsigned int sop, unsigned int *mb,
                      unsigned int mode);
int xc_microcode_update(xc_interface *xch, const void *buf, size_t len);
int xc_livepatch_upload(xc_interface *xch, char *name, unsigned char *payload, uint32_t size);
int xc_memshr_fork_reset(xc_interface *xch, uint32_t forked_domain, bool reset_state,
                         bool reset_memory);
int xc_flask_context_to_sid(xc_interface *xch, char *buf, uint32_t size, uint32_t *sid);

#endif
