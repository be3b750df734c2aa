/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenctrl.so.4.17, as a program meets it that was compiled against that release's
 * headers: these are Debian 12's (libxen-dev), not ours.
 */
#include "harness.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <xencall.h>
#include <xenctrl.h>

#if XEN_DOMCTL_INTERFACE_VERSION != 0x15 || !defined(XC_PAGE_SHIFT)
#error "this must see the headers of Xen 4.17"
#endif

#include "fixture.h"


/* Three domains, 0, 2 and 5. */
static const uint16_t ids[] = {0, 2, 5};

static void tell_one(uint16_t id, uint8_t *entry)
{
    fakerelease_fill(running_minor, "xen_domctl", "getdomaininfo", id, entry);
    set_field(running_minor, "xen_domctl", "getdomaininfo", "domain", entry, id);
    set_field(running_minor, "xen_domctl", "getdomaininfo", "flags", entry,
              XEN_DOMINF_shutdown | XEN_DOMINF_hap |
                  (uint32_t)SHUTDOWN_crash << XEN_DOMINF_shutdownshift);
}

static int tell_list(uint8_t *payload)
{
    static const char unit[] = "xen_sysctl", member[] = "getdomaininfolist";
    unsigned size = fakerelease_size(running_minor, "xen_domctl", "getdomaininfo"), found = 0;
    uint8_t *buffer = address_in(running_minor, unit, member, "buffer.p", payload);
    uint64_t first = fakerelease_get(
        payload, fakerelease_field(running_minor, unit, member, "first_domain"));
    uint64_t max = fakerelease_get(
        payload, fakerelease_field(running_minor, unit, member, "max_domains"));

    for (unsigned i = 0; i < 3 && found < max; i++)
        if (ids[i] >= first)
            tell_one(ids[i], buffer + found++ * size);
    set_field(running_minor, unit, member, "num_domains", payload, found);
    return 0;
}

/* Since 4.18 exactly the domain, before it the first at or above. */
static int tell(struct sent *request, uint8_t *payload)
{
    if (strcmp(request->unit, "xen_sysctl") == 0)
        return request->op == 6 ? tell_list(payload) : 0;
    for (unsigned i = 0; request->op == 5 && i < 3; i++)
        if (ids[i] == request->domid || (running_minor < 18 && ids[i] > request->domid)) {
            tell_one(ids[i], payload);
            request->domid = ids[i];
            return 0;
        }
    return request->op == 5 ? -ESRCH : 0;
}

TEST(getinfo_goes_past_holes_on_every_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_dominfo_t info[4];

        answer_with(tell);
        assert_int_equal(xc_domain_getinfo(xch, 1, 1, info), 1);
        assert_int_equal(info[0].domid, 2);
        assert_int_equal(xc_domain_getinfo(xch, 0, 4, info), 3);
        assert_int_equal(info[2].domid, 5);
        assert_int_equal(info[2].crashed, 1);
        assert_int_equal(info[2].shutdown, 0);
        assert_int_equal(info[2].hap, 1);
        assert_int_equal(info[2].shutdown_reason, SHUTDOWN_crash);
        assert_true(info[2].nr_pages == fakerelease_value("tot_pages", 5, 8));
        assert_int_equal(info[2].cpupool, fakerelease_value("cpupool", 5, 4));
        assert_int_equal(info[2].arch_config.emulation_flags,
                         fakerelease_value("arch_config.emulation_flags", 5, 4));
        assert_fails_with(xc_domain_getinfo(xch, 6, 1, info), -1, ESRCH);
        assert_fails_with(xc_domain_getinfo(xch, 6, 2, info), -1, ESRCH);
        stop(xch);
    }
}

TEST(getinfolist_fills_the_structs_of_4_17)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_domaininfo_t infos[4];

        answer_with(tell);
        assert_int_equal(xc_domain_getinfolist(xch, 1, 4, infos), 2);
        assert_int_equal(infos[0].domain, 2);
        assert_int_equal(infos[1].domain, 5);
        assert_true(infos[1].cpu_time == fakerelease_value("cpu_time", 5, 8));
        assert_int_equal(infos[1].arch_config.emulation_flags,
                         fakerelease_value("arch_config.emulation_flags", 5, 4));
        assert_int_equal(infos[1].gpaddr_bits,
                         minor < 16 ? 0 : fakerelease_value("gpaddr_bits", 5, 1));
        stop(xch);
    }
}

TEST(physinfo_fills_the_struct_of_4_17)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_physinfo_t info;

        assert_int_equal(xc_physinfo(xch, &info), 0);
        assert_int_equal(info.nr_cpus, HOST_ONLINE);
        assert_true(info.total_pages == fakerelease_value("total_pages", 0, 8));
        assert_true(info.max_mfn == fakerelease_value("max_mfn", 0, 8));
        stop(xch);
    }
}

TEST(createdomain_takes_the_struct_of_4_17)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_domctl_createdomain config = {.max_vcpus = 2,
                                                 .max_evtchn_port = 1023,
                                                 .max_grant_frames = -1,
                                                 .max_maptrack_frames = -1,
                                                 .arch.emulation_flags = 0};
        uint32_t domid = 0;

        assert_int_equal(xc_domain_create(xch, &domid, &config), 0);
        assert_int_equal(sent.op, 1);
        assert_int_equal(fakerelease_get(sent.payload, fakerelease_field(minor, "xen_domctl",
                                                                         "createdomain",
                                                                         "max_vcpus")),
                         2);
        stop(xch);
    }
}

TEST(raw_requests_are_converted)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_domctl pause = {.cmd = XEN_DOMCTL_pausedomain, .domain = 4};
        struct xen_domctl info = {.cmd = XEN_DOMCTL_getdomaininfo, .domain = 3};
        struct xen_domctl irq = {.cmd = XEN_DOMCTL_irq_permission, .domain = 4};
        struct xen_sysctl phys = {.cmd = XEN_SYSCTL_physinfo};

        answer_with(tell);
        assert_int_equal(xc_domctl(xch, &pause), 0);
        assert_bare_domctl(XEN_DOMCTL_pausedomain, 4);
        assert_int_equal(xc_domctl(xch, &info), 0);
        assert_int_equal(info.domain, 5);
        assert_int_equal(info.u.getdomaininfo.arch_config.emulation_flags,
                         fakerelease_value("arch_config.emulation_flags", 5, 4));
        irq.u.irq_permission.pirq = 9;
        irq.u.irq_permission.allow_access = 1;
        assert_int_equal(xc_domctl(xch, &irq), 0);
        assert_domctl(minor, 19, 4, "irq_permission", {"pirq", 9}, {"allow_access", 1});
        assert_int_equal(xc_sysctl(xch, &phys), 0);
        assert_int_equal(phys.u.physinfo.nr_cpus, HOST_ONLINE);
        stop(xch);
    }
}

/* As upstream's libxenguest does, which takes the handle out of the interface. */
TEST(requests_by_the_interfaces_own_xencall_handle_are_converted)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xencall_handle *xcall = xc_interface_xcall_handle(xch);
        struct xen_domctl *info = xencall_alloc_buffer(xcall, sizeof(*info));
        struct xen_sysctl *phys = xencall_alloc_buffer(xcall, sizeof(*phys));

        answer_with(tell);
        info->cmd = XEN_DOMCTL_getdomaininfo;
        info->interface_version = XEN_DOMCTL_INTERFACE_VERSION;
        info->domain = 3;
        assert_int_equal(xencall1(xcall, __HYPERVISOR_domctl, (uintptr_t)info), 0);
        assert_int_equal(info->domain, 5);
        assert_int_equal(info->u.getdomaininfo.arch_config.emulation_flags,
                         fakerelease_value("arch_config.emulation_flags", 5, 4));
        phys->cmd = XEN_SYSCTL_physinfo;
        phys->interface_version = XEN_SYSCTL_INTERFACE_VERSION;
        assert_int_equal(xencall1(xcall, __HYPERVISOR_sysctl, (uintptr_t)phys), 0);
        assert_int_equal(phys->u.physinfo.nr_cpus, HOST_ONLINE);
        xencall_free_buffer(xcall, info);
        xencall_free_buffer(xcall, phys);
        stop(xch);
    }
}

/* ---- power ---- */

static void put_governed(uint8_t *payload, const char *name, uint64_t value)
{
    char field[80];

    snprintf(field, sizeof(field), "u.get_para.%s%s",
             running_minor >= 21 ? "s." : running_minor >= 18 ? "u.s." : "", name);
    set_field(running_minor, "xen_sysctl", "pm_op", field, payload, value);
}

static int tell_frequencies(struct sent *request, uint8_t *payload)
{
    assert_string_equal(request->unit, "xen_sysctl");
    set_field(running_minor, "xen_sysctl", "pm_op", "u.get_para.cpu_num", payload, 2);
    if (fakerelease_get(request->payload, fakerelease_field(running_minor, "xen_sysctl", "pm_op",
                                                            "u.get_para.cpu_num")) != 2)
        return -EAGAIN;
    ((uint32_t *)address_in(running_minor, "xen_sysctl", "pm_op", "u.get_para.affected_cpus.p",
                            payload))[1] = 77;
    put_governed(payload, "scaling_max_freq", 3000);
    put_governed(payload, "u.ondemand.sampling_rate", 55);
    set_field(running_minor, "xen_sysctl", "pm_op", "u.get_para.turbo_enabled", payload, 1);
    return 0;
}

TEST(frequencies_fill_the_struct_of_4_17)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xc_get_cpufreq_para para;
        uint32_t cpus[2] = {0};

        memset(&para, 0, sizeof(para));
        answer_with(tell_frequencies);
        assert_fails_with(xc_get_cpufreq_para(xch, 4, &para), -EAGAIN, EAGAIN);
        assert_int_equal(para.cpu_num, 2);
        para.affected_cpus = cpus;
        assert_int_equal(xc_get_cpufreq_para(xch, 4, &para), 0);
        assert_int_equal(cpus[1], 77);
        assert_int_equal(para.scaling_max_freq, 3000);
        assert_int_equal(para.u.ondemand.sampling_rate, 55);
        assert_int_equal(para.turbo_enabled, 1);
        stop(xch);
    }
}

TEST(raw_requests_for_frequencies_are_converted)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_sysctl request = {.cmd = XEN_SYSCTL_pm_op};
        uint32_t cpus[2] = {0};

        request.u.pm_op.cmd = GET_CPUFREQ_PARA;
        request.u.pm_op.cpuid = 4;
        answer_with(tell_frequencies);
        assert_fails_with(xc_sysctl(xch, &request), -1, EAGAIN);
        assert_int_equal(request.u.pm_op.cmd, GET_CPUFREQ_PARA);
        assert_int_equal(request.u.pm_op.cpuid, 4);
        assert_int_equal(request.u.pm_op.u.get_para.cpu_num, 2);
        set_xen_guest_handle_raw(request.u.pm_op.u.get_para.affected_cpus, cpus);
        assert_int_equal(xc_sysctl(xch, &request), 0);
        assert_int_equal(cpus[1], 77);
        assert_int_equal(request.u.pm_op.u.get_para.scaling_max_freq, 3000);
        assert_int_equal(request.u.pm_op.u.get_para.turbo_enabled, 1);
        request.u.pm_op.cmd = 0x16; /* 4.21's way to CPPC, which 4.17 does not know */
        assert_fails_with(xc_sysctl(xch, &request), -1, EINVAL);
        request.u.pm_op.cmd = XEN_SYSCTL_pm_op_enable_turbo;
        answer_with(NULL);
        assert_int_equal(xc_sysctl(xch, &request), 0);
        assert_int_equal(sent.payload[0], XEN_SYSCTL_pm_op_enable_turbo);
        stop(xch);
    }
}

/* The room for P-states, which 4.17's programs have and do not tell of. */
static int tell_states(struct sent *request, uint8_t *payload)
{
    struct fakefield total = fakerelease_field(running_minor, "xen_sysctl", "get_pmstat",
                                               "u.getpx.total");

    if (request->payload[0] == PMSTAT_get_pxstat)
        assert_int_equal(fakerelease_get(payload, total), running_minor < 21 ? 0 : 3);
    fakerelease_put(payload, total, 3);
    return 0;
}

TEST(raw_requests_for_p_states_say_how_much_room_there_is)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_sysctl request = {.cmd = XEN_SYSCTL_get_pmstat};

        request.u.get_pmstat.type = PMSTAT_get_pxstat;
        request.u.get_pmstat.cpuid = 4;
        answer_with(tell_states);
        assert_int_equal(xc_sysctl(xch, &request), 0);
        assert_int_equal(request.u.get_pmstat.cpuid, 4);
        assert_int_equal(request.u.get_pmstat.u.getpx.total, 3);
        request.u.get_pmstat.type = PMSTAT_get_max_cx;
        requests = 0;
        assert_int_equal(xc_sysctl(xch, &request), 0);
        assert_int_equal(requests, 1);
        stop(xch);
    }
}

TEST(uploads_have_the_parameters_of_4_17)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        unsigned char elf[1] = {1};

        assert_int_equal(xc_livepatch_upload(xch, (char *)"fix", elf, 1), 0);
        assert_sysctl(minor, 27, "livepatch", {"u.upload.name.name.p", AN_ADDRESS},
                      {"u.upload.name.size", 4}, {"u.upload.size", 1},
                      {"u.upload.payload.p", AN_ADDRESS});
        assert_int_equal(xc_microcode_update(xch, elf, 1), 0);
        assert_int_equal(sent.op, __HYPERVISOR_platform_op);
        stop(xch);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(getinfo_goes_past_holes_on_every_release),
        cmocka_unit_test(getinfolist_fills_the_structs_of_4_17),
        cmocka_unit_test(physinfo_fills_the_struct_of_4_17),
        cmocka_unit_test(createdomain_takes_the_struct_of_4_17),
        cmocka_unit_test(raw_requests_are_converted),
        cmocka_unit_test(requests_by_the_interfaces_own_xencall_handle_are_converted),
        cmocka_unit_test(frequencies_fill_the_struct_of_4_17),
        cmocka_unit_test(raw_requests_for_frequencies_are_converted),
        cmocka_unit_test(raw_requests_for_p_states_say_how_much_room_there_is),
        cmocka_unit_test(uploads_have_the_parameters_of_4_17),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
