/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Listening to what an HVM or PVH domain does: Xen puts events into a ring that it
 * shares with the listener, and the listener answers there (<xen/vm_event.h>). The
 * domain's vCPU waits for the answer to an event that is synchronous.
 */
#ifndef XENCTRL_MONITOR_H
#define XENCTRL_MONITOR_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The form of events in the rings of this Xen: what VM_EVENT_INTERFACE_VERSION was
 * when it was built. Return: that number, or -1 with errno. domctl vm_event_op.
 */
int xc_vm_event_get_version(xc_interface *xch);

/**
 * xc_monitor_enable() - begin to listen to a domain
 * @port: out: the event channel on which Xen says that there are events, for
 *        xenevtchn_bind_interdomain() with @domain_id
 *
 * The domain is paused meanwhile. The ring is the page that HVM_PARAM_MONITOR_RING_PFN
 * names; it is cleared, and the domain sees it no longer. Prepare it with the macros of
 * <xen/io/ring.h> (SHARED_RING_INIT, BACK_RING_INIT with XC_PAGE_SIZE) before asking for
 * events; read each event once, into memory of one's own, and then look at it: its
 * content is what the guest did.
 *
 * Return: the ring, for munmap(ring, XC_PAGE_SIZE) after xc_monitor_disable(); or NULL
 *   with errno, the domain being as before: those of xc_map_foreign_pages(), and
 *   EBUSY       somebody listens already, or did and never ended it
 *   ENODEV      the domain's memory is not managed by the processor (HAP)
 *   EOPNOTSUPP  also: the domain was built without a page for the ring
 *   EINVAL      also: a PV domain; @port is NULL
 * domctls pausedomain, getpageframeinfo3, vm_event_op, unpausedomain; hvm_op get_param;
 * memory_op populate_physmap, decrease_reservation.
 */
void *xc_monitor_enable(xc_interface *xch, uint32_t domain_id, uint32_t *port);

/*
 * End it: what is still in the ring is lost, and vCPUs go on. Or have Xen look at the
 * answers in the ring now, as a notification through @port does too. Nobody listens:
 * EINVAL to disable, ENODEV to resume. domctl vm_event_op.
 */
int xc_monitor_disable(xc_interface *xch, uint32_t domain_id);
int xc_monitor_resume(xc_interface *xch, uint32_t domain_id);

/*
 * Which events can be had of this domain: bit 1 << XEN_DOMCTL_MONITOR_EVENT_*.
 * EINVAL also: @capabilities is NULL. domctl monitor_op, as for all that follow.
 */
int xc_monitor_get_capabilities(xc_interface *xch, uint32_t domain_id, uint32_t *capabilities);

/*
 * ---- which events ----
 * Events can be asked for before there is a ring; they then do nothing.
 * Of each: EEXIST: it is already as wanted. EOPNOTSUPP: not of this processor or this
 * kind of domain (xc_monitor_get_capabilities()). ENOTSUP: not of this Xen's release.
 * Where an event has an insn_length the vCPU is left at the instruction, and meets it
 * again unless the answer moves it on (VM_EVENT_FLAG_SET_REGISTERS).
 */

/**
 * xc_monitor_write_ctrlreg() - events for writing a control register
 * @index:        VM_EVENT_X86_CR0, _CR3, _CR4 or _XCR0
 * @sync:         the vCPU waits for the answer
 * @bitmask:      bits whose change is of no interest (with @onchangeonly)
 * @onchangeonly: only if the value changes
 *
 * EINVAL also: @index is another.
 */
int xc_monitor_write_ctrlreg(xc_interface *xch, uint32_t domain_id, uint16_t index, bool enable,
                             bool sync, uint64_t bitmask, bool onchangeonly);

/* For writing a model-specific register. EINVAL also: not one that Xen watches over. */
int xc_monitor_mov_to_msr(xc_interface *xch, uint32_t domain_id, uint32_t msr, bool enable,
                          bool onchangeonly);

/*
 * For the guest's own requests (hvm_op guest_request_vm_event), those of its programs as
 * well with @allow_userspace; for debug exceptions; for what makes the processor leave
 * the guest, all of it, with @sync instead of being dealt with (from Xen 4.17 on; Intel's
 * processors only: on others it is switched, and nothing is told).
 */
int xc_monitor_guest_request(xc_interface *xch, uint32_t domain_id, bool enable, bool sync,
                             bool allow_userspace);
int xc_monitor_debug_exceptions(xc_interface *xch, uint32_t domain_id, bool enable, bool sync);
int xc_monitor_vmexit(xc_interface *xch, uint32_t domain_id, bool enable, bool sync);

/*
 * For single steps, breakpoints (int3), use of the descriptor tables' registers, CPUID,
 * privileged calls (arm: smc), instructions that Xen cannot emulate, I/O ports (from
 * Xen 4.18 on).
 */
int xc_monitor_singlestep(xc_interface *xch, uint32_t domain_id, bool enable);
int xc_monitor_software_breakpoint(xc_interface *xch, uint32_t domain_id, bool enable);
int xc_monitor_descriptor_access(xc_interface *xch, uint32_t domain_id, bool enable);
int xc_monitor_cpuid(xc_interface *xch, uint32_t domain_id, bool enable);
int xc_monitor_privileged_call(xc_interface *xch, uint32_t domain_id, bool enable);
int xc_monitor_emul_unimplemented(xc_interface *xch, uint32_t domain_id, bool enable);
int xc_monitor_io(xc_interface *xch, uint32_t domain_id, bool enable);

/*
 * Leave out (@disable) the violations of xc_set_mem_access() that come from the
 * processor's walks through the guest's page tables.
 */
int xc_monitor_inguest_pagefault(xc_interface *xch, uint32_t domain_id, bool disable);

/* Emulate repeated string instructions one by one, so that none of their steps is missed. */
int xc_monitor_emulate_each_rep(xc_interface *xch, uint32_t domain_id, bool enable);

#ifdef __cplusplus
}
#endif

#endif
