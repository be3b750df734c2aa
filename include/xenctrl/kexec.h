/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Another kernel for the host, to be started on request or after a crash (<xen/kexec.h>). */
#ifndef XENCTRL_KEXEC_H
#define XENCTRL_KEXEC_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Start the image of a KEXEC_TYPE_*; does not return if it works. */
int xc_kexec_exec(xc_interface *xch, int type);

/**
 * xc_kexec_get_range() - where something lies in the host's memory
 * @range: KEXEC_RANGE_MA_*
 * @nr:    for KEXEC_RANGE_MA_CPU: which CPU
 * @size:  out: in bytes; 0: there is none
 * @start: out: its machine address
 */
int xc_kexec_get_range(xc_interface *xch, int range, int nr, uint64_t *size, uint64_t *start);

/**
 * xc_kexec_load() - load an image
 * @type:        KEXEC_TYPE_*
 * @arch:        EM_*, as <elf.h> has them
 * @entry_maddr: where it begins
 * @segments:    @nr_segments pieces of it; each buf.h is a hypercall buffer
 *
 * EINVAL also: it does not fit where it must. EBUSY: an image is being started.
 */
int xc_kexec_load(xc_interface *xch, uint8_t type, uint16_t arch, uint64_t entry_maddr,
                  uint32_t nr_segments, xen_kexec_segment_t *segments);

/* Forget the image; is there one: 1, 0, or -1 with errno. */
int xc_kexec_unload(xc_interface *xch, int type);
int xc_kexec_status(xc_interface *xch, int type);

#ifdef __cplusplus
}
#endif

#endif
