/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Domains: their life, and what holds for them as a whole. */
#ifndef XENCTRL_DOMAIN_H
#define XENCTRL_DOMAIN_H

#include <xenctrl/bitmap.h>
#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Stop a domain's vCPUs until it is unpaused as often as it was paused. Each of
 * these is one domctl: pausedomain, unpausedomain.
 */
int xc_domain_pause(xc_interface *xch, uint32_t domid);
int xc_domain_unpause(xc_interface *xch, uint32_t domid);

/**
 * xc_domain_destroy() - end a domain at once and free all that it has
 *
 * One domctl (destroydomain), which takes as long as it takes to free the memory.
 * What others still map stays, and with it the domain, marked as dying.
 */
int xc_domain_destroy(xc_interface *xch, uint32_t domid);

/**
 * xc_domain_shutdown() - mark a domain as shut down
 * @reason: SHUTDOWN_*
 *
 * Its vCPUs stop; what becomes of it is the toolstack's to decide. sched_op
 * remote_shutdown.
 */
int xc_domain_shutdown(xc_interface *xch, uint32_t domid, int reason);

/**
 * xc_watchdog() - this domain shall end unless the timer is set again
 * @id:      0 for a new timer; else one that was returned
 * @timeout: seconds; 0 stops the timer
 *
 * Return: the timer's id (for a new one), 0, or -1 with errno. sched_op watchdog.
 */
int xc_watchdog(xc_interface *xch, uint32_t id, uint32_t timeout);

/* Take a domain back to what it was before its kernel started (domctl soft_reset). */
int xc_domain_soft_reset(xc_interface *xch, uint32_t domid);

/*
 * Set, before it runs: how many vCPUs a domain may have; how much memory, in KiB;
 * its 16 bytes of name (a UUID); its target, which it may act on; how far its
 * clock is from UTC, in seconds.
 */
int xc_domain_max_vcpus(xc_interface *xch, uint32_t domid, unsigned int max);
int xc_domain_setmaxmem(xc_interface *xch, uint32_t domid, uint64_t max_memkb);
int xc_domain_sethandle(xc_interface *xch, uint32_t domid, xen_domain_handle_t handle);
int xc_domain_set_target(xc_interface *xch, uint32_t domid, uint32_t target);
int xc_domain_set_time_offset(xc_interface *xch, uint32_t domid, int32_t time_offset_seconds);

/* How a domain's time stamp counter behaves (XEN_CPUID_TSC_MODE_*), and how it stands. */
int xc_domain_set_tsc_info(xc_interface *xch, uint32_t domid, uint32_t tsc_mode,
                           uint64_t elapsed_nsec, uint32_t gtsc_khz, uint32_t incarnation);
int xc_domain_get_tsc_info(xc_interface *xch, uint32_t domid, uint32_t *tsc_mode,
                           uint64_t *elapsed_nsec, uint32_t *gtsc_khz, uint32_t *incarnation);

/* Be told on an event channel that a domain is suspended; send a global VIRQ to a domain. */
int xc_domain_subscribe_for_suspend(xc_interface *xch, uint32_t domid, evtchn_port_t port);
int xc_domain_set_virq_handler(xc_interface *xch, uint32_t domid, int virq);

/* Press a button for one vCPU of a domain: XEN_DOMCTL_SENDTRIGGER_*. */
int xc_domain_send_trigger(xc_interface *xch, uint32_t domid, uint32_t trigger, uint32_t vcpu);

/* Let a debugger see to a domain's traps; single-step a vCPU: XEN_DOMCTL_DEBUG_OP_*. */
int xc_domain_setdebugging(xc_interface *xch, uint32_t domid, unsigned int enable);
int xc_domain_debug_control(xc_interface *xch, uint32_t domid, uint32_t sop, uint32_t vcpu);

/* Stop a vCPU at a memory event when nobody listens for such events. */
int xc_domain_set_access_required(xc_interface *xch, uint32_t domid, unsigned int required);

/* How wide a domain's words are, in bytes: 4 or 8. */
int xc_domain_get_guest_width(xc_interface *xch, uint32_t domid, unsigned int *guest_width);

/* The NUMA nodes that a domain's memory and vCPUs should be on. */
int xc_domain_node_setaffinity(xc_interface *xch, uint32_t domid, xc_nodemap_t nodemap);
int xc_domain_node_getaffinity(xc_interface *xch, uint32_t domid, xc_nodemap_t nodemap);

/**
 * xc_dom_vuart_init() - give a domain an emulated UART (Arm)
 * @gfn:    page of its ring
 * @evtchn: out: the port for the one who serves it
 *
 * Return: 0, or -1; ENOSYS or EOPNOTSUPP on x86.
 */
int xc_dom_vuart_init(xc_interface *xch, uint32_t type, uint32_t domid, uint32_t console_domid,
                      xen_pfn_t gfn, evtchn_port_t *evtchn);

/**
 * xc_domain_set_llc_colors() - which parts of the last cache a domain may fill
 * @llc_colors: @num_llc_colors of them
 *
 * Right after creation only. ENOTSUP before Xen 4.20.
 */
int xc_domain_set_llc_colors(xc_interface *xch, uint32_t domid, const uint32_t *llc_colors,
                             uint32_t num_llc_colors);

#ifdef __cplusplus
}
#endif

#endif
