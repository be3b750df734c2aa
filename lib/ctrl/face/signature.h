/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Functions whose parameters upstream has changed, as the face's release has them. In
 * our own library they are as in the newest (xenctrl/changed.h).
 */
#ifndef XENCTRL_SIGNATURE_H
#define XENCTRL_SIGNATURE_H

#include "face.h"
#include "xenctrl/buffer.h"
#include "xenctrl/memory.h"

/* ---- changed in 4.15 ---- */

#if XENCTRL_FACE >= 0x4000f

int xc_shadow_control(xc_interface *xch, uint32_t domid, unsigned int sop, unsigned int *mb,
                      unsigned int mode);
int xc_memshr_fork_reset(xc_interface *xch, uint32_t forked_domain, bool reset_state,
                         bool reset_memory);
int xc_domain_irq_permission(xc_interface *xch, uint32_t domid, uint32_t pirq,
                             bool allow_access);

#else

/* All shadow operations, those on logs of dirty pages too, which give a number of pages. */
int xc_shadow_control(xc_interface *xch, uint32_t domid, unsigned int sop,
                      xc_hypercall_buffer_t *dirty_bitmap, unsigned long pages,
                      unsigned long *mb, uint32_t mode, xc_shadow_op_stats_t *stats);
int xc_memshr_fork_reset(xc_interface *xch, uint32_t forked_domain);
int xc_domain_irq_permission(xc_interface *xch, uint32_t domid, uint8_t pirq,
                             uint8_t allow_access);

/* Of that release only. Migration cannot be forbidden any more: ENOTSUP from 4.15 on. */
int xc_domain_disable_migrate(xc_interface *xch, uint32_t domid);
long do_memory_op(xc_interface *xch, unsigned int cmd, void *arg, size_t len);

#endif

/* ---- changed in 4.18 and 4.20 ---- */

#if XENCTRL_FACE >= 0x40014

int xc_livepatch_upload(xc_interface *xch, char *name, unsigned char *payload, uint32_t size,
                        bool force);
int xc_microcode_update(xc_interface *xch, const void *buf, size_t len, unsigned int flags);

#else

int xc_livepatch_upload(xc_interface *xch, char *name, unsigned char *payload, uint32_t size);
int xc_microcode_update(xc_interface *xch, const void *buf, size_t len);

#endif

/* ---- changed in 4.21 ---- */

#if XENCTRL_FACE >= 0x40015

int xc_flask_context_to_sid(xc_interface *xch, char *buf, uint32_t *sid);

#else

int xc_flask_context_to_sid(xc_interface *xch, char *buf, uint32_t size, uint32_t *sid);

#endif

#endif
