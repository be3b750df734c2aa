/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenctrl.so.4.14 and .4.20, as programs meet them that were compiled against those
 * releases' headers: these are Debian 11's and Debian 13's (libxen-dev), not ours.
 */
#include "harness.h"

#include <errno.h>
#include <string.h>
#include <xenctrl.h>

#if XEN_DOMCTL_INTERFACE_VERSION == 0x12
#define FACE_MINOR 14
#elif XEN_DOMCTL_INTERFACE_VERSION == 0x17
#define FACE_MINOR 20
#else
#error "this must see the headers of Xen 4.14 or 4.20"
#endif

#include "fixture.h"

static const char domctl[] = "xen_domctl", info_member[] = "getdomaininfo";

/* Two domains, 0 and 5. */
static void tell_one(uint16_t id, uint8_t *entry)
{
    fakerelease_fill(running_minor, domctl, info_member, id, entry);
    set_field(running_minor, domctl, info_member, "domain", entry, id);
}

static int tell_list(uint8_t *payload)
{
    static const char unit[] = "xen_sysctl", member[] = "getdomaininfolist";
    uint8_t *entry = address_in(running_minor, unit, member, "buffer.p", payload);
    uint64_t first = fakerelease_get(
        payload, fakerelease_field(running_minor, unit, member, "first_domain"));

    if (first == 0) {
        tell_one(0, entry);
        entry += fakerelease_size(running_minor, domctl, info_member);
    }
    tell_one(5, entry);
    set_field(running_minor, unit, member, "num_domains", payload, first == 0 ? 2 : 1);
    return 0;
}

/* Since 4.18 exactly the domain, before it the first at or above. */
static int tell(struct sent *request, uint8_t *payload)
{
    if (strcmp(request->unit, "xen_sysctl") == 0)
        return request->op == 6 ? tell_list(payload) : 0;
    if (request->op != 5)
        return 0;
    if (request->domid > 5 || (running_minor >= 18 && request->domid % 5))
        return -ESRCH;
    request->domid = request->domid ? 5 : 0;
    tell_one(request->domid, payload);
    return 0;
}

TEST(lists_fill_the_structs_of_that_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_domaininfo_t infos[2];

        answer_with(tell);
        assert_int_equal(xc_domain_getinfolist(xch, 0, 2, infos), 2);
        assert_int_equal(infos[1].domain, 5);
        assert_true(infos[1].cpu_time == fakerelease_value("cpu_time", 5, 8));
        assert_int_equal(infos[1].cpupool, fakerelease_value("cpupool", 5, 4));
        assert_int_equal(infos[1].arch_config.emulation_flags,
                         fakerelease_value("arch_config.emulation_flags", 5, 4));
        stop(xch);
    }
}

#if FACE_MINOR == 14
TEST(one_domain_fills_the_struct_of_that_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_dominfo_t info;

        answer_with(tell);
        assert_int_equal(xc_domain_getinfo(xch, 1, 1, &info), 1);
        assert_int_equal(info.domid, 5);
        assert_int_equal(info.cpupool, fakerelease_value("cpupool", 5, 4));
        assert_int_equal(info.arch_config.emulation_flags,
                         fakerelease_value("arch_config.emulation_flags", 5, 4));
        stop(xch);
    }
}
#else
TEST(one_domain_fills_the_struct_of_that_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_domaininfo_t info;

        answer_with(tell);
        assert_int_equal(xc_domain_getinfo_single(xch, 5, &info), 0);
        assert_int_equal(info.domain, 5);
        assert_int_equal(info.arch_config.emulation_flags,
                         fakerelease_value("arch_config.emulation_flags", 5, 4));
        assert_fails_with(xc_domain_getinfo_single(xch, 1, &info), -1, ESRCH);
        stop(xch);
    }
}
#endif

TEST(physinfo_fills_the_struct_of_that_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct {
            xc_physinfo_t info;
            uint64_t behind;
        } room = {.behind = 0xfeed};

        assert_int_equal(xc_physinfo(xch, &room.info), 0);
        assert_int_equal(room.info.nr_cpus, HOST_ONLINE);
        assert_true(room.info.max_mfn == fakerelease_value("max_mfn", 0, 8));
        assert_int_equal(room.behind, 0xfeed);
        stop(xch);
    }
}

TEST(createdomain_takes_the_struct_of_that_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_domctl_createdomain config = {.max_vcpus = 2,
                                                 .max_evtchn_port = 1023,
                                                 .max_grant_frames = -1,
                                                 .max_maptrack_frames = -1};
        uint32_t domid = 7;

        assert_int_equal(xc_domain_create(xch, &domid, &config), 0);
        assert_int_equal(sent.op, 1);
        struct fakefield ports =
            fakerelease_field(minor, domctl, "createdomain", "max_evtchn_port");
        assert_int_equal(fakerelease_get(sent.payload, ports), 1023);
        stop(xch);
    }
}

TEST(raw_requests_are_of_that_release_whatever_their_version_says)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_domctl irq = {.cmd = XEN_DOMCTL_irq_permission, .domain = 4};
        struct xen_domctl info = {.cmd = XEN_DOMCTL_getdomaininfo, .domain = 5};
        struct xen_sysctl phys = {.cmd = XEN_SYSCTL_physinfo};

        answer_with(tell);
        irq.u.irq_permission.pirq = 9;
        irq.u.irq_permission.allow_access = 1;
        assert_int_equal(xc_domctl(xch, &irq), 0);
        assert_domctl(minor, 19, 4, "irq_permission", {"pirq", 9}, {"allow_access", 1});
        assert_int_equal(xc_domctl(xch, &info), 0);
        assert_int_equal(info.u.getdomaininfo.arch_config.emulation_flags,
                         fakerelease_value("arch_config.emulation_flags", 5, 4));
        assert_int_equal(xc_sysctl(xch, &phys), 0);
        assert_true(phys.u.physinfo.max_mfn == fakerelease_value("max_mfn", 0, 8));
        stop(xch);
    }
}

TEST(irq_permission_has_the_parameters_of_that_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_domain_irq_permission(xch, 4, 200, 1), 0);
        assert_domctl(minor, 19, 4, "irq_permission", {"pirq", 200}, {"allow_access", 1});
        stop(xch);
    }
}

#if FACE_MINOR == 14
static int give_pages(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_field(running_minor, domctl, "shadow_op", "pages", payload, 77);
    set_field(running_minor, domctl, "shadow_op", "mb", payload, 12);
    set_field(running_minor, domctl, "shadow_op", "stats.dirty_count", payload, 3);
    return 0;
}

TEST(shadow_control_has_the_parameters_of_that_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        DECLARE_HYPERCALL_BUFFER(unsigned long, bitmap);
        xc_shadow_op_stats_t stats = {0, 0};
        unsigned long mb = 11;

        bitmap = xc_hypercall_buffer_alloc_pages(xch, bitmap, 1);
        assert_non_null(bitmap);
        answer_with(give_pages);
        assert_int_equal(xc_shadow_control(xch, 4, XEN_DOMCTL_SHADOW_OP_CLEAN,
                                           HYPERCALL_BUFFER(bitmap), 99, &mb, 5, &stats), 77);
        assert_domctl(minor, 10, 4, "shadow_op", {"op", XEN_DOMCTL_SHADOW_OP_CLEAN},
                      {"mode", 5}, {"mb", 11}, {"pages", 99}, {"dirty_bitmap.p", AN_ADDRESS});
        assert_int_equal(mb, 12);
        assert_int_equal(stats.dirty_count, 3);
        xc_hypercall_buffer_free_pages(xch, bitmap, 1);
        stop(xch);
    }
}

/* Domain 5 has been shut down for a suspend, and is PV. */
static unsigned resumed, registers_set;

static int suspended(struct sent *request, uint8_t *payload)
{
    if (!request->unit || strcmp(request->unit, "xen_domctl") != 0)
        return 0;
    if (request->op == 5) {
        tell_one(5, payload);
        set_field(running_minor, domctl, info_member, "flags", payload,
                  XEN_DOMINF_shutdown | (uint32_t)SHUTDOWN_suspend << XEN_DOMINF_shutdownshift);
        request->domid = 5;
    }
    registers_set += request->op == 12;
    resumed += request->op == 27;
    return 0;
}

TEST(a_suspended_guest_goes_on)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        answer_with(suspended);
        resumed = registers_set = 0;
        assert_int_equal(xc_domain_resume(xch, 5, 1), 0);
        assert_int_equal(registers_set, 1);
        assert_int_equal(resumed, 1);
        assert_fails_with(xc_domain_resume(xch, 5, 0), -1, ENOTSUP);
        answer_with(tell);
        resumed = 0;
        assert_fails_with(xc_domain_dumpcore(xch, 5, "core"), -1, ENOTSUP);
        assert_int_equal(resumed, 0);
        stop(xch);
    }
}

/* Declared in none of its headers; libxenguest calls it. */
long do_memory_op(xc_interface *xch, unsigned int cmd, void *arg, size_t len);

static int without_32_bit_guests(struct sent *request, uint8_t *memory)
{
    (void)memory;
    return request->op == __HYPERVISOR_memory_op ? -EOPNOTSUPP : 0;
}

/*
 * Xen built without 32-bit PV guests has no table for them. 4.14's libxenguest takes the
 * error for the end of `xl save`, although no guest can be there that needs the table.
 */
TEST(the_table_of_32_bit_guests_has_no_frame_where_there_are_none)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xen_pfn_t frames[2] = {7, 8};
        struct xen_machphys_mfn_list list = {.max_extents = 1, .extent_start = {frames}};

        answer_with(without_32_bit_guests);
        assert_int_equal(
            do_memory_op(xch, XENMEM_machphys_compat_mfn_list, &list, sizeof(list)), 0);
        assert_int_equal(list.nr_extents, 1);
        assert_true(frames[0] == ~(xen_pfn_t)0);
        assert_int_equal(frames[1], 8);
        list.max_extents = list.nr_extents = 0;
        assert_fails_with(
            do_memory_op(xch, XENMEM_machphys_compat_mfn_list, &list, sizeof(list)), -1,
            EOPNOTSUPP);
        list.max_extents = 1;
        assert_fails_with(do_memory_op(xch, XENMEM_machphys_mfn_list, &list, sizeof(list)), -1,
                          EOPNOTSUPP);
        stop(xch);
    }
}

/* There is no such mark on a domain since. */
TEST(migration_can_be_forbidden_on_4_14_only)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        if (minor == 14) {
            assert_int_equal(xc_domain_disable_migrate(xch, 4), 0);
            assert_domctl(minor, 58, 4, "disable_migrate", {"disable", 1});
        } else {
            assert_fails_with(xc_domain_disable_migrate(xch, 4), -1, ENOTSUP);
            assert_int_equal(requests, 0);
        }
        stop(xch);
    }
}
#else
TEST(microcode_has_the_parameters_of_that_release)
{
    static const char blob[] = "microcode";
    xc_interface *xch = start(20);

    assert_int_equal(xc_microcode_update(xch, blob, sizeof(blob), 1), 0);
    assert_int_equal(sent.op, __HYPERVISOR_platform_op);
    stop(xch);
}

TEST(uploads_can_be_forced)
{
    xc_interface *xch = start(20);
    char name[] = "patch";
    unsigned char payload[] = "elf";

    assert_int_equal(xc_livepatch_upload(xch, name, payload, sizeof(payload), true), 0);
    assert_int_equal(sent.op, 27);
    stop(xch);
}
#endif

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_fill_the_structs_of_that_release),
        cmocka_unit_test(one_domain_fills_the_struct_of_that_release),
        cmocka_unit_test(physinfo_fills_the_struct_of_that_release),
        cmocka_unit_test(createdomain_takes_the_struct_of_that_release),
        cmocka_unit_test(raw_requests_are_of_that_release_whatever_their_version_says),
        cmocka_unit_test(irq_permission_has_the_parameters_of_that_release),
#if FACE_MINOR == 14
        cmocka_unit_test(shadow_control_has_the_parameters_of_that_release),
        cmocka_unit_test(a_suspended_guest_goes_on),
        cmocka_unit_test(the_table_of_32_bit_guests_has_no_frame_where_there_are_none),
        cmocka_unit_test(migration_can_be_forbidden_on_4_14_only),
#else
        cmocka_unit_test(microcode_has_the_parameters_of_that_release),
        cmocka_unit_test(uploads_can_be_forced),
#endif
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
