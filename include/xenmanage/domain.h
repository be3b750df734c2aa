/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenmanage: the domains there are, and what Xen tells of each (XENLIBS_1.0).
 *
 * The structs are this library's own and keep their shape, whatever Xen does:
 * they only grow at the end. The caller sets size, that of an array in its first
 * element; what this library does not know of a larger one becomes 0, and a
 * smaller one is EINVAL.
 */
#ifndef XENMANAGE_DOMAIN_H
#define XENMANAGE_DOMAIN_H

#include <xenmanage.h>

#ifdef __cplusplus
extern "C" {
#endif

/* struct xenmanage_domain: flags. */
#define XENMANAGE_DOMAIN_DYING 0x0001u    /* all but gone: a page of it is still in use */
#define XENMANAGE_DOMAIN_HVM 0x0002u      /* HVM or PVH; else PV */
#define XENMANAGE_DOMAIN_SHUTDOWN 0x0004u /* it has shut down, or is suspended: see the reason */
#define XENMANAGE_DOMAIN_PAUSED 0x0008u   /* by the toolstack */
#define XENMANAGE_DOMAIN_BLOCKED 0x0010u  /* all vCPUs wait for an event */
#define XENMANAGE_DOMAIN_RUNNING 0x0020u  /* a vCPU runs, or waits for a processor */
#define XENMANAGE_DOMAIN_DEBUGGED 0x0040u /* paused by a debugger */
#define XENMANAGE_DOMAIN_XENSTORE 0x0080u /* it is a domain that serves xenstore */
#define XENMANAGE_DOMAIN_HAP 0x0100u      /* its memory is mapped by hardware (EPT, NPT) */

/* Why a domain has shut down; Xen may have more. */
enum xenmanage_shutdown_reason {
    XENMANAGE_SHUTDOWN_POWEROFF = 0,
    XENMANAGE_SHUTDOWN_REBOOT = 1,
    XENMANAGE_SHUTDOWN_SUSPEND = 2,
    XENMANAGE_SHUTDOWN_CRASH = 3,
    XENMANAGE_SHUTDOWN_WATCHDOG = 4,  /* it did not set its watchdog again */
    XENMANAGE_SHUTDOWN_SOFT_RESET = 5 /* it wants to begin anew in the memory that it has */
};

#define XENMANAGE_NO_CPUPOOL UINT32_MAX
#define XENMANAGE_NO_FRAME UINT64_MAX

/* Pages are of 4 KiB. */
struct xenmanage_domain {
    size_t size; /* in: sizeof(struct xenmanage_domain) */
    uint32_t domid;
    uint32_t flags;           /* XENMANAGE_DOMAIN_*; Xen may have more, which are left out */
    uint32_t shutdown_reason; /* enum xenmanage_shutdown_reason, with SHUTDOWN; else 0 */
    uint32_t cpupool;         /* XENMANAGE_NO_CPUPOOL: it is being destroyed */
    uint32_t nr_vcpus;        /* that it may have at most, counting from vCPU 0 */
    uint32_t nr_online_vcpus; /* that it has switched on */
    uint64_t cpu_time_ns;     /* of all vCPUs together, since it was created */
    uint64_t pages;           /* that it has */
    uint64_t max_pages;       /* that it may have; dom0: 0xffffffff is no limit */
    uint64_t claimed_pages;   /* set aside for it */
    uint64_t shared_pages;    /* with other domains, by Xen; 0 from 4.17 on, unless built in */
    uint64_t paged_pages;     /* out to a file; the same */
    uint64_t shared_info_frame; /* PV: mfn, else gfn; XENMANAGE_NO_FRAME: it has none */
    uint32_t ssidref;         /* security label (FLASK) */
    uint32_t emulation_flags; /* x86: devices that Xen emulates, XEN_X86_EMU_* */
    uint32_t gpaddr_bits;     /* in guest-physical addresses; 0 before 4.16: not told */
    uint32_t misc_flags;      /* x86: XEN_X86_*, of its creation; 0 before 4.15: not told */
    uint8_t uuid[16];         /* that the toolstack gave it */
};

/**
 * xenmanage_domain_get() - tell of one domain
 * @domid:  of an ordinary domain: below 0x7FF0
 * @domain: in: its size; out: all of it
 *
 * Exactly that domain, on every release: never the next one, as Xen answers by
 * itself before 4.18.
 *
 * Return: 0; or -1 with errno, with nothing stored:
 *   EINVAL   @hdl or @domain is NULL, its size is too small, or @domid is not
 *            that of an ordinary domain
 *   ESRCH    there is no such domain
 *   EPERM    this domain may not ask; or the handle is restricted
 *   EACCES   the hypervisor's policy (FLASK) forbids it
 *   ENOTSUP  Xen is older than 4.14, or so new that this library does not know
 *            what it tells of domains
 *   ENOMEM, EAGAIN  several threads ask at once, and there is no memory for
 *            another buffer, or none that may be locked
 *   EFAULT, EINTR   as xencall0() says; try again
 * Success keeps errno.
 *
 * Blocking: no. Threads: safe. Fork: not in the child. Beneath: one hypercall,
 * XEN_DOMCTL_getdomaininfo; nothing is allocated.
 */
int xenmanage_domain_get(xenmanage_handle *hdl, unsigned int domid,
                         struct xenmanage_domain *domain);

/**
 * xenmanage_domain_next() - tell of the first domain from a domid on
 * @first_domid: any number
 * @domain:      in: its size; out: all of it, its domid too
 *
 * For walking through all of them, one by one:
 * `for (id = 0; !xenmanage_domain_next(hdl, id, &d); id = d.domid + 1)`.
 *
 * Return: as xenmanage_domain_get(), and
 *   ESRCH    there is none
 *
 * Blocking, threads, fork: as xenmanage_domain_get(). Beneath: one hypercall,
 * XEN_DOMCTL_getdomaininfo; from 4.18 on XEN_SYSCTL_getdomaininfolist.
 */
int xenmanage_domain_next(xenmanage_handle *hdl, unsigned int first_domid,
                          struct xenmanage_domain *domain);

/**
 * xenmanage_domain_list() - tell of many domains at once
 * @first_domid: any number: those before it are left out
 * @domains:     in: the size of the first; out: in the order of their domids
 * @max_domains: room for so many
 *
 * Each is told of as it is at one instant; those told in one hypercall, of up to
 * 1024, at the same. The list goes on behind the last one if all the room was
 * used.
 *
 * Return: how many; or -1 with errno as xenmanage_domain_get(), and
 *   EINVAL   also: @max_domains is more than INT_MAX
 * On failure @domains may have been written to, but not its first size.
 *
 * Blocking, threads, fork: as xenmanage_domain_get(). Beneath:
 * XEN_SYSCTL_getdomaininfolist, once for each 1024 domains. The handle keeps the
 * buffer that this takes for the next time.
 */
int xenmanage_domain_list(xenmanage_handle *hdl, unsigned int first_domid,
                          struct xenmanage_domain *domains, unsigned int max_domains);

#ifdef __cplusplus
}
#endif

#endif /* XENMANAGE_DOMAIN_H */
