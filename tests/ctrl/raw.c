/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests that a program fills in itself, with Debian 12's headers, on any release. */
#include <string.h>

#include "on_xen.h"

static struct xen_domctl info_of(uint32_t domid)
{
    struct xen_domctl request;

    memset(&request, 0, sizeof(request));
    request.cmd = XEN_DOMCTL_getdomaininfo;
    request.interface_version = XEN_DOMCTL_INTERFACE_VERSION;
    request.domain = (domid_t)domid;
    assert_works(xc_domctl(xc(), &request));
    return request;
}

TEST(a_domctl_whose_layout_has_changed_tells_of_the_guest)
{
    uint32_t domid = guest("pv");
    struct xen_domctl request = info_of(domid);

    assert_int_equal(request.domain, domid);
    assert_int_equal(request.u.getdomaininfo.domain, domid);
    assert_int_equal(request.u.getdomaininfo.max_vcpu_id, 0);
    assert_true(request.u.getdomaininfo.tot_pages > 1000);
}

TEST(a_domctl_that_never_changed_pauses_and_unpauses_the_guest)
{
    struct xen_domctl request;
    uint32_t domid = guest("pv");

    memset(&request, 0, sizeof(request));
    request.cmd = XEN_DOMCTL_pausedomain;
    request.domain = (domid_t)domid;
    assert_works(xc_domctl(xc(), &request));
    bool was_paused = info_of(domid).u.getdomaininfo.flags & XEN_DOMINF_paused;
    request.cmd = XEN_DOMCTL_unpausedomain;
    assert_works(xc_domctl(xc(), &request));
    assert_true(was_paused);
    assert_false(info_of(domid).u.getdomaininfo.flags & XEN_DOMINF_paused);
}

TEST(a_sysctl_whose_layout_has_changed_tells_of_the_host)
{
    struct xen_sysctl request;

    memset(&request, 0, sizeof(request));
    request.cmd = XEN_SYSCTL_physinfo;
    request.interface_version = XEN_SYSCTL_INTERFACE_VERSION;
    assert_works(xc_sysctl(xc(), &request));
    assert_int_equal(request.u.physinfo.nr_cpus, xc_get_online_cpus(xc()));
    assert_true(request.u.physinfo.total_pages > 100000);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_XEN(a_domctl_whose_layout_has_changed_tells_of_the_guest),
        ON_XEN(a_domctl_that_never_changed_pauses_and_unpauses_the_guest),
        ON_XEN(a_sysctl_whose_layout_has_changed_tells_of_the_host),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
