/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A walk through the page tables of a domain, as its CPU would make one. The domain
 * can write to them meanwhile: an entry is read once, and any value of it is good for
 * nothing worse than a frame that cannot be mapped.
 */
#include <errno.h>
#include <sys/mman.h>

#include "call.h"
#include "domain_info.h"
#include "xenctrl/memory.h"

#if defined(__i386__) || defined(__x86_64__)

#include <xen/arch-x86/hvm/save.h>

#include "xenctrl/domain.h"
#include "xenctrl/hvm.h"
#include "xenctrl/vcpu.h"

enum {
    ENTRY_PRESENT = 1 << 0,
    ENTRY_LARGE = 1 << 7, /* it maps memory itself, no further table */
    CR4_PSE = 1 << 4,
    CR4_PAE = 1 << 5,
    EFER_LMA = 1 << 10,
    ADDRESS_BITS = 48, /* that four levels translate */
};
#define CR0_PG (UINT32_C(1) << 31)
#define ENTRY_ADDRESS UINT64_C(0x000ffffffffff000)

/* Where a walk begins, and by what rules it goes. */
struct walk {
    uint64_t table;      /* the address of the uppermost table */
    unsigned levels;     /* 0: there is no paging */
    unsigned entry_size; /* bytes */
    bool allows_4m;
};

static const struct walk no_paging = {.levels = 0};

static struct walk four_levels(uint64_t cr3)
{
    return (struct walk){.table = cr3 & ENTRY_ADDRESS, .levels = 4, .entry_size = 8};
}

/* ---- where to begin ---- */

static struct walk walk_of_hvm_cpu(const struct hvm_hw_cpu *cpu)
{
    if (!(cpu->cr0 & CR0_PG)) {
        return no_paging;
    }
    if (cpu->msr_efer & EFER_LMA) {
        return four_levels(cpu->cr3);
    }
    if (cpu->cr4 & CR4_PAE) {
        return (struct walk){.table = cpu->cr3 & 0xffffffe0, .levels = 3, .entry_size = 8};
    }
    return (struct walk){.table = cpu->cr3 & 0xfffff000,
                         .levels = 2,
                         .entry_size = 4,
                         .allows_4m = (cpu->cr4 & CR4_PSE) != 0};
}

/* The record grows at its end from release to release: there is room for more. */
static int find_walk_of_hvm(xc_interface *xch, uint32_t dom, int vcpu, struct walk *walk)
{
    union {
        struct hvm_hw_cpu cpu;
        uint8_t room[4096];
    } record;

    CTRL_ZERO(record);
    if (xc_domain_hvm_getcontext_partial(xch, dom, HVM_SAVE_CODE(CPU), (uint16_t)vcpu, &record,
                                         sizeof(record))) {
        return -1;
    }
    *walk = walk_of_hvm_cpu(&record.cpu);
    return 0;
}

/* A 32-bit PV domain has PAE tables, and the upper bits of their frame in the lower of CR3. */
static int find_walk_of_pv(xc_interface *xch, uint32_t dom, int vcpu, struct walk *walk)
{
    vcpu_guest_context_any_t context;
    unsigned width;

    CTRL_ZERO(context);
    if (xc_vcpu_getcontext(xch, dom, (uint32_t)vcpu, &context) ||
        xc_domain_get_guest_width(xch, dom, &width)) {
        return -1;
    }
    if (width == 8) {
        *walk = four_levels(context.x64.ctrlreg[3]);
        return 0;
    }
    uint64_t cr3 = (uint32_t)context.x32.ctrlreg[3];
    *walk = (struct walk){.table = (cr3 & 0xfffff000) | (cr3 & 0xfff) << 32,
                          .levels = 3,
                          .entry_size = 8};
    return 0;
}

static int find_walk(xc_interface *xch, uint32_t dom, int vcpu, struct walk *walk)
{
    struct hvabi_domain_info info;

    if (xenctrl_check_domid(xch, dom)) {
        return -1;
    }
    if (vcpu < 0 || vcpu > UINT16_MAX) {
        return xenctrl_refused(xch, EINVAL, "%d is no vCPU", vcpu);
    }
    if (xenctrl_domain_result(xch, xenhvabi_domain_info(&xch->abi, (uint16_t)dom, &info),
                              "getdomaininfo", dom) < 0) {
        return -1;
    }
    return info.flags & XEN_DOMINF_hvm_guest ? find_walk_of_hvm(xch, dom, vcpu, walk)
                                             : find_walk_of_pv(xch, dom, vcpu, walk);
}

/* ---- the way down ---- */

/* How many bits of an address lie below those that @level is indexed by. */
static unsigned shift_of(const struct walk *walk, unsigned level)
{
    return XC_PAGE_SHIFT + (level - 1) * (walk->entry_size == 8 ? 9 : 10);
}

/* The index of three levels' uppermost has two bits, since the address has no more. */
static uint64_t offset_in_table(const struct walk *walk, unsigned level, uint64_t address)
{
    uint64_t mask = XC_PAGE_SIZE / walk->entry_size - 1;

    return (address >> shift_of(walk, level) & mask) * walk->entry_size;
}

static int read_entry(xc_interface *xch, uint32_t dom, uint64_t where, unsigned size,
                      uint64_t *entry)
{
    xen_pfn_t frame = (xen_pfn_t)(where >> XC_PAGE_SHIFT);
    uint8_t *page = xenforeignmemory_map(xch->fmem, dom, PROT_READ, 1, &frame, NULL);

    if (!page) {
        return xenctrl_failed(xch, "mapping a page table of domain %u", dom);
    }
    const void *place = page + (where & ~XC_PAGE_MASK);
    *entry = size == 8 ? __atomic_load_n((const uint64_t *)place, __ATOMIC_RELAXED)
                       : __atomic_load_n((const uint32_t *)place, __ATOMIC_RELAXED);
    xenforeignmemory_unmap(xch->fmem, page, 1);
    return 0;
}

static bool is_large(const struct walk *walk, unsigned level, uint64_t entry)
{
    if (!(entry & ENTRY_LARGE) || level == 1) {
        return false;
    }
    if (walk->entry_size == 4) {
        return walk->allows_4m;
    }
    return level == 2 || (level == 3 && walk->levels == 4);
}

/* Entries of 4 MiB pages have the upper bits of the address in their lower ones. */
static uint64_t address_in(const struct walk *walk, uint64_t entry, bool large)
{
    if (walk->entry_size == 8) {
        return entry & ENTRY_ADDRESS;
    }
    return large ? (entry & 0xffc00000) | (entry >> 13 & 0xff) << 32 : entry & 0xfffff000;
}

static int not_mapped(xc_interface *xch, uint32_t dom, uint64_t address)
{
    return xenctrl_refused(xch, EADDRNOTAVAIL, "address %#llx of domain %u is not mapped",
                           (unsigned long long)address, dom);
}

static int follow(xc_interface *xch, uint32_t dom, const struct walk *walk, uint64_t address,
                  uint64_t *found)
{
    uint64_t entry = 0, at = walk->table;

    for (unsigned level = walk->levels; level; level--) {
        uint64_t where = at + offset_in_table(walk, level, address);

        if (read_entry(xch, dom, where, walk->entry_size, &entry)) {
            return -1;
        }
        if (!(entry & ENTRY_PRESENT)) {
            return not_mapped(xch, dom, address);
        }
        bool large = is_large(walk, level, entry);
        at = address_in(walk, entry, large);
        if (large) {
            uint64_t within = (UINT64_C(1) << shift_of(walk, level)) - 1;

            *found = (at & ~within) | (address & within);
            return 0;
        }
    }
    *found = at;
    return 0;
}

/* The bits above those that are translated repeat the uppermost of these. */
static bool is_canonical(uint64_t address)
{
    return (uint64_t)((int64_t)(address << (64 - ADDRESS_BITS)) >> (64 - ADDRESS_BITS)) == address;
}

unsigned long xc_translate_foreign_address(xc_interface *xch, uint32_t dom, int vcpu,
                                           unsigned long long virt)
{
    struct walk walk;
    uint64_t found = virt;
    int saved = errno;

    if (find_walk(xch, dom, vcpu, &walk)) {
        return 0;
    }
    if (walk.levels == 4 && !is_canonical(virt)) {
        not_mapped(xch, dom, virt);
        return 0;
    }
    if (walk.levels == 2 || walk.levels == 3) {
        virt = (uint32_t)virt;
    }
    if (walk.levels && follow(xch, dom, &walk, virt, &found)) {
        return 0;
    }
    errno = saved;
    return (unsigned long)(found >> XC_PAGE_SHIFT);
}

#else

unsigned long xc_translate_foreign_address(xc_interface *xch, uint32_t dom, int vcpu,
                                           unsigned long long virt)
{
    xenctrl_refused(xch, ENOSYS, "address %#llx of vCPU %d of domain %u: page tables are not "
                    "known on this machine", virt, vcpu, dom);
    return 0;
}

#endif
