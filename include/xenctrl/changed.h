/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What upstream has changed the shape of from release to release: here it has the
 * shape of the newest, for good. Programs name some of the structs as Xen's headers
 * do: with this header, those names mean these.
 */
#ifndef XENCTRL_CHANGED_H
#define XENCTRL_CHANGED_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct xc_arch_domainconfig {
    uint32_t emulation_flags; /* XEN_X86_EMU_* */
    uint32_t misc_flags;      /* XEN_X86_* */
};
#define xen_arch_domainconfig xc_arch_domainconfig

/*
 * What a domain is created with. All that is not set must be 0. Fields mean the same
 * on every release; what one lacks is refused with ENOTSUP unless it is 0.
 */
struct xc_createdomain {
    uint32_t ssidref;
    xen_domain_handle_t handle;
    uint32_t flags;      /* XEN_DOMCTL_CDF_* */
    uint32_t iommu_opts; /* XEN_DOMCTL_IOMMU_* */
    uint32_t max_vcpus;
    uint32_t max_evtchn_port;
    int32_t max_grant_frames; /* negative: as many as Xen thinks fit */
    int32_t max_maptrack_frames;
    uint32_t grant_opts; /* the highest grant version; 0: the host's */
    __extension__ union {
        uint32_t altp2m_opts; /* as it was called before Xen 4.21 */
        struct {
            uint16_t opts; /* XEN_DOMCTL_ALTP2M_* */
            uint16_t nr;   /* 0 with a mode: ten */
        } altp2m;
    };
    uint32_t vmtrace_size;
    uint32_t cpupool_id;
    struct xc_arch_domainconfig arch;
    uint32_t reserved[15]; /* 0 */
};
#define xen_domctl_createdomain xc_createdomain

/**
 * xc_domain_create() - create a domain, without memory or vCPUs, paused
 * @pdomid: in: the id it shall have, or 0: any; out: its id
 *
 * EEXIST: there is such a domain. EINVAL also: a reserved field is not 0, or flags that
 * no release has. Beneath: createdomain, and on older releases what puts right what it
 * could not say.
 */
int xc_domain_create(xc_interface *xch, uint32_t *pdomid, struct xc_createdomain *config);

/* What Xen tells of a domain; what a release does not tell is 0. */
typedef struct xc_domaininfo {
    domid_t domain;
    uint16_t pad1;
    uint32_t flags; /* XEN_DOMINF_* */
    __attribute__((aligned(8))) uint64_t tot_pages;
    __attribute__((aligned(8))) uint64_t max_pages;
    __attribute__((aligned(8))) uint64_t outstanding_pages;
    __attribute__((aligned(8))) uint64_t shr_pages;
    __attribute__((aligned(8))) uint64_t paged_pages;
    __attribute__((aligned(8))) uint64_t shared_info_frame;
    __attribute__((aligned(8))) uint64_t cpu_time; /* nanoseconds */
    uint32_t nr_online_vcpus;
    uint32_t max_vcpu_id;
    uint32_t ssidref;
    xen_domain_handle_t handle;
    uint32_t cpupool;
    uint8_t gpaddr_bits;
    uint8_t pad2[7];
    struct xc_arch_domainconfig arch_config;
} xc_domaininfo_t;

/**
 * xc_domain_getinfolist() - the domains whose ids are @first_domain or above
 *
 * Return: how many of up to @max_domains, in rising order; 0: none; -1 with errno.
 */
int xc_domain_getinfolist(xc_interface *xch, uint32_t first_domain, unsigned int max_domains,
                          xc_domaininfo_t *info);

/* Exactly this domain; @info may be NULL. */
int xc_domain_getinfo_single(xc_interface *xch, uint32_t domid, xc_domaininfo_t *info);

static inline unsigned int dominfo_shutdown_reason(const xc_domaininfo_t *info)
{
    return info->flags >> XEN_DOMINF_shutdownshift & XEN_DOMINF_shutdownmask;
}

static inline bool dominfo_shutdown_with(const xc_domaininfo_t *info,
                                         unsigned int expected_reason)
{
    return (info->flags & XEN_DOMINF_shutdown) &&
           dominfo_shutdown_reason(info) == expected_reason;
}

/*
 * A domain as up to Xen 4.17, whose shape was the library's own; upstream has dropped it
 * for the one above.
 */
typedef struct xc_dominfo {
    uint32_t domid;
    uint32_t ssidref;
    unsigned int dying : 1, crashed : 1, shutdown : 1, paused : 1, blocked : 1, running : 1,
        hvm : 1, debugged : 1, xenstore : 1, hap : 1;
    unsigned int shutdown_reason; /* SHUTDOWN_*, if shutdown */
    unsigned long nr_pages;
    unsigned long nr_outstanding_pages;
    unsigned long nr_shared_pages;
    unsigned long nr_paged_pages;
    unsigned long shared_info_frame;
    uint64_t cpu_time; /* nanoseconds */
    unsigned long max_memkb;
    unsigned int nr_online_vcpus;
    unsigned int max_vcpu_id;
    xen_domain_handle_t handle;
    unsigned int cpupool;
    uint8_t gpaddr_bits;
    struct xc_arch_domainconfig arch_config;
} xc_dominfo_t;

/**
 * xc_domain_getinfo() - up to @max_doms domains whose ids are @first_domid or above
 *
 * A domain that has crashed is crashed, and not shutdown. Return: how many there are, in
 * rising order; -1 with errno. ESRCH: there is none.
 */
int xc_domain_getinfo(xc_interface *xch, uint32_t first_domid, unsigned int max_doms,
                      xc_dominfo_t *info);

/* The host as a whole. Memory counts in pages. */
typedef struct {
    uint32_t threads_per_core;
    uint32_t cores_per_socket;
    uint32_t nr_cpus;    /* online */
    uint32_t max_cpu_id;
    uint32_t nr_nodes;   /* online */
    uint32_t max_node_id;
    uint32_t cpu_khz;
    uint32_t capabilities; /* XEN_SYSCTL_PHYSCAP_* */
    uint32_t arch_capabilities;
    uint32_t pad;
    __attribute__((aligned(8))) uint64_t total_pages;
    __attribute__((aligned(8))) uint64_t free_pages;
    __attribute__((aligned(8))) uint64_t scrub_pages;
    __attribute__((aligned(8))) uint64_t outstanding_pages;
    __attribute__((aligned(8))) uint64_t max_mfn;
    uint32_t hw_cap[8];
} xc_physinfo_t;

int xc_physinfo(xc_interface *xch, xc_physinfo_t *info);

/**
 * xc_shadow_control() - one of the operations on a domain's page tables
 * @sop:  XEN_DOMCTL_SHADOW_OP_*, but for those of xc_logdirty_control()
 * @mb:   in and out: MiB, of those that have it; or NULL
 * @mode: XEN_DOMCTL_SHADOW_ENABLE_*
 */
int xc_shadow_control(xc_interface *xch, uint32_t domid, unsigned int sop, unsigned int *mb,
                      unsigned int mode);

/**
 * xc_livepatch_upload() - give a livepatch to Xen, which checks it (<xenctrl/livepatch.h>)
 * @payload: an ELF object of @size bytes
 * @force:   Xen leaves out some of its checks. ENOTSUP before Xen 4.19
 *
 * EINVAL also: no @payload; or it does not fit this Xen. EEXIST: there is one of that name.
 */
int xc_livepatch_upload(xc_interface *xch, char *name, unsigned char *payload, uint32_t size,
                        bool force);

#ifndef XENPF_UCODE_FORCE
#define XENPF_UCODE_FORCE 1
#endif

/**
 * xc_microcode_update() - load microcode on all CPUs
 * @buf:   @len bytes of it, as their vendor ships them
 * @flags: XENPF_UCODE_FORCE: also what is not newer, which ENOTSUPs before Xen 4.20; or 0
 *
 * EINVAL also: no @buf, or more than 4 GiB; Xen's reasons. ENOENT: nothing in it is for
 * these CPUs, or it is not newer. Stops all CPUs for a moment.
 */
int xc_microcode_update(xc_interface *xch, const void *buf, size_t len, unsigned int flags);

/**
 * xc_memshr_fork_reset() - undo what a fork did since it was made (<xenctrl/memshr.h>)
 * @reset_state:  what its vCPUs did to themselves
 * @reset_memory: what it did to its memory
 *
 * EINVAL also: neither. ENOTSUP also: only one of them, before Xen 4.17. ENOSYS also: it
 * is no fork. Takes long where much was written. memory_op sharing_op.
 */
int xc_memshr_fork_reset(xc_interface *xch, uint32_t forked_domain, bool reset_state,
                         bool reset_memory);

/* The number of a label of the security policy. */
int xc_flask_context_to_sid(xc_interface *xch, char *buf, uint32_t *sid);

#ifdef __cplusplus
}
#endif

#endif
