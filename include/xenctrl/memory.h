/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Domains' memory, the host's, and looking into both. */
#ifndef XENCTRL_MEMORY_H
#define XENCTRL_MEMORY_H

#include <xenctrl/buffer.h>
#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * xc_memory_op() - make a memory_op hypercall
 * @cmd: XENMEM_*
 * @arg: its struct, @len bytes, which becomes the answer; what it points to must
 *       be hypercall buffers
 *
 * Return: what Xen returned, or -1 with errno.
 */
long xc_memory_op(xc_interface *xch, unsigned int cmd, void *arg, size_t len);

/* ---- giving and taking memory ---- */

/*
 * Give a domain @nr_extents times 2^@extent_order pages, in runs of that many; take
 * them away. For populate_physmap @extent_start is in: where they appear; for
 * increase_reservation out: which they are; for decrease_reservation in: which go.
 *
 * Return: how many runs were dealt with, fewer than wanted is no error, none neither (nor
 * a domain that is not there); "_exact": 0, and fewer are one (populate: EBUSY, increase:
 * ENOMEM, decrease: EINVAL).
 * memory_op populate_physmap, increase_reservation, decrease_reservation.
 */
int xc_domain_populate_physmap(xc_interface *xch, uint32_t domid, unsigned long nr_extents,
                               unsigned int extent_order, unsigned int mem_flags,
                               xen_pfn_t *extent_start);
int xc_domain_populate_physmap_exact(xc_interface *xch, uint32_t domid,
                                     unsigned long nr_extents, unsigned int extent_order,
                                     unsigned int mem_flags, xen_pfn_t *extent_start);
int xc_domain_increase_reservation(xc_interface *xch, uint32_t domid, unsigned long nr_extents,
                                   unsigned int extent_order, unsigned int mem_flags,
                                   xen_pfn_t *extent_start);
int xc_domain_increase_reservation_exact(xc_interface *xch, uint32_t domid,
                                         unsigned long nr_extents, unsigned int extent_order,
                                         unsigned int mem_flags, xen_pfn_t *extent_start);
int xc_domain_decrease_reservation(xc_interface *xch, uint32_t domid, unsigned long nr_extents,
                                   unsigned int extent_order, xen_pfn_t *extent_start);
int xc_domain_decrease_reservation_exact(xc_interface *xch, uint32_t domid,
                                         unsigned long nr_extents, unsigned int extent_order,
                                         xen_pfn_t *extent_start);

/**
 * xc_domain_add_to_physmap() - let a domain see something at @gpfn
 * @space: XENMAPSPACE_*
 * @idx:   which of that space
 */
int xc_domain_add_to_physmap(xc_interface *xch, uint32_t domid, unsigned int space,
                             unsigned long idx, xen_pfn_t gpfn);

/* The same for @size of them, from another domain as well; *@errs: 0 or negative errno each. */
int xc_domain_add_to_physmap_batch(xc_interface *xch, uint32_t domid, uint32_t foreign_domid,
                                   unsigned int space, unsigned int size, xen_ulong_t *idxs,
                                   xen_pfn_t *gfpns, int *errs);
int xc_domain_remove_from_physmap(xc_interface *xch, uint32_t domid, xen_pfn_t gpfn);

/*
 * Keep that much of the host's free memory for a domain to come; 0 lets go of it. EINVAL
 * also: there is no such domain.
 */
int xc_domain_claim_pages(xc_interface *xch, uint32_t domid, unsigned long nr_pages);

/**
 * xc_domain_memory_exchange_pages() - give pages back for others of another order
 *
 * Return: 0 once all are exchanged; -1 with errno: those up to there are gone.
 */
int xc_domain_memory_exchange_pages(xc_interface *xch, uint32_t domid,
                                    unsigned long nr_in_extents, unsigned int in_order,
                                    xen_pfn_t *in_extents, unsigned long nr_out_extents,
                                    unsigned int out_order, xen_pfn_t *out_extents);

/* ---- populate on demand ---- */

/* Set the target, and how it stands; any of the results may be NULL. In pages. */
int xc_domain_set_pod_target(xc_interface *xch, uint32_t domid, uint64_t target_pages,
                             uint64_t *tot_pages, uint64_t *pod_cache_pages,
                             uint64_t *pod_entries);
int xc_domain_get_pod_target(xc_interface *xch, uint32_t domid, uint64_t *tot_pages,
                             uint64_t *pod_cache_pages, uint64_t *pod_entries);

/* ---- what there is ---- */

/*
 * A domain's highest frame; the number after it; the number after the host's highest, whatever
 * the function's name says; a domain's pages now.
 */
int xc_domain_maximum_gpfn(xc_interface *xch, uint32_t domid, xen_pfn_t *gpfns);
int xc_domain_nr_gpfns(xc_interface *xch, uint32_t domid, xen_pfn_t *gpfns);
int xc_maximum_ram_page(xc_interface *xch, unsigned long *max_mfn);
long xc_get_tot_pages(xc_interface *xch, uint32_t domid);

/*
 * The frames that hold the host's table from machine to guest frames; 2 MiB of it each.
 * ERANGE: the table has more or fewer than @max_extents; those there are were filled.
 */
int xc_machphys_mfn_list(xc_interface *xch, unsigned long max_extents, xen_pfn_t *extent_start);

/* Pages that domains share with each other, and that were saved by it; -1 with errno. */
long xc_sharing_freed_pages(xc_interface *xch);
long xc_sharing_used_frames(xc_interface *xch);

#if defined(__i386__) || defined(__x86_64__)
#define E820_RAM 1
#define E820_RESERVED 2
#define E820_ACPI 3
#define E820_NVS 4
#define E820_UNUSABLE 5
#define E820MAX 128

struct e820entry {
    uint64_t addr;
    uint64_t size;
    uint32_t type;
} __attribute__((packed));

/* A PV domain's memory map; one made of RAM up to a limit in KiB. */
int xc_domain_set_memory_map(xc_interface *xch, uint32_t domid, struct e820entry entries[],
                             uint32_t nr_entries);

/*
 * The host's. Return: how many entries were filled, or -1 with errno; EINVAL also: there is
 * less room than entries and one.
 */
int xc_get_machine_memory_map(xc_interface *xch, struct e820entry entries[],
                              uint32_t max_entries);
#endif
int xc_domain_set_memmap_limit(xc_interface *xch, uint32_t domid, unsigned long map_limitkb);

/**
 * xc_reserved_device_memory_map() - what devices keep for themselves
 * @flags:       XENMEM_RDM_ALL, or 0: for the one device that is named
 * @max_entries: in: room; out: how many there are
 *
 * Return: 0, or -1 with errno; ENOBUFS: the room was too small.
 */
int xc_reserved_device_memory_map(xc_interface *xch, uint32_t flags, uint16_t seg, uint8_t bus,
                                  uint8_t devfn, struct xen_reserved_device_memory entries[],
                                  uint32_t *max_entries);

/* ---- looking into it ---- */

/* Write one page of a domain, given by its frame; make @num of them zero. */
int xc_copy_to_domain_page(xc_interface *xch, uint32_t domid, unsigned long dst_pfn,
                           const char *src_page);
int xc_clear_domain_pages(xc_interface *xch, uint32_t domid, unsigned long dst_pfn, int num);
static inline int xc_clear_domain_page(xc_interface *xch, uint32_t domid,
                                       unsigned long dst_pfn)
{
    return xc_clear_domain_pages(xch, domid, dst_pfn, 1);
}

/**
 * xc_translate_foreign_address() - the frame that a domain sees at an address of its own
 * @vcpu: the vCPU whose page tables count; of a PV domain the kernel's
 * @virt: of a vCPU with 32-bit page tables only the lower 32 bits count
 *
 * Pause the domain first if it may change its page tables meanwhile. Tables of two to
 * four levels, and pages of any size, are known (x86).
 *
 * Return: the frame, as xc_map_foreign_pages() takes it; 0 with errno (a page may lie in
 * frame 0: errno tells, it is kept then).
 *   EADDRNOTAVAIL  nothing is mapped at that address
 *   EINVAL         also: @vcpu is negative, or none of a PV domain's; or a page table lies
 *                  where no memory is
 *   ENOENT, ENODATA  the vCPU is none of an HVM domain's, or has no registers yet
 *   ENOSYS         also: no x86
 * Beneath: domctl getdomaininfo, then getvcpucontext and get_address_size or (HVM)
 * gethvmcontext_partial; for each level a page is mapped and unmapped.
 */
unsigned long xc_translate_foreign_address(xc_interface *xch, uint32_t dom, int vcpu,
                                           unsigned long long virt);

/* Memory of this process at a multiple of @alignment, for free(); NULL with EINVAL or ENOMEM. */
void *xc_memalign(xc_interface *xch, size_t alignment, size_t size);

/* ---- page tables ---- */

/* Make @nr_ops operations of mmuext_op on a PV domain. Return: what Xen returned, or -1. */
int xc_mmuext_op(xc_interface *xch, struct mmuext_op *op, unsigned int nr_ops, uint32_t dom);

/* The frame below 4 GiB that now takes @mfn's place; 0 with errno. */
unsigned long xc_make_page_below_4G(xc_interface *xch, uint32_t domid, unsigned long mfn);

/* Write a run of a domain's pages back from the caches (Arm); 0 at once on x86. */
int xc_domain_cacheflush(xc_interface *xch, uint32_t domid, xen_pfn_t start_pfn,
                         xen_pfn_t nr_pfns);

/* Mark a page of a domain as broken. Check a domain's p2m; what was found wrong. */
int xc_set_broken_page_p2m(xc_interface *xch, uint32_t domid, unsigned long pfn);
int xc_domain_p2m_audit(xc_interface *xch, uint32_t domid, uint64_t *orphans,
                        uint64_t *m2p_bad, uint64_t *p2m_bad);

/* ---- paging: log-dirty, and the memory that tables take ---- */

typedef struct xc_shadow_op_stats {
    uint32_t fault_count;
    uint32_t dirty_count;
} xc_shadow_op_stats_t;

/**
 * xc_logdirty_control() - which pages a domain has written
 * @sop:          XEN_DOMCTL_SHADOW_OP_CLEAN, _PEEK, or one that only turns it on or off
 * @dirty_bitmap: gets a bit for each of @pages; Xen writes it in place
 * @stats:        may be NULL
 *
 * Return: how many bits were filled, or -1 with errno; EINVAL also: not such a @sop.
 */
long long xc_logdirty_control(xc_interface *xch, uint32_t domid, unsigned int sop,
                              xc_hypercall_buffer_t *dirty_bitmap, unsigned long pages,
                              unsigned int mode, xc_shadow_op_stats_t *stats);

/* The memory for a domain's p2m and shadow tables, in bytes: whole pages. */
int xc_get_paging_mempool_size(xc_interface *xch, uint32_t domid, uint64_t *size);
int xc_set_paging_mempool_size(xc_interface *xch, uint32_t domid, uint64_t size);

#ifdef __cplusplus
}
#endif

#endif
