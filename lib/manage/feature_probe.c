/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "feature_probe.h"

#include <errno.h>
#include <string.h>
#include <xen/hypfs.h>
#include <xen/xen.h>
#include <xen/xsm/flask_op.h>

#include "handle.h"
#include "pm.h"

enum { PRESENT_IF_IT_WORKS = 0 };

/*
 * What the result of a probe means; @refusal is the errno of one that is refused where
 * the feature is there.
 */
static int answer(int result, int refusal)
{
    if (result >= 0)
        return 1;
    if (refusal != PRESENT_IF_IT_WORKS && errno == refusal)
        return 1;
    switch (errno) {
    case ENOSYS:
    case EOPNOTSUPP: /* which is ENOTSUP */
    case ENODEV:
    case EINVAL:
        return 0;
    default:
        return -1;
    }
}

/* ---- sysctls that begin with a sub-operation ---- */

static int probe_sysctl(xenmanage_handle *hdl, unsigned cmd, uint32_t sub_op)
{
    struct hvabi_payload payload = {{0}};

    memcpy(&payload, &sub_op, sizeof(sub_op));
    return answer(xenhvabi_sysctl(&hdl->abi, cmd, &payload), PRESENT_IF_IT_WORKS);
}

int xenmanage_probe_trace_buffers(xenmanage_handle *hdl)
{
    enum { GET_INFO = 0 };

    return probe_sysctl(hdl, HVABI_SYSCTL_TBUF_OP, GET_INFO);
}

/* How many there are: with no room given, Xen tells no more. */
int xenmanage_probe_perf_counters(xenmanage_handle *hdl)
{
    enum { QUERY = 2 };

    return probe_sysctl(hdl, HVABI_SYSCTL_PERFC_OP, QUERY);
}

int xenmanage_probe_lock_profile(xenmanage_handle *hdl)
{
    enum { QUERY = 2 };

    return probe_sysctl(hdl, HVABI_SYSCTL_LOCKPROF_OP, QUERY);
}

int xenmanage_probe_livepatch(xenmanage_handle *hdl)
{
    enum { LIST = 2 };

    return probe_sysctl(hdl, HVABI_SYSCTL_LIVEPATCH_OP, LIST);
}

/* Of the first processor. */
int xenmanage_probe_pm_statistics(xenmanage_handle *hdl)
{
    enum { GET_MAX_CX = 0x21 };

    return probe_sysctl(hdl, HVABI_SYSCTL_GET_PMSTAT, GET_MAX_CX);
}

int xenmanage_probe_cache_monitoring(xenmanage_handle *hdl)
{
    enum { ENABLED = 3 };

    return probe_sysctl(hdl, HVABI_SYSCTL_PSR_CMT_OP, ENABLED);
}

/* Of the first socket. */
int xenmanage_probe_cache_shares_l3(xenmanage_handle *hdl)
{
    enum { GET_L3_INFO = 0 };

    return probe_sysctl(hdl, HVABI_SYSCTL_PSR_ALLOC, GET_L3_INFO);
}

int xenmanage_probe_cache_shares_l2(xenmanage_handle *hdl)
{
    enum { GET_L2_INFO = 1 };

    return probe_sysctl(hdl, HVABI_SYSCTL_PSR_ALLOC, GET_L2_INFO);
}

int xenmanage_probe_bandwidth_shares(xenmanage_handle *hdl)
{
    enum { GET_MBA_INFO = 2 };

    return probe_sysctl(hdl, HVABI_SYSCTL_PSR_ALLOC, GET_MBA_INFO);
}

/* ---- power: of the first processor ---- */

int xenmanage_probe_cpuidle(xenmanage_handle *hdl)
{
    enum { GET_MAX_CSTATE = 0x22 };
    uint32_t cstate = 0;

    return answer(xenhvabi_pm_op(&hdl->abi, GET_MAX_CSTATE, 0, &cstate, sizeof(cstate)),
                  PRESENT_IF_IT_WORKS);
}

/* Of arrays without room Xen says only how long they are. */
int xenmanage_probe_cpufreq(xenmanage_handle *hdl)
{
    struct hvabi_cpufreq_para para = {0};

    return answer(xenhvabi_cpufreq_para(&hdl->abi, 0, &para), EAGAIN);
}

int xenmanage_probe_cppc(xenmanage_handle *hdl)
{
    struct hvabi_cppc cppc;

    return answer(xenhvabi_cppc(&hdl->abi, 0, &cppc), PRESENT_IF_IT_WORKS);
}

/* ---- other hypercalls ---- */

/* With an argument in memory behind a sub-operation; or, for some, alone. */
static int probe_with(xenmanage_handle *hdl, unsigned op, int sub_op, const void *argument,
                      size_t size, int refusal)
{
    void *buffer = xencall_buffer_get(hdl->call, size);
    int result;

    if (!buffer)
        return -1;
    memcpy(buffer, argument, size);
    if (sub_op < 0)
        result = xencall2(hdl->call, op, (uintptr_t)buffer, 0);
    else
        result = xencall2(hdl->call, op, (uint64_t)sub_op, (uintptr_t)buffer);
    xencall_buffer_put(hdl->call, buffer);
    return answer(result, refusal);
}

/* Of a version that there never was: refused, once it is clear that there is altp2m. */
int xenmanage_probe_altp2m(xenmanage_handle *hdl)
{
    enum { HVMOP_ALTP2M = 25 };
    const uint8_t request[256] = {0};

    return probe_with(hdl, __HYPERVISOR_hvm_op, HVMOP_ALTP2M, request, sizeof(request), EINVAL);
}

/* Of a domain that cannot be: refused, once it is clear that there is such an operation. */
static int probe_memory(xenmanage_handle *hdl, int sub_op)
{
    struct {
        uint8_t op, more;
        uint16_t domid;
        uint8_t rest[124];
    } request = {.domid = DOMID_INVALID};

    return probe_with(hdl, __HYPERVISOR_memory_op, sub_op, &request, sizeof(request), ESRCH);
}

int xenmanage_probe_mem_paging(xenmanage_handle *hdl)
{
    enum { XENMEM_PAGING_OP = 20 };

    return probe_memory(hdl, XENMEM_PAGING_OP);
}

int xenmanage_probe_mem_access(xenmanage_handle *hdl)
{
    enum { XENMEM_ACCESS_OP = 21 };

    return probe_memory(hdl, XENMEM_ACCESS_OP);
}

int xenmanage_probe_mem_sharing(xenmanage_handle *hdl)
{
    enum { XENMEM_SHARING_OP = 22 };

    return probe_memory(hdl, XENMEM_SHARING_OP);
}

/* Whether a crash kernel is loaded. */
int xenmanage_probe_kexec(xenmanage_handle *hdl)
{
    enum { STATUS = 6 };
    const uint8_t crash = 1;

    return probe_with(hdl, __HYPERVISOR_kexec_op, STATUS, &crash, sizeof(crash),
                      PRESENT_IF_IT_WORKS);
}

int xenmanage_probe_flask(xenmanage_handle *hdl)
{
    xen_flask_op_t request;

    memset(&request, 0, sizeof(request));
    request.cmd = FLASK_GETENFORCE;
    request.interface_version = XEN_FLASK_INTERFACE_VERSION;
    return probe_with(hdl, __HYPERVISOR_xsm_op, -1, &request, sizeof(request),
                      PRESENT_IF_IT_WORKS);
}

int xenmanage_probe_hypfs(xenmanage_handle *hdl)
{
    return answer(xencall5(hdl->call, __HYPERVISOR_hypfs_op, XEN_HYPFS_OP_get_version, 0, 0, 0, 0),
                  PRESENT_IF_IT_WORKS);
}
