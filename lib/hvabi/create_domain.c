/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "create_domain.h"

#include <errno.h>
#include <string.h>
#include <xen/xen.h>

#include "hvm_param.h"
#include "physinfo.h"
#include "quirks.h"

/* ---- layouts ---- */

#define FIELD(member, offset) HVABI_FIELD(struct hvabi_create_domain, member, offset)
#define NAMED(member, name, offset, size) \
    HVABI_FIELD_AS(struct hvabi_create_domain, member, name, offset, size)
#define ARCH(member, offset) NAMED(member, "arch." #member, offset, 4)

/* These have never moved. */
#define COMMON_FIELDS \
    FIELD(ssidref, 0), FIELD(handle, 4), FIELD(flags, 20), FIELD(iommu_opts, 24), \
        FIELD(max_vcpus, 28), FIELD(max_evtchn_port, 32), FIELD(max_grant_frames, 36), \
        FIELD(max_maptrack_frames, 40)

static const struct hvabi_field fields_4_14[] = {
    COMMON_FIELDS,
    ARCH(emulation_flags, 44),
};

static const struct hvabi_field fields_4_15[] = {
    COMMON_FIELDS,
    FIELD(vmtrace_size, 44),
    ARCH(emulation_flags, 48),
    ARCH(misc_flags, 52),
};

static const struct hvabi_field fields_4_16[] = {
    COMMON_FIELDS,
    FIELD(grant_opts, 44),
    FIELD(vmtrace_size, 48),
    ARCH(emulation_flags, 52),
    ARCH(misc_flags, 56),
};

static const struct hvabi_field fields_4_17[] = {
    COMMON_FIELDS,
    FIELD(grant_opts, 44),
    FIELD(vmtrace_size, 48),
    FIELD(cpupool_id, 52),
    ARCH(emulation_flags, 56),
    ARCH(misc_flags, 60),
};

static const struct hvabi_field fields_4_19[] = {
    COMMON_FIELDS,
    FIELD(grant_opts, 44),
    FIELD(altp2m_opts, 48),
    FIELD(vmtrace_size, 52),
    FIELD(cpupool_id, 56),
    ARCH(emulation_flags, 60),
    ARCH(misc_flags, 64),
};

static const struct hvabi_field fields_4_21[] = {
    COMMON_FIELDS,
    FIELD(grant_opts, 44),
    NAMED(altp2m_opts, "altp2m.opts", 48, 2),
    NAMED(altp2m_nr, "altp2m.nr", 50, 2),
    FIELD(vmtrace_size, 52),
    FIELD(cpupool_id, 56),
    ARCH(emulation_flags, 60),
    ARCH(misc_flags, 64),
};

static const struct hvabi_layout layout_4_14 = HVABI_LAYOUT(48, fields_4_14);
static const struct hvabi_layout layout_4_15 = HVABI_LAYOUT(56, fields_4_15);
static const struct hvabi_layout layout_4_16 = HVABI_LAYOUT(60, fields_4_16);
static const struct hvabi_layout layout_4_17 = HVABI_LAYOUT(64, fields_4_17);
static const struct hvabi_layout layout_4_19 = HVABI_LAYOUT(68, fields_4_19);
static const struct hvabi_layout layout_4_21 = HVABI_LAYOUT(68, fields_4_21);

const struct hvabi_layout_since xenhvabi_create_domain_layouts[] = {
    {HVABI_RELEASE(4, 14), &layout_4_14},
    {HVABI_RELEASE(4, 15), &layout_4_15},
    {HVABI_RELEASE(4, 16), &layout_4_16},
    {HVABI_RELEASE(4, 17), &layout_4_17},
    {HVABI_RELEASE(4, 19), &layout_4_19},
    {HVABI_RELEASE(4, 21), &layout_4_21},
    {0, NULL},
};

/* ---- rules ---- */

/* A createdomain on its way: what can be said in it, and what is left for afterwards. */
struct creation {
    struct hvabi *abi;
    const struct hvabi_operation *operation;
    struct hvabi_running running;
    unsigned release; /* of the layout */
    struct hvabi_create_domain config;
    bool nested_after;
    uint32_t altp2m_after; /* mode */
    uint32_t cpupool_after;
};

static bool has_quirk(const struct creation *creation, enum hvabi_quirk quirk)
{
    return xenhvabi_has_quirk(&creation->running, quirk);
}

static int refuse(const struct creation *creation, const char *what)
{
    return xenhvabi_refuse(creation->abi, creation->operation,
                           "Xen %u.%u cannot create a domain with %s",
                           HVABI_MAJOR(creation->release), HVABI_MINOR(creation->release), what);
}

/* Flags that no release has are left to Xen, which refuses them. */
static int check_flags(struct creation *creation)
{
    static const struct {
        uint32_t flag;
        unsigned since;
        const char *name;
    } later[] = {
        {HVABI_CDF_NESTED_VIRT, HVABI_RELEASE(4, 15), "nested virtualisation"},
        {HVABI_CDF_VPMU, HVABI_RELEASE(4, 16), "a vPMU"},
        {HVABI_CDF_TRAP_UNMAPPED_ACCESSES, HVABI_RELEASE(4, 21), "traps on unmapped accesses"},
    };

    if (has_quirk(creation, HVABI_QUIRK_NESTED_BY_PARAM)) {
        creation->nested_after = creation->config.flags & HVABI_CDF_NESTED_VIRT;
        creation->config.flags &= ~HVABI_CDF_NESTED_VIRT;
    }
    for (unsigned i = 0; i < sizeof(later) / sizeof(later[0]); i++) {
        if ((creation->config.flags & later[i].flag) && creation->release < later[i].since) {
            return refuse(creation, later[i].name);
        }
    }
    return 0;
}

/*
 * Such a domain may bind its interrupts to event channels, as it could on any Xen until
 * 4.19 made that a choice; newer tools ask for it without, unless they are told otherwise.
 */
static void choose_emulation(struct creation *creation)
{
    struct hvabi_create_domain *config = &creation->config;

    if (!(config->flags & HVABI_CDF_HVM) ||
        config->emulation_flags != HVABI_EMULATION_WITHOUT_PIRQ ||
        !has_quirk(creation, HVABI_QUIRK_HVM_NEEDS_PIRQ)) {
        return;
    }
    config->emulation_flags |= HVABI_EMULATION_USE_PIRQ;
    xenlibs_log(creation->abi->log, XTL_INFO, -1,
                "Xen %u.%u creates each HVM domain with USE_PIRQ, this one too",
                HVABI_MAJOR(creation->release), HVABI_MINOR(creation->release));
}

static int choose_grant_version(struct creation *creation)
{
    uint32_t *opts = &creation->config.grant_opts;
    uint32_t version = *opts & HVABI_GRANT_VERSION_MASK;
    struct hvabi_physinfo host;

    if (has_quirk(creation, HVABI_QUIRK_GRANT_VERSION_UNLIMITED)) {
        if (version == 1) {
            return refuse(creation, "a limited grant version");
        }
        *opts &= ~(version == 2 ? HVABI_GRANT_VERSION_MASK : 0);
        return 0;
    }
    if (version != 0) {
        return 0;
    }
    if (xenhvabi_physinfo(creation->abi, &host)) {
        return -1;
    }
    *opts |= host.capabilities & HVABI_PHYSCAP_GNTTAB_V2   ? 2
             : host.capabilities & HVABI_PHYSCAP_GNTTAB_V1 ? 1
                                                           : 0;
    return 0;
}

static int choose_altp2m(struct creation *creation)
{
    struct hvabi_create_domain *config = &creation->config;
    uint32_t mode = config->altp2m_opts & HVABI_ALTP2M_MODE_MASK;

    if (mode == 0 && config->altp2m_nr != 0) {
        errno = EINVAL;
        return -1;
    }
    if (mode != 0 && config->altp2m_nr == 0) {
        config->altp2m_nr = HVABI_ALTP2M_DEFAULT_COUNT;
    }
    if (has_quirk(creation, HVABI_QUIRK_ALTP2M_COUNT_FIXED)) {
        if (mode != 0 && config->altp2m_nr != HVABI_ALTP2M_DEFAULT_COUNT) {
            return refuse(creation, "another number of altp2ms than 10");
        }
        config->altp2m_nr = 0;
    }
    if (has_quirk(creation, HVABI_QUIRK_ALTP2M_BY_PARAM)) {
        creation->altp2m_after = mode;
        config->altp2m_opts &= ~HVABI_ALTP2M_MODE_MASK;
    }
    return 0;
}

static void choose_cpupool(struct creation *creation)
{
    if (has_quirk(creation, HVABI_QUIRK_CPUPOOL_BY_MOVE)) {
        creation->cpupool_after = creation->config.cpupool_id;
        creation->config.cpupool_id = 0;
    }
}

/* ---- afterwards ---- */

#define CPUPOOL_OP_MOVEDOMAIN 6

/* The start of xen_sysctl_cpupool_op, which never changed. */
struct cpupool_op {
    uint32_t op;
    uint32_t cpupool_id;
    uint32_t sched_id;
    uint32_t domid;
};

static int move_to_cpupool(struct hvabi *abi, uint16_t domid, uint32_t cpupool)
{
    struct cpupool_op request = {
        .op = CPUPOOL_OP_MOVEDOMAIN, .cpupool_id = cpupool, .domid = domid};
    struct hvabi_payload payload = {{0}};

    memcpy(&payload, &request, sizeof(request));
    return xenhvabi_sysctl(abi, HVABI_SYSCTL_CPUPOOL_OP, &payload) < 0 ? -1 : 0;
}

static int finish(const struct creation *creation, uint16_t domid)
{
    struct hvabi *abi = creation->abi;

    if (creation->nested_after &&
        xenhvabi_set_hvm_param(abi, domid, HVABI_HVM_PARAM_NESTEDHVM, 1)) {
        return -1;
    }
    if (creation->altp2m_after &&
        xenhvabi_set_hvm_param(abi, domid, HVABI_HVM_PARAM_ALTP2M, creation->altp2m_after)) {
        return -1;
    }
    if (creation->cpupool_after && move_to_cpupool(abi, domid, creation->cpupool_after)) {
        return -1;
    }
    return 0;
}

static void destroy(struct hvabi *abi, uint16_t domid)
{
    struct hvabi_payload payload = {{0}};
    int reason = errno;

    xenhvabi_domctl(abi, HVABI_DOMCTL_DESTROYDOMAIN, &domid, &payload);
    errno = reason;
}

/* ---- the whole ---- */

static int prepare(struct creation *creation, struct hvabi_payload *payload)
{
    choose_cpupool(creation);
    choose_emulation(creation);
    if (check_flags(creation) || choose_altp2m(creation) ||
        choose_grant_version(creation)) {
        return -1;
    }
    return xenhvabi_encode_request(creation->abi, creation->operation, creation->release,
                                   &creation->config, sizeof(creation->config), payload);
}

/* The one that every release takes to mean any. */
static uint16_t any_or(uint16_t domid)
{
    return domid == 0 || domid >= DOMID_FIRST_RESERVED ? HVABI_DOMID_ANY : domid;
}

int xenhvabi_create_domain(struct hvabi *abi, uint16_t *domid,
                           const struct hvabi_create_domain *config)
{
    struct creation creation = {.abi = abi,
                                .operation = xenhvabi_find_domctl(HVABI_DOMCTL_CREATEDOMAIN),
                                .config = *config};
    struct hvabi_payload payload = {{0}};
    uint16_t created = any_or(*domid);

    creation.release = xenhvabi_domctl_release(abi, HVABI_DOMCTL_CREATEDOMAIN);
    if (!creation.release || xenhvabi_running(abi->xcall, &creation.running) ||
        prepare(&creation, &payload) ||
        xenhvabi_domctl(abi, HVABI_DOMCTL_CREATEDOMAIN, &created, &payload) < 0) {
        return -1;
    }
    if (finish(&creation, created)) {
        destroy(abi, created);
        return -1;
    }
    *domid = created;
    return 0;
}
