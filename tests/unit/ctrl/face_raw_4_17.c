/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests that a program of Xen 4.17 makes up itself, on every release: the structs are
 * those of Debian 12's headers, what is sent is in the layout of what runs.
 */
#include "harness.h"

#include <errno.h>
#include <string.h>
#include <xenctrl.h>

#if XEN_DOMCTL_INTERFACE_VERSION != 0x15 || !defined(XC_PAGE_SHIFT)
#error "this must see the headers of Xen 4.17"
#endif

#include "fixture.h"

static int name_it_9(struct sent *request, uint8_t *payload)
{
    (void)payload;
    if (request->op == XEN_DOMCTL_createdomain)
        request->domid = 9;
    return 0;
}

static uint64_t sent_field(const char *member, const char *field)
{
    return fakerelease_get(sent.payload,
                           fakerelease_field(running_minor, "xen_domctl", member, field));
}

TEST(a_domain_is_created_and_its_id_comes_back)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_domctl request = {.cmd = XEN_DOMCTL_createdomain,
                                     .u.createdomain = {.ssidref = 6,
                                                        .max_vcpus = 3,
                                                        .max_evtchn_port = 1023,
                                                        .max_grant_frames = 64,
                                                        .max_maptrack_frames = -1}};

        answer_with(name_it_9);
        assert_int_equal(xc_domctl(xch, &request), 0);
        assert_int_equal(request.domain, 9);
        assert_int_equal(sent.op, XEN_DOMCTL_createdomain);
        assert_int_equal(sent_field("createdomain", "ssidref"), 6);
        assert_int_equal(sent_field("createdomain", "max_vcpus"), 3);
        assert_int_equal(sent_field("createdomain", "max_grant_frames"), 64);
        stop(xch);
    }
}

static int tell_capabilities(struct sent *request, uint8_t *payload)
{
    if (request->op == XEN_DOMCTL_monitor_op)
        set_field(running_minor, "xen_domctl", "monitor_op", "event", payload, 0x55);
    return 0;
}

TEST(the_monitor_is_asked_in_the_running_layout)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_domctl request = {.cmd = XEN_DOMCTL_monitor_op,
                                     .domain = 4,
                                     .u.monitor_op.op = XEN_DOMCTL_MONITOR_OP_GET_CAPABILITIES};

        answer_with(tell_capabilities);
        assert_int_equal(xc_domctl(xch, &request), 0);
        assert_domctl(minor, XEN_DOMCTL_monitor_op, 4, "monitor_op",
                      {"op", XEN_DOMCTL_MONITOR_OP_GET_CAPABILITIES});
        assert_int_equal(request.u.monitor_op.event, 0x55);
        stop(xch);
    }
}

TEST(the_paging_pool_is_a_shadow_operation_where_it_must)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_domctl request = {.cmd = XEN_DOMCTL_set_paging_mempool_size,
                                     .domain = 4,
                                     .u.paging_mempool.size = 3u << 20};

        assert_int_equal(xc_domctl(xch, &request), 0);
        if (minor < 17)
            assert_domctl(minor, XEN_DOMCTL_shadow_op, 4, "shadow_op",
                          {"op", XEN_DOMCTL_SHADOW_OP_SET_ALLOCATION}, {"mb", 3});
        else
            assert_domctl(minor, XEN_DOMCTL_set_paging_mempool_size, 4, "paging_mempool",
                          {"size", 3u << 20});
        stop(xch);
    }
}

TEST(ports_are_mapped_and_unmapped)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_domctl request = {.cmd = XEN_DOMCTL_ioport_mapping, .domain = 4};

        request.u.ioport_mapping = (struct xen_domctl_ioport_mapping){0x10, 0x3f8, 8, 1};
        assert_int_equal(xc_domctl(xch, &request), 0);
        assert_domctl(minor, XEN_DOMCTL_ioport_mapping, 4, "ioport_mapping",
                      {"first_gport", 0x10}, {"first_mport", 0x3f8}, {"nr_ports", 8},
                      {"add_mapping", 1});
        request.u.ioport_mapping.add_mapping = 0;
        assert_int_equal(xc_domctl(xch, &request), 0);
        assert_domctl(minor, XEN_DOMCTL_ioport_mapping, 4, "ioport_mapping",
                      {"first_gport", 0x10}, {"first_mport", 0x3f8}, {"nr_ports", 8});
        stop(xch);
    }
}

static int tell_two(struct sent *request, uint8_t *payload)
{
    static const char unit[] = "xen_sysctl", member[] = "getdomaininfolist";
    unsigned size = fakerelease_size(running_minor, "xen_domctl", "getdomaininfo");
    uint8_t *list = address_in(running_minor, unit, member, "buffer.p", payload);

    (void)request;
    for (unsigned i = 0; i < 2; i++) {
        fakerelease_fill(running_minor, "xen_domctl", "getdomaininfo", i, list + i * size);
        set_field(running_minor, "xen_domctl", "getdomaininfo", "domain", list + i * size, i);
    }
    set_field(running_minor, unit, member, "num_domains", payload, 2);
    return 0;
}

TEST(domains_are_listed_into_the_callers_buffer)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        DECLARE_HYPERCALL_BUFFER(xc_domaininfo_t, list);
        struct xen_sysctl request = {.cmd = XEN_SYSCTL_getdomaininfolist,
                                     .u.getdomaininfolist.max_domains = 4};

        list = xc_hypercall_buffer_alloc(xch, list, 4 * sizeof(*list));
        set_xen_guest_handle(request.u.getdomaininfolist.buffer, list);
        answer_with(tell_two);
        assert_int_equal(xc_sysctl(xch, &request), 0);
        assert_int_equal(request.u.getdomaininfolist.num_domains, 2);
        assert_int_equal(list[1].domain, 1);
        assert_true(list[1].cpu_time == fakerelease_value("cpu_time", 1, 8));
        xc_hypercall_buffer_free(xch, list);
        stop(xch);
    }
}

/* Those whose layout never changed, with the number of the interface of what runs. */
TEST(the_rest_goes_out_as_it_is)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_sysctl heap = {.cmd = XEN_SYSCTL_availheap,
                                  .interface_version = 0x15,
                                  .u.availheap = {.min_bitwidth = 3, .node = -1}};
        struct xen_domctl memory = {.cmd = XEN_DOMCTL_max_mem,
                                    .interface_version = 0x15,
                                    .domain = 4,
                                    .u.max_mem.max_memkb = 77};

        assert_int_equal(xc_sysctl(xch, &heap), 0);
        assert_sysctl(minor, XEN_SYSCTL_availheap, "availheap", {"min_bitwidth", 3},
                      {"node", UINT32_MAX});
        assert_int_equal(xc_domctl(xch, &memory), 0);
        assert_domctl(minor, XEN_DOMCTL_max_mem, 4, "max_mem", {"max_memkb", 77});
        stop(xch);
    }
}

TEST(what_this_xen_lacks_is_refused_in_words)
{
    xc_interface *xch = start(14);
    struct xen_domctl request = {.cmd = XEN_DOMCTL_vmtrace_op, .domain = 4};
    struct xen_domctl unknown = {.cmd = 5000, .domain = 4};

    assert_fails_with(xc_domctl(xch, &request), -1, ENOTSUP);
    assert_int_equal(logged.messages, 1);
    assert_fails_with(xc_domctl(xch, &unknown), -1, ENOTSUP);
    assert_int_equal(requests, 0);
    stop(xch);
    xch = xc_interface_open(NULL, NULL, XC_OPENFLAG_DUMMY);
    assert_fails_with(xc_domctl(xch, &request), -1, EBADF);
    xc_interface_close(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_domain_is_created_and_its_id_comes_back),
        cmocka_unit_test(the_monitor_is_asked_in_the_running_layout),
        cmocka_unit_test(the_paging_pool_is_a_shadow_operation_where_it_must),
        cmocka_unit_test(ports_are_mapped_and_unmapped),
        cmocka_unit_test(domains_are_listed_into_the_callers_buffer),
        cmocka_unit_test(the_rest_goes_out_as_it_is),
        cmocka_unit_test(what_this_xen_lacks_is_refused_in_words),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
