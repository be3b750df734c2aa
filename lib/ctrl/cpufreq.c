/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Power management's requests that have kept their layout; the others are in face/cpufreq.c. */
#include <errno.h>

#include "call.h"
#include "pm.h"
#include "xenctrl/power.h"

enum {
    SET_GOV = 0x12,
    SET_PARA = 0x13,
    GET_AVGFREQ = 0x14,
    SET_SCHED_OPT_SMT = 0x21,
    GET_MAX_CSTATE = 0x22,
    SET_MAX_CSTATE = 0x23,
    ENABLE_TURBO = 0x26,
    DISABLE_TURBO = 0x27,
};

static int pm_op(xc_interface *xch, uint32_t sub_op, uint32_t cpu, void *bytes, size_t size)
{
    if (xenctrl_check_open(xch)) {
        return -1;
    }
    return xenctrl_result(xch, xenhvabi_pm_op(&xch->abi, sub_op, cpu, bytes, size), "pm_op");
}

int xc_set_cpufreq_gov(xc_interface *xch, int cpuid, char *govname)
{
    char name[CPUFREQ_NAME_LEN] = {0};

    if (!govname || strlen(govname) >= sizeof(name)) {
        return xenctrl_refused(xch, EINVAL, "%s is no governor's name",
                               govname ? govname : "NULL");
    }
    memcpy(name, govname, strlen(govname));
    return pm_op(xch, SET_GOV, (uint32_t)cpuid, name, sizeof(name));
}

int xc_set_cpufreq_para(xc_interface *xch, int cpuid, int ctrl_type, int ctrl_value)
{
    uint32_t request[2] = {(uint32_t)ctrl_type, (uint32_t)ctrl_value};

    return pm_op(xch, SET_PARA, (uint32_t)cpuid, request, sizeof(request));
}

int xc_get_cpufreq_avgfreq(xc_interface *xch, int cpuid, int *avg_freq)
{
    uint64_t answer = 0;

    if (!avg_freq) {
        return xenctrl_refused(xch, EINVAL, "no place for a frequency");
    }
    int result = pm_op(xch, GET_AVGFREQ, (uint32_t)cpuid, &answer, sizeof(answer));
    if (result >= 0) {
        *avg_freq = (int)answer;
    }
    return result;
}

int xc_enable_turbo(xc_interface *xch, int cpuid)
{
    return pm_op(xch, ENABLE_TURBO, (uint32_t)cpuid, CTRL_NO_PAYLOAD);
}

int xc_disable_turbo(xc_interface *xch, int cpuid)
{
    return pm_op(xch, DISABLE_TURBO, (uint32_t)cpuid, CTRL_NO_PAYLOAD);
}

_Static_assert(sizeof(xc_set_cppc_para_t) == 24, "as on every release");

int xc_set_cpufreq_cppc(xc_interface *xch, int cpuid, xc_set_cppc_para_t *set_cppc)
{
    if (!set_cppc) {
        return xenctrl_refused(xch, EINVAL, "no parameters of CPPC");
    }
    return pm_op(xch, HVABI_SET_CPUFREQ_CPPC, (uint32_t)cpuid, set_cppc, sizeof(*set_cppc));
}

/* ---- the whole host ---- */

int xc_set_sched_opt_smt(xc_interface *xch, uint32_t value)
{
    return pm_op(xch, SET_SCHED_OPT_SMT, 0, &value, sizeof(value));
}

/* The place of the CPU's number says what of a C-state is meant. */
enum { CSTATE = 0, CSUBSTATE = 1 };

static int get_max(xc_interface *xch, uint32_t which, uint32_t *value)
{
    uint32_t answer = 0;

    if (!value) {
        return xenctrl_refused(xch, EINVAL, "no place for a C-state");
    }
    int result = pm_op(xch, GET_MAX_CSTATE, which, &answer, sizeof(answer));
    if (result >= 0) {
        *value = answer;
    }
    return result;
}

int xc_get_cpuidle_max_cstate(xc_interface *xch, uint32_t *value)
{
    return get_max(xch, CSTATE, value);
}

int xc_get_cpuidle_max_csubstate(xc_interface *xch, uint32_t *value)
{
    return get_max(xch, CSUBSTATE, value);
}

int xc_set_cpuidle_max_cstate(xc_interface *xch, uint32_t value)
{
    return pm_op(xch, SET_MAX_CSTATE, CSTATE, &value, sizeof(value));
}

int xc_set_cpuidle_max_csubstate(xc_interface *xch, uint32_t value)
{
    return pm_op(xch, SET_MAX_CSTATE, CSUBSTATE, &value, sizeof(value));
}
