/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lib/hvabi on the Xen that runs: the same program on every release, looking at
 * what must come out right only if the layout and the rules are this release's.
 */
#include <stdint.h>
#include <string.h>
#include <xen/version.h>
#include <xen/xen.h>

#include "conformance.h"
#include "create_domain.h"
#include "domain_info.h"
#include "hvm_param.h"
#include "mempool.h"
#include "physinfo.h"
#include "vcpu_msrs.h"

enum { DESTROYDOMAIN = 2, MAX_VCPUS = 15, DOMAINS = 64 };

#define FLAG_PAUSED (1u << 3)
#define CDF_HAP (1u << 1)
#define EMU_LAPIC (1u << 0)
#define EMU_PIT (1u << 8) /* which a PV dom0 has */

static struct hvabi abi;
static struct xenlibs_log library_log;

static struct hvabi_running start(void)
{
    struct hvabi_running running;
    xencall_handle *xcall = xencall_open(NULL, 0);

    assert_non_null(xcall);
    xenlibs_log_init(&library_log, NULL, "hvabi");
    xenhvabi_init(&abi, xcall, &library_log);
    assert_int_equal(xenhvabi_running(xcall, &running), 0);
    return running;
}

static void stop(void)
{
    xencall_close(abi.xcall);
    xenlibs_log_destroy(&library_log);
}

TEST(the_release_is_served_by_its_own_rows)
{
    struct hvabi_running running = start();

    assert_int_equal(running.release,
                     xencall2(abi.xcall, __HYPERVISOR_xen_version, XENVER_version, 0));
    assert_non_null(running.domctl);
    assert_non_null(running.sysctl);
    assert_int_equal(running.domctl->release, running.release);
    assert_int_equal(running.sysctl->release, running.release);
    assert_int_not_equal(running.point, HVABI_POINT_UNKNOWN);
    stop();
}

/* What the probe rests on: a wrong number is EACCES, whatever else is wrong. */
TEST(another_number_is_refused_with_eacces)
{
    struct hvabi_running running = start();
    struct hvabi_domctl domctl = {.cmd = 5, .interface_version = running.domctl->domctl + 1,
                                  .domain = DOMID_INVALID};
    struct hvabi_sysctl sysctl = {.cmd = UINT32_MAX,
                                  .interface_version = running.sysctl->sysctl + 1};

    assert_fails_with(xenhvabi_send_domctl(abi.xcall, &domctl), -1, EACCES);
    assert_fails_with(xenhvabi_send_sysctl(abi.xcall, &sysctl), -1, EACCES);
    stop();
}

TEST(dom0_is_what_it_should_be)
{
    struct hvabi_running running = start();
    struct hvabi_domain_info info;
    struct hvabi_physinfo host;

    assert_int_equal(xenhvabi_domain_info(&abi, 0, &info), 0);
    assert_int_equal(info.domain, 0);
    assert_in_range(info.nr_online_vcpus, 1, 64);
    assert_in_range(info.tot_pages, 1024, UINT32_MAX);
    assert_true(info.cpu_time > 0);
    assert_int_equal(info.cpupool, 0);
    assert_int_equal(info.emulation_flags & ~EMU_PIT, 0); /* PV */
    if (running.release >= HVABI_RELEASE(4, 16))
        assert_in_range(info.gpaddr_bits, 32, 52);
    else
        assert_int_equal(info.gpaddr_bits, 0);

    assert_int_equal(xenhvabi_physinfo(&abi, &host), 0);
    assert_in_range(host.nr_cpus, 1, 64);
    assert_in_range(host.max_cpu_id, host.nr_cpus - 1, 4095);
    assert_in_range(host.free_pages, 1, host.total_pages);
    assert_in_range(host.total_pages, info.tot_pages, UINT32_MAX);
    assert_in_range(host.max_mfn, 1, UINT32_MAX);
    assert_true(host.capabilities & HVABI_PHYSCAP_PV);
    stop();
}

/* The lab starts two guests: the list goes on after dom0, and has a last domain. */
TEST(domains_are_found_exactly_and_from_an_id_on)
{
    struct hvabi_domain_info infos[DOMAINS], info;

    start();
    int count = xenhvabi_domain_info_list(&abi, 0, infos, DOMAINS);
    assert_in_range(count, 2, DOMAINS - 1);
    for (int i = 0; i < count; i++) {
        assert_int_equal(xenhvabi_domain_info(&abi, infos[i].domain, &info), 0);
        assert_int_equal(info.domain, infos[i].domain);
        assert_memory_equal(info.handle, infos[i].handle, sizeof(info.handle));
        assert_int_equal(info.max_pages, infos[i].max_pages);
        assert_int_equal(info.emulation_flags, infos[i].emulation_flags);
        assert_int_equal(info.gpaddr_bits, infos[i].gpaddr_bits);
    }
    uint16_t last = infos[count - 1].domain;
    assert_int_equal(xenhvabi_domain_info_from(&abi, last, &info), 0);
    assert_int_equal(info.domain, last);
    assert_int_equal(xenhvabi_domain_info_from(&abi, infos[0].domain + 1u, &info), 0);
    assert_int_equal(info.domain, infos[1].domain);
    assert_fails_with(xenhvabi_domain_info_from(&abi, last + 1u, &info), -1, ESRCH);
    assert_fails_with(xenhvabi_domain_info(&abi, last + 1u, &info), -1, ESRCH);
    stop();
}

/* ---- a domain of our own ---- */

static const uint8_t handle[16] = {0xde, 0xad, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};

static uint16_t create(struct hvabi_create_domain config)
{
    uint16_t domid = 0;

    memcpy(config.handle, handle, sizeof(handle));
    config.max_vcpus = 1;
    config.max_evtchn_port = 1023;
    config.max_grant_frames = 4;
    config.max_maptrack_frames = 4;
    if (xenhvabi_create_domain(&abi, &domid, &config))
        fail_msg("create_domain: %s", errno_name(errno));
    return domid;
}

static int domctl(unsigned cmd, uint16_t domid)
{
    struct hvabi_payload payload = {{1}};

    return xenhvabi_domctl(&abi, cmd, &domid, &payload);
}

/* The id beside a live domain, which must not be told for it. */
static void assert_is_a_hole(uint16_t domid)
{
    struct hvabi_domain_info info;

    assert_fails_with(xenhvabi_domain_info(&abi, domid, &info), -1, ESRCH);
}

TEST(a_pv_domain_is_created_found_and_destroyed)
{
    struct hvabi_domain_info info;

    start();
    uint16_t first = create((struct hvabi_create_domain){0});
    uint16_t second = create((struct hvabi_create_domain){0});
    assert_in_range(first, 1, DOMID_FIRST_RESERVED - 1);
    assert_int_equal(xenhvabi_domain_info(&abi, first, &info), 0);
    assert_memory_equal(info.handle, handle, sizeof(handle));
    assert_true(info.flags & FLAG_PAUSED);
    assert_int_equal(info.emulation_flags, 0);
    assert_int_equal(info.max_vcpu_id, UINT32_MAX);
    assert_int_equal(domctl(MAX_VCPUS, first), 0);
    assert_int_equal(xenhvabi_domain_info(&abi, first, &info), 0);
    assert_int_equal(info.max_vcpu_id, 0);

    assert_int_equal(domctl(DESTROYDOMAIN, first), 0);
    assert_is_a_hole(first);
    assert_int_equal(xenhvabi_domain_info_from(&abi, first, &info), 0);
    assert_int_equal(info.domain, second);
    assert_int_equal(domctl(DESTROYDOMAIN, second), 0);
    assert_is_a_hole(second);
    stop();
}

TEST(a_domain_gets_the_id_that_is_asked_for)
{
    struct hvabi_create_domain config = {.max_vcpus = 1, .max_evtchn_port = 1023,
                                         .max_grant_frames = 4, .max_maptrack_frames = 4};
    uint16_t domid = 3210;

    start();
    assert_int_equal(xenhvabi_create_domain(&abi, &domid, &config), 0);
    assert_int_equal(domid, 3210);
    assert_fails_with(xenhvabi_create_domain(&abi, &domid, &config), -1, EEXIST);
    assert_int_equal(domctl(DESTROYDOMAIN, domid), 0);
    stop();
}

TEST(a_pvh_domain_has_a_pool_and_parameters)
{
    struct hvabi_domain_info info;
    struct hvabi_physinfo host;
    uint64_t bytes = 0;

    start();
    assert_int_equal(xenhvabi_physinfo(&abi, &host), 0);
    if (!(host.capabilities & HVABI_PHYSCAP_HVM)) {
        stop();
        skip_because("no HVM on this machine");
    }
    uint32_t hap = host.capabilities & HVABI_PHYSCAP_HAP ? CDF_HAP : 0;
    uint16_t domid = create((struct hvabi_create_domain){.flags = HVABI_CDF_HVM | hap,
                                                         .emulation_flags = EMU_LAPIC});
    assert_int_equal(xenhvabi_domain_info(&abi, domid, &info), 0);
    assert_int_equal(info.emulation_flags, EMU_LAPIC);
    /* Up to 4.16 the pool wants vCPUs to be there. */
    assert_int_equal(domctl(MAX_VCPUS, domid), 0);
    assert_int_equal(xenhvabi_set_paging_mempool(&abi, domid, 8 << 20), 0);
    assert_int_equal(xenhvabi_get_paging_mempool(&abi, domid, &bytes), 0);
    assert_int_equal(bytes, 8 << 20);
    assert_int_equal(xenhvabi_set_hvm_param(&abi, domid, HVABI_HVM_PARAM_ALTP2M, 0), 0);
    assert_int_equal(xenhvabi_set_hvm_param(&abi, domid, HVABI_HVM_PARAM_NESTEDHVM, 0), 0);
    assert_int_equal(domctl(DESTROYDOMAIN, domid), 0);
    stop();
}

TEST(what_this_release_cannot_express_is_refused)
{
    struct hvabi_running running = start();
    struct hvabi_create_domain config = {.grant_opts = 1, .max_vcpus = 1};
    uint16_t domid = 0;

    if (running.release < HVABI_RELEASE(4, 16))
        assert_fails_with(xenhvabi_create_domain(&abi, &domid, &config), -1, ENOTSUP);
    config.grant_opts = 0;
    config.flags = HVABI_CDF_TRAP_UNMAPPED_ACCESSES;
    if (running.release < HVABI_RELEASE(4, 21))
        assert_fails_with(xenhvabi_create_domain(&abi, &domid, &config), -1, ENOTSUP);
    assert_int_equal(domid, 0);
    stop();
}

TEST(a_guests_msrs_are_counted_before_they_are_read)
{
    struct hvabi_domain_info infos[2];
    struct hvabi_msr msrs[64];

    start();
    assert_int_equal(xenhvabi_domain_info_list(&abi, 1, infos, 1), 1);
    int count = xenhvabi_get_vcpu_msrs(&abi, infos[0].domain, 0, msrs, 64);
    assert_in_range(count, 0, 64);
    stop();
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_release_is_served_by_its_own_rows),
    cmocka_unit_test(another_number_is_refused_with_eacces),
    cmocka_unit_test(dom0_is_what_it_should_be),
    cmocka_unit_test(domains_are_found_exactly_and_from_an_id_on),
    cmocka_unit_test(a_pv_domain_is_created_found_and_destroyed),
    cmocka_unit_test(a_domain_gets_the_id_that_is_asked_for),
    cmocka_unit_test(a_pvh_domain_has_a_pool_and_parameters),
    cmocka_unit_test(what_this_release_cannot_express_is_refused),
    cmocka_unit_test(a_guests_msrs_are_counted_before_they_are_read),
};

CONFORMANCE_MAIN(tests)
