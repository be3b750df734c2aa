/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Xen's trace buffers (<xen/trace.h>): one for each CPU, in Xen's own memory. */
#ifndef XENCTRL_TRACE_H
#define XENCTRL_TRACE_H

#include <xenctrl/bitmap.h>
#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * xc_tbuf_enable() - start tracing
 * @pages: how large each CPU's buffer shall be; counts only if none has been made yet
 * @mfn:   out: where the description of the buffers is (struct t_info)
 * @size:  out: how large that is, in bytes
 */
int xc_tbuf_enable(xc_interface *xch, unsigned long pages, unsigned long *mfn,
                   unsigned long *size);

/* Stop it; what was traced stays. */
int xc_tbuf_disable(xc_interface *xch);

/*
 * How large each CPU's buffer is, in pages. EBUSY, EINVAL: it has been set before; EINVAL
 * also: it has not been.
 */
int xc_tbuf_set_size(xc_interface *xch, unsigned long size);
int xc_tbuf_get_size(xc_interface *xch, unsigned long *size);

/* Which CPUs (xc_get_cpumap_size() bytes) and which kinds of events (TRC_*) are traced. */
int xc_tbuf_set_cpu_mask(xc_interface *xch, xc_cpumap_t mask);
int xc_tbuf_set_evt_mask(xc_interface *xch, uint32_t mask);

/*
 * Tracing of one vCPU by the processor, into a buffer that the domain was created with
 * (vmtrace_size): on, off, from the start. How far it has come, in bytes. Options of the
 * processor's, by number. ENOTSUP before Xen 4.15; EINVAL also: it is on, or off, already.
 */
int xc_vmtrace_enable(xc_interface *xch, uint32_t domid, uint32_t vcpu);
int xc_vmtrace_disable(xc_interface *xch, uint32_t domid, uint32_t vcpu);
int xc_vmtrace_reset_and_enable(xc_interface *xch, uint32_t domid, uint32_t vcpu);
int xc_vmtrace_output_position(xc_interface *xch, uint32_t domid, uint32_t vcpu, uint64_t *pos);
int xc_vmtrace_get_option(xc_interface *xch, uint32_t domid, uint32_t vcpu, uint64_t key,
                          uint64_t *value);
int xc_vmtrace_set_option(xc_interface *xch, uint32_t domid, uint32_t vcpu, uint64_t key,
                          uint64_t value);

#ifdef __cplusplus
}
#endif

#endif
