/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Creating domains: each field of what they are created with, and how releases differ. */
#include <string.h>

#include "scratch.h"

#define CDF_TRAP_UNMAPPED_ACCESSES (1u << 8) /* newer than the oldest headers */
#define GRANT_VERSION_MAX 2u

TEST(any_id_is_a_free_one)
{
    uint32_t one = (uint32_t)assert_works(scratch_create(0, scratch_config(SCRATCH_PV)));
    uint32_t other = (uint32_t)assert_works(scratch_create(0x7ff5, scratch_config(SCRATCH_PV)));

    assert_true(one > 0 && other > 0 && one != other);
    assert_true(one < DOMID_FIRST_RESERVED && other < DOMID_FIRST_RESERVED);
}

TEST(an_id_is_taken_as_it_is_and_once_only)
{
    assert_int_equal(scratch_create(4321, scratch_config(SCRATCH_PV)), 4321);
    assert_int_equal(info_of(4321).domain, 4321);
    assert_fails_with(scratch_create(4321, scratch_config(SCRATCH_PV)), -1, EEXIST);
}

TEST(a_new_domain_is_paused_and_what_it_was_said_to_be)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PVH);
    uint32_t domid = (uint32_t)assert_works(scratch_create(0, config));
    xc_domaininfo_t info = info_of(domid);

    assert_true(info.flags & XEN_DOMINF_paused);
    assert_true(info.flags & XEN_DOMINF_hvm_guest);
    assert_true(info.flags & XEN_DOMINF_hap);
    assert_memory_equal(info.handle, config.handle, sizeof(info.handle));
    assert_int_equal(info.arch_config.emulation_flags, XEN_X86_EMU_LAPIC);
    assert_int_equal(info.nr_online_vcpus, 0);
    info = info_of((uint32_t)assert_works(scratch_create(0, scratch_config(SCRATCH_PV))));
    assert_false(info.flags & XEN_DOMINF_hvm_guest);
}

/* A flag that no condition of the machine's stands against. */
TEST(plain_flags_are_taken_on_every_release)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PVH);

    config.flags |= XEN_DOMCTL_CDF_oos_off;
    assert_works(scratch_create(0, config));
    config = scratch_config(SCRATCH_PV);
    config.flags = XEN_DOMCTL_CDF_xs_domain;
    uint32_t domid = (uint32_t)assert_works(scratch_create(0, config));
    assert_true(info_of(domid).flags & XEN_DOMINF_xs_domain);
    config.flags = 1u << 31;
    assert_fails_with(scratch_create(0, config), -1, EINVAL);
}

/* It needs a Xen with tboot. */
TEST(integrity_across_s3_depends_on_the_build)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PVH);

    config.flags |= XEN_DOMCTL_CDF_s3_integrity;
    int domid = scratch_create(0, config);
    observe("s3_integrity", "%s", domid < 0 ? strerror(errno) : "created");
    assert_true(domid > 0 || errno == EINVAL);
}

/* 4.14 has a parameter in its place; hosts may be unable to. */
TEST(nested_virtualisation_is_a_flag_on_every_release)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PVH);
    uint64_t nested = 0;

    config.flags |= XEN_DOMCTL_CDF_nested_virt;
    int domid = scratch_create(0, config);
    if (domid < 0) {
        observe("nested_virt", "%s", strerror(errno));
        assert_true(errno == EINVAL || errno == EOPNOTSUPP);
        return;
    }
    observe("nested_virt", "%s", "created");
    if (!xen_is_at_least(4, 15)) {
        assert_works(xc_hvm_param_get(xc(), (uint32_t)domid, HVM_PARAM_NESTEDHVM, &nested));
        assert_int_equal(nested, 1);
    }
}

TEST(a_vpmu_needs_4_16)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PVH);

    config.flags |= XEN_DOMCTL_CDF_vpmu;
    if (!xen_is_at_least(4, 16)) {
        assert_fails_with(scratch_create(0, config), -1, ENOTSUP);
        return;
    }
    /* Xen must have been started with one as well. */
    int domid = scratch_create(0, config);
    observe("vpmu", "%s", domid < 0 ? strerror(errno) : "created");
    assert_true(domid > 0 || errno == EINVAL);
}

TEST(traps_on_unmapped_accesses_need_4_21)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PVH);

    config.flags |= CDF_TRAP_UNMAPPED_ACCESSES;
    assert_fails_with(scratch_create(0, config), -1, xen_is_at_least(4, 21) ? EINVAL : ENOTSUP);
}

TEST(an_iommu_that_is_not_there_is_refused)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PVH);
    xc_physinfo_t host;

    assert_works(xc_physinfo(xc(), &host));
    if (host.capabilities & XEN_SYSCTL_PHYSCAP_directio)
        skip_because("this host has an IOMMU");
    config.flags |= XEN_DOMCTL_CDF_iommu;
    assert_fails_with(scratch_create(0, config), -1, EINVAL);
    config = scratch_config(SCRATCH_PVH);
    config.iommu_opts = XEN_DOMCTL_IOMMU_no_sharept;
    assert_fails_with(scratch_create(0, config), -1, EINVAL);
}

/* Rule 6: what cannot be limited is refused, what needs no limit is let through. */
TEST(grant_versions_are_limited_where_they_can_be)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PV);

    for (config.grant_opts = 0; config.grant_opts <= GRANT_VERSION_MAX; config.grant_opts++) {
        int domid = scratch_create(0, config);
        if (config.grant_opts == 1 && !xen_is_at_least(4, 16)) {
            assert_int_equal(domid, -1);
            assert_int_equal(errno, ENOTSUP);
        } else {
            assert_works(domid);
        }
    }
    config.grant_opts = GRANT_VERSION_MAX + 1;
    assert_fails_with(scratch_create(0, config), -1, xen_is_at_least(4, 16) ? EINVAL : ENOTSUP);
}

TEST(grant_frames_are_as_many_as_asked_for)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PV);
    struct gnttab_query_size query = {0};

    config.max_grant_frames = 9;
    query.dom = (domid_t)assert_works(scratch_create(0, config));
    assert_works(xc_gnttab_query_size(xc(), &query));
    assert_int_equal(query.status, 0);
    assert_int_equal(query.max_nr_frames, 9);
    config.max_grant_frames = -1;
    query.dom = (domid_t)assert_works(scratch_create(0, config));
    assert_works(xc_gnttab_query_size(xc(), &query));
    assert_true(query.max_nr_frames > 9);
}

TEST(ports_are_as_many_as_asked_for)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PV);

    config.max_evtchn_port = 3;
    uint32_t domid = (uint32_t)assert_works(scratch_create(0, config));
    for (int port = 1; port <= 3; port++)
        assert_int_equal(xc_evtchn_alloc_unbound(xc(), domid, 0), port);
    assert_fails_with(xc_evtchn_alloc_unbound(xc(), domid, 0), -1, ENOSPC);
}

/* Nothing is left of a domain whose pool is none. */
TEST(a_pool_that_is_none_leaves_no_domain)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PV);

    config.cpupool_id = 77;
    assert_int_equal(scratch_create(4322, config), -1);
    observe("no_such_pool", "%s", strerror(errno));
    assert_fails_with(xc_domain_getinfo_single(xc(), 4322, NULL), -1, ESRCH);
}

TEST(traces_of_processors_need_4_15_and_their_hardware)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PVH);

    config.vmtrace_size = 4096;
    if (!xen_is_at_least(4, 15)) {
        assert_fails_with(scratch_create(0, config), -1, ENOTSUP);
        return;
    }
    int domid = scratch_create(0, config);
    observe("vmtrace_size", "%s", domid < 0 ? strerror(errno) : "created");
    assert_true(domid > 0 || errno == EINVAL || errno == EOPNOTSUPP);
}

TEST(relaxed_msrs_need_4_15)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PV);

    config.arch.misc_flags = XEN_X86_MSR_RELAXED;
    if (!xen_is_at_least(4, 15)) {
        assert_fails_with(scratch_create(0, config), -1, ENOTSUP);
        return;
    }
    uint32_t domid = (uint32_t)assert_works(scratch_create(0, config));
    observe("misc_flags_told", "%u", info_of(domid).arch_config.misc_flags);
}

/* Rule 9. */
TEST(emulation_is_without_pirqs_from_4_19_on)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PVH);

    config.arch.emulation_flags = XEN_X86_EMU_ALL & ~(uint32_t)XEN_X86_EMU_VPCI;
    uint32_t domid = (uint32_t)assert_works(scratch_create(0, config));
    assert_int_equal(info_of(domid).arch_config.emulation_flags, config.arch.emulation_flags);
    config.arch.emulation_flags &= ~(uint32_t)XEN_X86_EMU_USE_PIRQ;
    domid = (uint32_t)assert_works(scratch_create(0, config));
    assert_int_equal(info_of(domid).arch_config.emulation_flags & XEN_X86_EMU_USE_PIRQ,
                     xen_is_at_least(4, 19) ? 0 : XEN_X86_EMU_USE_PIRQ);
}

/* Rule 8; the processors of a machine may have no altp2m. */
TEST(altp2m_is_one_field_on_every_release)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PVH);
    uint64_t mode = 0;

    config.altp2m.nr = 5;
    assert_fails_with(scratch_create(0, config), -1, EINVAL);
    config.altp2m.opts = 2;
    if (!xen_is_at_least(4, 21))
        assert_fails_with(scratch_create(0, config), -1, ENOTSUP);
    config.altp2m.nr = 0;
    int domid = scratch_create(4323, config);
    if (domid < 0) {
        observe("altp2m", "%s", strerror(errno));
        assert_true(errno == EINVAL || errno == EOPNOTSUPP);
        assert_fails_with(xc_domain_getinfo_single(xc(), 4323, NULL), -1, ESRCH);
        return;
    }
    observe("altp2m", "%s", "created");
    assert_works(xc_hvm_param_get(xc(), 4323, HVM_PARAM_ALTP2M, &mode));
    assert_int_equal(mode, 2);
}

TEST(what_is_to_come_is_refused)
{
    struct xc_createdomain config = scratch_config(SCRATCH_PV);

    config.reserved[3] = 1;
    assert_fails_with(scratch_create(0, config), -1, EINVAL);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        WITH_SCRATCH(any_id_is_a_free_one),
        WITH_SCRATCH(an_id_is_taken_as_it_is_and_once_only),
        WITH_SCRATCH(a_new_domain_is_paused_and_what_it_was_said_to_be),
        WITH_SCRATCH(plain_flags_are_taken_on_every_release),
        WITH_SCRATCH(integrity_across_s3_depends_on_the_build),
        WITH_SCRATCH(nested_virtualisation_is_a_flag_on_every_release),
        WITH_SCRATCH(a_vpmu_needs_4_16),
        WITH_SCRATCH(traps_on_unmapped_accesses_need_4_21),
        WITH_SCRATCH(an_iommu_that_is_not_there_is_refused),
        WITH_SCRATCH(grant_versions_are_limited_where_they_can_be),
        WITH_SCRATCH(grant_frames_are_as_many_as_asked_for),
        WITH_SCRATCH(ports_are_as_many_as_asked_for),
        WITH_SCRATCH(a_pool_that_is_none_leaves_no_domain),
        WITH_SCRATCH(traces_of_processors_need_4_15_and_their_hardware),
        WITH_SCRATCH(relaxed_msrs_need_4_15),
        WITH_SCRATCH(emulation_is_without_pirqs_from_4_19_on),
        WITH_SCRATCH(altp2m_is_one_field_on_every_release),
        WITH_SCRATCH(what_is_to_come_is_refused),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
