/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pm.h"

#include <errno.h>
#include <string.h>

#include "quirks.h"

#define GET_CPUFREQ_PARA 0x11u
#define GET_CPUFREQ_CPPC 0x16u

/* ---- layouts ---- */

#define PARA(member, name, offset, size) \
    HVABI_FIELD_AS(struct hvabi_cpufreq_para, member, "u.get_para." name, offset, size)

/* What depends on a governor: only the way to it has changed, not where it lies. */
#define PARA_FIELDS(way) \
    PARA(cpu_num, "cpu_num", 8, 4), PARA(freq_num, "freq_num", 12, 4), \
        PARA(gov_num, "gov_num", 16, 4), PARA(affected_cpus, "affected_cpus.p", 24, 8), \
        PARA(available_frequencies, "scaling_available_frequencies.p", 32, 8), \
        PARA(available_governors, "scaling_available_governors.p", 40, 8), \
        PARA(driver, "scaling_driver", 48, 16), \
        PARA(cpuinfo_cur_freq, "cpuinfo_cur_freq", 64, 4), \
        PARA(cpuinfo_max_freq, "cpuinfo_max_freq", 68, 4), \
        PARA(cpuinfo_min_freq, "cpuinfo_min_freq", 72, 4), \
        PARA(scaling_cur_freq, way "scaling_cur_freq", 76, 4), \
        PARA(governor, way "scaling_governor", 80, 16), \
        PARA(scaling_max_freq, way "scaling_max_freq", 96, 4), \
        PARA(scaling_min_freq, way "scaling_min_freq", 100, 4), \
        PARA(u.setspeed, way "u.userspace.scaling_setspeed", 104, 4), \
        PARA(u.ondemand.sampling_rate_max, way "u.ondemand.sampling_rate_max", 104, 4), \
        PARA(u.ondemand.sampling_rate_min, way "u.ondemand.sampling_rate_min", 108, 4), \
        PARA(u.ondemand.sampling_rate, way "u.ondemand.sampling_rate", 112, 4), \
        PARA(u.ondemand.up_threshold, way "u.ondemand.up_threshold", 116, 4), \
        PARA(turbo_enabled, "turbo_enabled", 120, 4)

static const struct hvabi_field para_4_14[] = {PARA_FIELDS("")};
static const struct hvabi_field para_4_18[] = {PARA_FIELDS("u.s.")};
static const struct hvabi_field para_4_21[] = {PARA_FIELDS("s.")};

static const struct hvabi_layout para_layout_4_14 = HVABI_LAYOUT(128, para_4_14);
static const struct hvabi_layout para_layout_4_18 = HVABI_LAYOUT(128, para_4_18);
static const struct hvabi_layout para_layout_4_21 = HVABI_LAYOUT(128, para_4_21);

const struct hvabi_layout_since xenhvabi_cpufreq_para_layouts[] = {
    {HVABI_RELEASE(4, 14), &para_layout_4_14},
    {HVABI_RELEASE(4, 18), &para_layout_4_18},
    {HVABI_RELEASE(4, 21), &para_layout_4_21},
    {0, NULL},
};

#define CPPC(member, way, offset) \
    HVABI_FIELD_AS(struct hvabi_cppc, member, way #member, offset, 4)

#define CPPC_FIELDS(way, start) \
    CPPC(features, way, start), CPPC(lowest, way, start + 4), \
        CPPC(lowest_nonlinear, way, start + 8), CPPC(nominal, way, start + 12), \
        CPPC(highest, way, start + 16), CPPC(minimum, way, start + 20), \
        CPPC(maximum, way, start + 24), CPPC(desired, way, start + 28), \
        CPPC(energy_perf, way, start + 32), CPPC(activity_window, way, start + 36)

static const struct hvabi_field cppc_4_18[] = {CPPC_FIELDS("u.get_para.u.cppc_para.", 76)};
static const struct hvabi_field cppc_4_21[] = {CPPC_FIELDS("u.get_cppc.", 8)};

static const struct hvabi_layout cppc_layout_4_18 = HVABI_LAYOUT(128, cppc_4_18);
static const struct hvabi_layout cppc_layout_4_21 = HVABI_LAYOUT(128, cppc_4_21);

const struct hvabi_layout_since xenhvabi_cppc_layouts[] = {
    {HVABI_RELEASE(4, 18), &cppc_layout_4_18},
    {HVABI_RELEASE(4, 21), &cppc_layout_4_21},
    {0, NULL},
};

/* ---- requests ---- */

static void put_head(struct hvabi_payload *payload, uint32_t sub_op, uint32_t cpu)
{
    memcpy(payload->bytes, &sub_op, sizeof(sub_op));
    memcpy(payload->bytes + sizeof(sub_op), &cpu, sizeof(cpu));
}

/* The answer also to EAGAIN. */
static int ask_para(struct hvabi *abi, uint32_t cpu, struct hvabi_cpufreq_para *para,
                    struct hvabi_payload *payload)
{
    unsigned release = xenhvabi_sysctl_release(abi, HVABI_SYSCTL_PM_OP);

    if (!release) {
        return -1;
    }
    const struct hvabi_layout *layout = xenhvabi_layout_of(xenhvabi_cpufreq_para_layouts, release);
    xenhvabi_encode(layout, para, payload);
    put_head(payload, GET_CPUFREQ_PARA, cpu);
    int result = xenhvabi_sysctl(abi, HVABI_SYSCTL_PM_OP, payload);
    if (result >= 0 || errno == EAGAIN) {
        xenhvabi_decode(layout, payload, para, sizeof(*para));
    }
    return result < 0 ? -1 : 0;
}

/* The drivers in whose hands the union holds CPPC's parameters. */
static bool is_cppc(const struct hvabi_cpufreq_para *para)
{
    return strncmp(para->driver, "hwp", HVABI_CPUFREQ_NAME_LEN) == 0;
}

static void clear_governor(struct hvabi_cpufreq_para *para)
{
    para->scaling_cur_freq = para->scaling_max_freq = para->scaling_min_freq = 0;
    memset(para->governor, 0, sizeof(para->governor));
    memset(&para->u, 0, sizeof(para->u));
}

int xenhvabi_cpufreq_para(struct hvabi *abi, uint32_t cpu, struct hvabi_cpufreq_para *para)
{
    int in_para = xenhvabi_quirk(abi, HVABI_QUIRK_CPPC_IN_PARA);
    struct hvabi_payload payload = {{0}};

    if (in_para < 0 || ask_para(abi, cpu, para, &payload)) {
        return -1;
    }
    if (in_para && is_cppc(para)) {
        clear_governor(para);
    }
    return 0;
}

/* ---- CPPC ---- */

static int decode_cppc(struct hvabi *abi, const struct hvabi_payload *payload,
                       struct hvabi_cppc *cppc)
{
    unsigned release = xenhvabi_sysctl_release(abi, HVABI_SYSCTL_PM_OP);

    if (!release) {
        return -1;
    }
    xenhvabi_decode(xenhvabi_layout_of(xenhvabi_cppc_layouts, release), payload, cppc,
                    sizeof(*cppc));
    return 0;
}

/* Asks for all of para, with arrays that nobody looks at. */
static int ask_whole_para(struct hvabi *abi, uint32_t cpu, struct hvabi_cpufreq_para *para,
                          struct hvabi_payload *payload)
{
    memset(para, 0, sizeof(*para));
    if (ask_para(abi, cpu, para, payload) == 0) {
        return 0;
    }
    if (errno != EAGAIN) {
        return -1;
    }
    size_t cpus = para->cpu_num * sizeof(uint32_t);
    size_t frequencies = para->freq_num * sizeof(uint32_t);
    size_t governors = (size_t)para->gov_num * HVABI_CPUFREQ_NAME_LEN;
    char *buffer = xencall_buffer_get(abi->xcall, cpus + frequencies + governors + 1);
    if (!buffer) {
        return -1;
    }
    para->affected_cpus = (uintptr_t)buffer;
    para->available_frequencies = (uintptr_t)(buffer + cpus);
    para->available_governors = (uintptr_t)(buffer + cpus + frequencies);
    int result = ask_para(abi, cpu, para, payload);
    xencall_buffer_put(abi->xcall, buffer);
    return result;
}

static int cppc_in_para(struct hvabi *abi, uint32_t cpu, struct hvabi_cppc *cppc)
{
    struct hvabi_payload payload = {{0}};
    struct hvabi_cpufreq_para para;

    if (ask_whole_para(abi, cpu, &para, &payload)) {
        return -1;
    }
    if (!is_cppc(&para)) {
        errno = ENOTSUP;
        return -1;
    }
    return decode_cppc(abi, &payload, cppc);
}

static int refuse(struct hvabi *abi, unsigned release)
{
    return xenhvabi_refuse(abi, xenhvabi_find_sysctl(HVABI_SYSCTL_PM_OP),
                           "Xen %u.%u has no CPPC: it came in 4.18", HVABI_MAJOR(release),
                           HVABI_MINOR(release));
}

int xenhvabi_cppc(struct hvabi *abi, uint32_t cpu, struct hvabi_cppc *cppc)
{
    unsigned release = xenhvabi_sysctl_release(abi, HVABI_SYSCTL_PM_OP);
    int in_para = xenhvabi_quirk(abi, HVABI_QUIRK_CPPC_IN_PARA);
    struct hvabi_payload payload = {{0}};

    if (!release || in_para < 0) {
        return -1;
    }
    if (release < HVABI_CPPC_SINCE) {
        return refuse(abi, release);
    }
    if (in_para) {
        return cppc_in_para(abi, cpu, cppc);
    }
    put_head(&payload, GET_CPUFREQ_CPPC, cpu);
    if (xenhvabi_sysctl(abi, HVABI_SYSCTL_PM_OP, &payload) < 0) {
        return -1;
    }
    return decode_cppc(abi, &payload, cppc);
}

/* ---- the rest ---- */

int xenhvabi_pm_op(struct hvabi *abi, uint32_t sub_op, uint32_t cpu, void *bytes, size_t size)
{
    unsigned release = xenhvabi_sysctl_release(abi, HVABI_SYSCTL_PM_OP);
    struct hvabi_payload payload = {{0}};

    if (!release) {
        return -1;
    }
    if (sub_op == GET_CPUFREQ_PARA || sub_op == GET_CPUFREQ_CPPC ||
        size > sizeof(payload) - HVABI_PM_PAYLOAD_OFFSET) {
        errno = EINVAL;
        return -1;
    }
    if (sub_op == HVABI_SET_CPUFREQ_CPPC && release < HVABI_CPPC_SINCE) {
        return refuse(abi, release);
    }
    put_head(&payload, sub_op, cpu);
    if (size) {
        memcpy(payload.bytes + HVABI_PM_PAYLOAD_OFFSET, bytes, size);
    }
    int result = xenhvabi_sysctl(abi, HVABI_SYSCTL_PM_OP, &payload);
    if (size) {
        memcpy(bytes, payload.bytes + HVABI_PM_PAYLOAD_OFFSET, size);
    }
    return result;
}

/* ---- statistics ---- */

#define GET_MAX_PX 0x11u
#define GET_PX 0x12u
#define PX_TOTAL_OFFSET 8 /* a byte */

/* total becomes what Xen wants it to be since 4.21. */
static int say_room(struct hvabi *abi, struct hvabi_payload *payload)
{
    struct hvabi_payload question = {{0}};

    memcpy(question.bytes, payload->bytes, HVABI_PM_PAYLOAD_OFFSET);
    question.bytes[0] = GET_MAX_PX;
    if (xenhvabi_sysctl(abi, HVABI_SYSCTL_GET_PMSTAT, &question) < 0) {
        return -1;
    }
    payload->bytes[PX_TOTAL_OFFSET] = question.bytes[PX_TOTAL_OFFSET];
    return 0;
}

int xenhvabi_pmstat_with_room(struct hvabi *abi, struct hvabi_payload *payload)
{
    int is_input = xenhvabi_quirk(abi, HVABI_QUIRK_PX_TOTAL_IS_INPUT);
    uint32_t type;

    memcpy(&type, payload->bytes, sizeof(type));
    if (is_input < 0 || (is_input && type == GET_PX && say_room(abi, payload))) {
        return -1;
    }
    return xenhvabi_sysctl(abi, HVABI_SYSCTL_GET_PMSTAT, payload);
}
