/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How frequencies are chosen. What upstream has changed of it is only the way to the
 * fields, and that from 4.18 to 4.20 CPPC's parameters lay in their place.
 */
#include <errno.h>

#include "face.h"
#include "pm.h"
#include "xenctrl/power.h"

#define CPPC_LIES_IN_PARA \
    (XENCTRL_FACE >= HVABI_RELEASE(4, 18) && XENCTRL_FACE <= HVABI_RELEASE(4, 20))

#ifdef __LP64__
/* The same in all releases' libraries: Xen's struct from behind the CPU's number on. */
_Static_assert(offsetof(struct xc_get_cpufreq_para, affected_cpus) == 16, "as in every release");
_Static_assert(offsetof(struct xc_get_cpufreq_para, s) == 68, "as in every release");
_Static_assert(offsetof(struct xc_get_cpufreq_para, scaling_max_freq) == 88,
               "as in every release");
_Static_assert(offsetof(struct xc_get_cpufreq_para, u) == 96, "as in every release");
_Static_assert(offsetof(struct xc_get_cpufreq_para, turbo_enabled) == 112,
               "as in every release");
_Static_assert(sizeof(struct xc_get_cpufreq_para) == 120, "as in every release");
#endif
_Static_assert(sizeof(xc_cppc_para_t) == sizeof(struct hvabi_cppc) &&
                   sizeof(xc_cppc_para_t) <= sizeof(struct xc_cpufreq_scaling),
               "the one can take the place of the other");

static bool is_cppc(const char *driver)
{
    return strncmp(driver, "hwp", CPUFREQ_NAME_LEN) == 0;
}

/* ---- the arrays: buffers behind each other ---- */

struct arrays {
    char *buffer;
    size_t cpus, frequencies, governors; /* bytes */
};

static struct arrays arrays_of(const struct xc_get_cpufreq_para *user)
{
    return (struct arrays){NULL, user->cpu_num * sizeof(*user->affected_cpus),
                           user->freq_num * sizeof(*user->scaling_available_frequencies),
                           (size_t)user->gov_num * CPUFREQ_NAME_LEN};
}

static bool lacks_an_array(const struct xc_get_cpufreq_para *user)
{
    return (user->cpu_num && !user->affected_cpus) ||
           (user->freq_num && !user->scaling_available_frequencies) ||
           (user->gov_num && !user->scaling_available_governors);
}

static uint64_t address_if(size_t bytes, const char *address)
{
    return bytes ? ctrl_address(address) : 0;
}

static void copy_if(void *to, const char *from, size_t bytes)
{
    if (bytes) {
        memcpy(to, from, bytes);
    }
}

static void take_arrays(struct xc_get_cpufreq_para *user, const struct arrays *arrays)
{
    copy_if(user->affected_cpus, arrays->buffer, arrays->cpus);
    copy_if(user->scaling_available_frequencies, arrays->buffer + arrays->cpus,
            arrays->frequencies);
    copy_if(user->scaling_available_governors,
            arrays->buffer + arrays->cpus + arrays->frequencies, arrays->governors);
}

/* ---- GET_CPUFREQ_PARA ---- */

static void take_numbers(struct xc_get_cpufreq_para *user, const struct hvabi_cpufreq_para *para)
{
    user->cpu_num = para->cpu_num;
    user->freq_num = para->freq_num;
    user->gov_num = para->gov_num;
}

_Static_assert(sizeof(union xc_cpufreq_governor) ==
                   sizeof(((struct hvabi_cpufreq_para *)0)->u),
               "of the same shape");

static void take_para(struct xc_get_cpufreq_para *user, const struct hvabi_cpufreq_para *para)
{
    memcpy(user->scaling_driver, para->driver, sizeof(user->scaling_driver));
    user->cpuinfo_cur_freq = para->cpuinfo_cur_freq;
    user->cpuinfo_max_freq = para->cpuinfo_max_freq;
    user->cpuinfo_min_freq = para->cpuinfo_min_freq;
    user->s.scaling_cur_freq = para->scaling_cur_freq;
    memcpy(user->s.scaling_governor, para->governor, sizeof(user->s.scaling_governor));
    user->s.scaling_max_freq = para->scaling_max_freq;
    user->s.scaling_min_freq = para->scaling_min_freq;
    memcpy(&user->s.u, &para->u, sizeof(user->s.u));
    user->turbo_enabled = para->turbo_enabled;
}

static int ask(xc_interface *xch, uint32_t cpu, struct xc_get_cpufreq_para *user,
               const struct arrays *arrays)
{
    char *frequencies = arrays->buffer + arrays->cpus;
    struct hvabi_cpufreq_para para = {
        .cpu_num = user->cpu_num,
        .freq_num = user->freq_num,
        .gov_num = user->gov_num,
        .affected_cpus = address_if(arrays->cpus, arrays->buffer),
        .available_frequencies = address_if(arrays->frequencies, frequencies),
        .available_governors = address_if(arrays->governors, frequencies + arrays->frequencies),
    };
    int result = xenhvabi_cpufreq_para(&xch->abi, cpu, &para);

    if (result == 0) {
        take_para(user, &para);
        take_arrays(user, arrays);
    } else if (errno == EAGAIN) {
        take_numbers(user, &para);
        result = -EAGAIN; /* some programs look here, some at errno */
    }
    if (result) {
        xenctrl_failed(xch, "get_cpufreq_para");
    }
    return result;
}

int xc_get_cpufreq_para(xc_interface *xch, int cpuid, struct xc_get_cpufreq_para *user_para)
{
    if (!user_para || lacks_an_array(user_para)) {
        return xenctrl_refused(xch, EINVAL, "no place for CPU %d's frequencies", cpuid);
    }
    struct arrays arrays = arrays_of(user_para);
    size_t size = arrays.cpus + arrays.frequencies + arrays.governors;
    arrays.buffer = xenctrl_buffer(xch, size);
    if (!arrays.buffer) {
        return -1;
    }
    memset(arrays.buffer, 0, size);
    int result = ask(xch, (uint32_t)cpuid, user_para, &arrays);
    xenctrl_buffer_done(xch, arrays.buffer);
    if (result == 0 && CPPC_LIES_IN_PARA && is_cppc(user_para->scaling_driver)) {
        xc_cppc_para_t cppc;
        result = xc_get_cppc_para(xch, (unsigned)cpuid, &cppc);
        memcpy(&user_para->s, &cppc, sizeof(cppc));
    }
    return result;
}

/* ---- CPPC ---- */

int xc_get_cppc_para(xc_interface *xch, unsigned int cpuid, xc_cppc_para_t *cppc_para)
{
    struct hvabi_cppc found = {0};

    if (xenctrl_check_open(xch)) {
        return -1;
    }
    if (xenhvabi_cppc(&xch->abi, cpuid, &found)) {
        return xenctrl_failed(xch, "CPPC's parameters of CPU %u", cpuid);
    }
    *cppc_para = (xc_cppc_para_t){
        .features = found.features,
        .lowest = found.lowest,
        .lowest_nonlinear = found.lowest_nonlinear,
        .nominal = found.nominal,
        .highest = found.highest,
        .minimum = found.minimum,
        .maximum = found.maximum,
        .desired = found.desired,
        .energy_perf = found.energy_perf,
        .activity_window = found.activity_window,
    };
    return 0;
}

/* ---- requests that a program made up itself ---- */

enum { PM_GET_PARA = 0x11, PM_GET_CPPC = 0x16 };

/* Puts CPPC's parameters to where the face's release has them; the rest stays. */
static int overlay_cppc(xc_interface *xch, uint32_t cpu, struct hvabi_payload *payload)
{
    const struct hvabi_layout *layout = face_layout(xenhvabi_cppc_layouts);
    struct hvabi_payload cppc_payload;
    struct hvabi_cppc cppc;

    if (xenhvabi_cppc(&xch->abi, cpu, &cppc)) {
        return -1;
    }
    xenhvabi_encode(layout, &cppc, &cppc_payload);
    for (unsigned i = 0; i < layout->nr_fields; i++) {
        memcpy(payload->bytes + layout->fields[i].wire,
               cppc_payload.bytes + layout->fields[i].wire, layout->fields[i].wire_size);
    }
    return 0;
}

/* Encoding writes the whole: what names the request goes back in. */
static int raw_para(xc_interface *xch, uint32_t cpu, struct hvabi_payload *payload)
{
    const struct hvabi_layout *layout = face_layout(xenhvabi_cpufreq_para_layouts);
    uint8_t head[HVABI_PM_PAYLOAD_OFFSET];
    struct hvabi_cpufreq_para para;

    memcpy(head, payload->bytes, sizeof(head));
    xenhvabi_decode(layout, payload, &para, sizeof(para));
    int result = xenhvabi_cpufreq_para(&xch->abi, cpu, &para);
    if (result == 0 || errno == EAGAIN) {
        xenhvabi_encode(layout, &para, payload);
        memcpy(payload->bytes, head, sizeof(head));
    }
    return result == 0 && CPPC_LIES_IN_PARA && is_cppc(para.driver)
               ? overlay_cppc(xch, cpu, payload)
               : result;
}

int xenctrl_face_pm(xc_interface *xch, struct hvabi_payload *payload)
{
    uint32_t head[2];

    memcpy(head, payload->bytes, sizeof(head));
    switch (head[0]) {
    case PM_GET_PARA:
        return raw_para(xch, head[1], payload);
    case PM_GET_CPPC:
        if (XENCTRL_FACE < HVABI_RELEASE(4, 21)) {
            errno = EINVAL; /* as its release says, which does not know this one */
            return -1;
        }
        return overlay_cppc(xch, head[1], payload);
    default:
        return xenhvabi_pm_op(&xch->abi, head[0], head[1],
                              payload->bytes + HVABI_PM_PAYLOAD_OFFSET,
                              sizeof(payload->bytes) - HVABI_PM_PAYLOAD_OFFSET);
    }
}

int xenctrl_face_pmstat(xc_interface *xch, struct hvabi_payload *payload)
{
    return XENCTRL_FACE < HVABI_RELEASE(4, 21)
               ? xenhvabi_pmstat_with_room(&xch->abi, payload)
               : xenhvabi_sysctl(&xch->abi, HVABI_SYSCTL_GET_PMSTAT, payload);
}
