/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "operations.h"

#include "create_domain.h"
#include "domain_info.h"
#include "monitor.h"
#include "passthrough.h"
#include "physinfo.h"
#include "pm.h"

#define V(major, minor) HVABI_RELEASE(major, minor)
#define ROW(cmd, name, member, first, last, ...) {cmd, #name, member, first, last, __VA_ARGS__}

/* One that every release has, in one layout; the same without a payload; and so on. */
#define OP(cmd, name, member) QUIRKY(cmd, name, member, HVABI_QUIRK_NONE)
#define QUIRKY(cmd, name, member, quirk) \
    ROW(cmd, name, #member, HVABI_OLDEST, HVABI_NEWEST, NULL, quirk, false)
#define BARE(cmd, name) \
    ROW(cmd, name, NULL, HVABI_OLDEST, HVABI_NEWEST, NULL, HVABI_QUIRK_NONE, false)
#define SINCE(cmd, name, member, first) \
    ROW(cmd, name, #member, first, HVABI_NEWEST, NULL, HVABI_QUIRK_NONE, false)
#define UNTIL(cmd, name, member, last) \
    ROW(cmd, name, #member, HVABI_OLDEST, last, NULL, HVABI_QUIRK_NONE, false)
#define STABLE(cmd, name, first) \
    ROW(cmd, name, #name, first, HVABI_NEWEST, NULL, HVABI_QUIRK_NONE, true)

/* One whose layout has changed: its functions, in the file of the layouts, obey its rules. */
#define CHANGED(cmd, name, layouts) \
    ROW(cmd, name, #name, HVABI_OLDEST, HVABI_NEWEST, layouts, HVABI_QUIRK_NONE, false)

static const struct hvabi_operation domctls[] = {
    CHANGED(1, createdomain, xenhvabi_create_domain_layouts),
    BARE(2, destroydomain),
    BARE(3, pausedomain),
    BARE(4, unpausedomain),
    CHANGED(5, getdomaininfo, xenhvabi_domain_info_layouts),
    OP(9, setvcpuaffinity, vcpuaffinity),
    OP(10, shadow_op, shadow_op),
    OP(11, max_mem, max_mem),
    QUIRKY(12, setvcpucontext, vcpucontext, HVABI_QUIRK_VCPUCONTEXT_LOSES_REGISTERS),
    QUIRKY(13, getvcpucontext, vcpucontext, HVABI_QUIRK_VCPUCONTEXT_LOSES_REGISTERS),
    OP(14, getvcpuinfo, getvcpuinfo),
    OP(15, max_vcpus, max_vcpus),
    OP(16, scheduler_op, scheduler_op),
    OP(17, setdomainhandle, setdomainhandle),
    OP(18, setdebugging, setdebugging),
    CHANGED(19, irq_permission, xenhvabi_irq_permission_layouts),
    OP(20, iomem_permission, iomem_permission),
    OP(21, ioport_permission, ioport_permission),
    OP(22, hypercall_init, hypercall_init),
    OP(24, settimeoffset, settimeoffset),
    OP(25, getvcpuaffinity, vcpuaffinity),
    BARE(27, resumedomain),
    OP(28, sendtrigger, sendtrigger),
    OP(29, subscribe, subscribe),
    OP(33, gethvmcontext, hvmcontext),
    OP(34, sethvmcontext, hvmcontext),
    OP(35, set_address_size, address_size),
    OP(36, get_address_size, address_size),
    OP(37, assign_device, assign_device),
    OP(38, bind_pt_irq, bind_pt_irq),
    QUIRKY(39, memory_mapping, memory_mapping, HVABI_QUIRK_MEMORY_UNMAPPING_IS_FREE),
    QUIRKY(40, ioport_mapping, ioport_mapping, HVABI_QUIRK_IOPORT_MAPPING_PERMITS_NOTHING),
    OP(42, set_ext_vcpucontext, ext_vcpucontext),
    OP(43, get_ext_vcpucontext, ext_vcpucontext),
    OP(45, test_assign_device, assign_device),
    OP(46, set_target, set_target),
    OP(47, deassign_device, assign_device),
    OP(48, unbind_pt_irq, bind_pt_irq),
    OP(50, get_device_group, get_device_group),
    OP(54, debug_op, debug_op),
    OP(55, gethvmcontext_partial, hvmcontext_partial),
    OP(56, vm_event_op, vm_event_op),
    OP(57, mem_sharing_op, mem_sharing_op),
    UNTIL(58, disable_migrate, disable_migrate, V(4, 14)),
    OP(59, gettscinfo, tsc_info),
    OP(60, settscinfo, tsc_info),
    OP(61, getpageframeinfo3, getpageframeinfo3),
    OP(62, setvcpuextstate, vcpuextstate),
    OP(63, getvcpuextstate, vcpuextstate),
    OP(64, set_access_required, access_required),
    OP(65, audit_p2m, audit_p2m),
    OP(66, set_virq_handler, set_virq_handler),
    OP(67, set_broken_page_p2m, set_broken_page_p2m),
    OP(68, setnodeaffinity, nodeaffinity),
    OP(69, getnodeaffinity, nodeaffinity),
    OP(71, cacheflush, cacheflush),
    OP(72, get_vcpu_msrs, vcpu_msrs),
    OP(73, set_vcpu_msrs, vcpu_msrs),
    OP(74, setvnumainfo, vnuma),
    OP(75, psr_cmt_op, psr_cmt_op),
    CHANGED(77, monitor_op, xenhvabi_monitor_layouts),
    OP(78, psr_alloc, psr_alloc),
    BARE(79, soft_reset),
    OP(81, vuart_op, vuart_op),
    OP(82, get_cpu_policy, cpu_policy),
    OP(83, set_cpu_policy, cpu_policy),
    SINCE(84, vmtrace_op, vmtrace_op, V(4, 15)),
    SINCE(85, get_paging_mempool_size, paging_mempool, V(4, 17)),
    SINCE(86, set_paging_mempool_size, paging_mempool, V(4, 17)),
    SINCE(88, gsi_permission, gsi_permission, V(4, 20)),
    SINCE(89, set_llc_colors, set_llc_colors, V(4, 20)),
    STABLE(90, get_domain_state, V(4, 21)),
    OP(1000, gdbsx_guestmemio, gdbsx_guest_memio),
    OP(1001, gdbsx_pausevcpu, gdbsx_pauseunp_vcpu),
    OP(1002, gdbsx_unpausevcpu, gdbsx_pauseunp_vcpu),
    OP(1003, gdbsx_domstatus, gdbsx_domstatus),
};

/* What getdomaininfolist fills has getdomaininfo's layouts; its request has kept its own. */
static const struct hvabi_operation sysctls[] = {
    OP(1, readconsole, readconsole),
    OP(2, tbuf_op, tbuf_op),
    CHANGED(3, physinfo, xenhvabi_physinfo_layouts),
    OP(4, sched_id, sched_id),
    OP(5, perfc_op, perfc_op),
    OP(6, getdomaininfolist, getdomaininfolist),
    OP(7, debug_keys, debug_keys),
    OP(8, getcpuinfo, getcpuinfo),
    OP(9, availheap, availheap),
    QUIRKY(10, get_pmstat, get_pmstat, HVABI_QUIRK_PX_TOTAL_IS_INPUT),
    OP(11, cpu_hotplug, cpu_hotplug),
    CHANGED(12, pm_op, xenhvabi_cpufreq_para_layouts),
    OP(14, page_offline_op, page_offline),
    OP(15, lockprof_op, lockprof_op),
    OP(16, cputopoinfo, cputopoinfo),
    OP(17, numainfo, numainfo),
    OP(18, cpupool_op, cpupool_op),
    OP(19, scheduler_op, scheduler_op),
    OP(20, coverage_op, coverage_op),
    OP(21, psr_cmt_op, psr_cmt_op),
    OP(22, pcitopoinfo, pcitopoinfo),
    OP(23, psr_alloc, psr_alloc),
    UNTIL(25, get_cpu_levelling_caps, cpu_levelling_caps, V(4, 21)),
    OP(26, get_cpu_featureset, cpu_featureset),
    QUIRKY(27, livepatch_op, livepatch, HVABI_QUIRK_LIVEPATCH_SIZES_ARE_INPUT),
    OP(29, get_cpu_policy, cpu_policy),
};

/* Stable hypercalls that this library has something to say about. */
static const struct hvabi_operation others[] = {
    [HVABI_OTHER_SET_HVM_PARAM] = STABLE(0, HVMOP_set_param, HVABI_OLDEST),
    [HVABI_OTHER_GET_UCODE_REVISION] = STABLE(65, XENPF_get_ucode_revision, V(4, 18)),
    [HVABI_OTHER_MICROCODE_UPDATE2] = STABLE(66, XENPF_microcode_update2, V(4, 20)),
    [HVABI_OTHER_FORK_RESET] = STABLE(0, XENMEM_sharing_op_fork_reset, HVABI_OLDEST),
    [HVABI_OTHER_DM_SET_IRQ_LEVEL] = STABLE(19, XEN_DMOP_set_irq_level, V(4, 15)),
    [HVABI_OTHER_DM_NR_VCPUS] = STABLE(20, XEN_DMOP_nr_vcpus, V(4, 15)),
};

#define NR_DOMCTLS (sizeof(domctls) / sizeof(domctls[0]))
#define NR_SYSCTLS (sizeof(sysctls) / sizeof(sysctls[0]))
#define NR_OTHERS (sizeof(others) / sizeof(others[0]))

_Static_assert(NR_DOMCTLS + NR_SYSCTLS + NR_OTHERS <= HVABI_OPERATIONS_MAX,
               "as many as are counted");

const struct hvabi_operation *xenhvabi_domctl_at(unsigned index)
{
    return index < NR_DOMCTLS ? &domctls[index] : NULL;
}

const struct hvabi_operation *xenhvabi_sysctl_at(unsigned index)
{
    return index < NR_SYSCTLS ? &sysctls[index] : NULL;
}

const struct hvabi_operation *xenhvabi_find_domctl(unsigned cmd)
{
    for (unsigned i = 0; i < NR_DOMCTLS; i++) {
        if (domctls[i].cmd == cmd) {
            return &domctls[i];
        }
    }
    return NULL;
}

const struct hvabi_operation *xenhvabi_find_sysctl(unsigned cmd)
{
    for (unsigned i = 0; i < NR_SYSCTLS; i++) {
        if (sysctls[i].cmd == cmd) {
            return &sysctls[i];
        }
    }
    return NULL;
}

const struct hvabi_operation *xenhvabi_other(unsigned other)
{
    return &others[other];
}

unsigned xenhvabi_operation_number(const struct hvabi_operation *operation)
{
    if (operation >= domctls && operation < domctls + NR_DOMCTLS) {
        return (unsigned)(operation - domctls);
    }
    if (operation >= sysctls && operation < sysctls + NR_SYSCTLS) {
        return (unsigned)(NR_DOMCTLS + (size_t)(operation - sysctls));
    }
    return (unsigned)(NR_DOMCTLS + NR_SYSCTLS + (size_t)(operation - others));
}
