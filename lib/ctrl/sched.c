/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xenctrl/sched.h"

#include <errno.h>
#include <string.h>

#include "call.h"
#include "operation.h"

/* ---- a domain's parameters ---- */

enum { PUT_INFO = 0, GET_INFO = 1, PUT_VCPU_INFO = 2, GET_VCPU_INFO = 3 };

struct domain_scheduler_op {
    uint32_t sched_id;
    uint32_t cmd;
    union {
        struct xc_sched_credit credit;
        struct xc_sched_credit2 credit2;
        struct xc_sched_rtds rtds;
        struct {
            ctrl_u64 vcpus;
            uint32_t nr_vcpus;
            uint32_t padding;
        } v;
    } u;
};
_Static_assert(sizeof(struct domain_scheduler_op) == 24, "as on every release");

static int domain_op(xc_interface *xch, uint32_t domid, uint32_t sched_id, uint32_t cmd,
                     void *parameters, size_t size)
{
    struct domain_scheduler_op request;

    CTRL_ZERO(request);
    request.sched_id = sched_id;
    request.cmd = cmd;
    memcpy(&request.u, parameters, size);
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_SCHEDULER_OP, domid, CTRL_PAYLOAD(request));
    if (result >= 0 && cmd == GET_INFO) {
        memcpy(parameters, &request.u, size);
    }
    return result;
}

int xc_sched_credit_domain_set(xc_interface *xch, uint32_t domid, struct xc_sched_credit *sdom)
{
    return domain_op(xch, domid, XEN_SCHEDULER_CREDIT, PUT_INFO, sdom, sizeof(*sdom));
}

int xc_sched_credit_domain_get(xc_interface *xch, uint32_t domid, struct xc_sched_credit *sdom)
{
    *sdom = (struct xc_sched_credit){0};
    return domain_op(xch, domid, XEN_SCHEDULER_CREDIT, GET_INFO, sdom, sizeof(*sdom));
}

int xc_sched_credit2_domain_set(xc_interface *xch, uint32_t domid,
                                struct xc_sched_credit2 *sdom)
{
    return domain_op(xch, domid, XEN_SCHEDULER_CREDIT2, PUT_INFO, sdom, sizeof(*sdom));
}

int xc_sched_credit2_domain_get(xc_interface *xch, uint32_t domid,
                                struct xc_sched_credit2 *sdom)
{
    *sdom = (struct xc_sched_credit2){0};
    return domain_op(xch, domid, XEN_SCHEDULER_CREDIT2, GET_INFO, sdom, sizeof(*sdom));
}

int xc_sched_rtds_domain_set(xc_interface *xch, uint32_t domid, struct xc_sched_rtds *sdom)
{
    return domain_op(xch, domid, XEN_SCHEDULER_RTDS, PUT_INFO, sdom, sizeof(*sdom));
}

int xc_sched_rtds_domain_get(xc_interface *xch, uint32_t domid, struct xc_sched_rtds *sdom)
{
    *sdom = (struct xc_sched_rtds){0};
    return domain_op(xch, domid, XEN_SCHEDULER_RTDS, GET_INFO, sdom, sizeof(*sdom));
}

/* How many of them Xen dealt with; -1 with errno. */
static int some_vcpus(xc_interface *xch, uint32_t domid, uint32_t cmd,
                      const struct xc_schedparam_vcpu *vcpus, uint32_t num_vcpus)
{
    struct domain_scheduler_op request;

    CTRL_ZERO(request);
    request.sched_id = XEN_SCHEDULER_RTDS;
    request.cmd = cmd;
    request.u.v.vcpus = ctrl_address(vcpus);
    request.u.v.nr_vcpus = num_vcpus;
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_SCHEDULER_OP, domid, CTRL_PAYLOAD(request));

    if (result < 0) {
        return -1;
    }
    if (request.u.v.nr_vcpus == 0 || request.u.v.nr_vcpus > num_vcpus) {
        return xenctrl_refused(xch, EPROTO, "Xen dealt with %u of %u vCPUs",
                               request.u.v.nr_vcpus, num_vcpus);
    }
    return (int)request.u.v.nr_vcpus;
}

static int vcpu_op(xc_interface *xch, uint32_t domid, uint32_t cmd,
                   struct xc_schedparam_vcpu *vcpus, uint32_t num_vcpus)
{
    struct xc_schedparam_vcpu *buffer =
        xenctrl_buffer_array(xch, num_vcpus, sizeof(*buffer));
    int result = 0;

    if (!buffer) {
        return -1;
    }
    if (num_vcpus) {
        memcpy(buffer, vcpus, num_vcpus * sizeof(*vcpus));
    }
    for (uint32_t done = 0; result >= 0 && done < num_vcpus;) {
        result = some_vcpus(xch, domid, cmd, buffer + done, num_vcpus - done);
        done += result < 0 ? 0 : (uint32_t)result;
    }
    if (result >= 0 && num_vcpus && cmd == GET_VCPU_INFO) {
        memcpy(vcpus, buffer, num_vcpus * sizeof(*vcpus));
    }
    xenctrl_buffer_done(xch, buffer);
    return result < 0 ? -1 : 0;
}

int xc_sched_rtds_vcpu_set(xc_interface *xch, uint32_t domid, struct xc_schedparam_vcpu *vcpus,
                           uint32_t num_vcpus)
{
    return vcpu_op(xch, domid, PUT_VCPU_INFO, vcpus, num_vcpus);
}

int xc_sched_rtds_vcpu_get(xc_interface *xch, uint32_t domid, struct xc_schedparam_vcpu *vcpus,
                           uint32_t num_vcpus)
{
    return vcpu_op(xch, domid, GET_VCPU_INFO, vcpus, num_vcpus);
}

/* ---- a pool's parameters ---- */

struct pool_scheduler_op {
    uint32_t cpupool_id;
    uint32_t sched_id;
    uint32_t cmd;
    uint32_t pad;
    union {
        struct xc_credit_schedule credit;
        struct xc_credit2_schedule credit2;
        ctrl_u64 arinc653;
        ctrl_u64 room[2];
    } u;
};
_Static_assert(sizeof(struct pool_scheduler_op) == 32, "as on every release");

static int pool_op(xc_interface *xch, uint32_t cpupool_id, uint32_t sched_id, uint32_t cmd,
                   void *schedule, size_t size)
{
    struct pool_scheduler_op request;

    CTRL_ZERO(request);
    request.cpupool_id = cpupool_id;
    request.sched_id = sched_id;
    request.cmd = cmd;
    memcpy(&request.u, schedule, size);
    int result = xenctrl_sysctl(xch, CTRL_SYSCTL_SCHEDULER_OP, CTRL_PAYLOAD(request));
    if (result >= 0) {
        memcpy(schedule, &request.u, size);
    }
    return result;
}

int xc_sched_credit_params_set(xc_interface *xch, uint32_t cpupool_id,
                               struct xc_credit_schedule *schedule)
{
    return pool_op(xch, cpupool_id, XEN_SCHEDULER_CREDIT, PUT_INFO, schedule,
                   sizeof(*schedule));
}

int xc_sched_credit_params_get(xc_interface *xch, uint32_t cpupool_id,
                               struct xc_credit_schedule *schedule)
{
    *schedule = (struct xc_credit_schedule){0};
    return pool_op(xch, cpupool_id, XEN_SCHEDULER_CREDIT, GET_INFO, schedule,
                   sizeof(*schedule));
}

int xc_sched_credit2_params_set(xc_interface *xch, uint32_t cpupool_id,
                                struct xc_credit2_schedule *schedule)
{
    return pool_op(xch, cpupool_id, XEN_SCHEDULER_CREDIT2, PUT_INFO, schedule,
                   sizeof(*schedule));
}

int xc_sched_credit2_params_get(xc_interface *xch, uint32_t cpupool_id,
                                struct xc_credit2_schedule *schedule)
{
    *schedule = (struct xc_credit2_schedule){0};
    return pool_op(xch, cpupool_id, XEN_SCHEDULER_CREDIT2, GET_INFO, schedule,
                   sizeof(*schedule));
}

_Static_assert(sizeof(struct xc_arinc653_schedule) == 2064, "as on every release");

/* Too long for a request, which therefore holds its address. */
static int arinc653_op(xc_interface *xch, uint32_t cpupool_id, uint32_t cmd,
                       struct xc_arinc653_schedule *buffer)
{
    struct pool_scheduler_op request;

    CTRL_ZERO(request);
    request.cpupool_id = cpupool_id;
    request.sched_id = XEN_SCHEDULER_ARINC653;
    request.cmd = cmd;
    request.u.arinc653 = ctrl_address(buffer);
    return xenctrl_sysctl(xch, CTRL_SYSCTL_SCHEDULER_OP, CTRL_PAYLOAD(request));
}

int xc_sched_arinc653_schedule_set(xc_interface *xch, uint32_t cpupool_id,
                                   struct xc_arinc653_schedule *schedule)
{
    struct xc_arinc653_schedule *buffer = xenctrl_buffer_copy(xch, schedule, sizeof(*schedule));

    if (!buffer) {
        return -1;
    }
    int result = arinc653_op(xch, cpupool_id, PUT_INFO, buffer);
    xenctrl_buffer_done(xch, buffer);
    return result;
}

int xc_sched_arinc653_schedule_get(xc_interface *xch, uint32_t cpupool_id,
                                   struct xc_arinc653_schedule *schedule)
{
    struct xc_arinc653_schedule *buffer = xenctrl_buffer(xch, sizeof(*buffer));

    if (!buffer) {
        return -1;
    }
    memset(buffer, 0, sizeof(*buffer));
    int result = arinc653_op(xch, cpupool_id, GET_INFO, buffer);
    if (result >= 0) {
        memcpy(schedule, buffer, sizeof(*schedule));
    }
    xenctrl_buffer_done(xch, buffer);
    return result;
}
