/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Views of a domain's memory, as far as the processor has them. What is not there is
 * refused in every function alike; where it is, views are made, changed and left.
 */
#include "on_xen.h"

#include <string.h>

#include "tiny_domain.h"

static const uint8_t halt[] = {0xfa, 0xf4}; /* cli; hlt */

/* Before Xen 4.19 a parameter allows altp2m, afterwards only createdomain does. */
static uint32_t domain_with_views(void)
{
    bool is_by_param = !xen_is_at_least(4, 19);
    uint32_t domid = is_by_param ? tiny_domain(halt, sizeof(halt))
                                 : tiny_domain_with_altp2m(halt, sizeof(halt));

    if (domid && is_by_param &&
        is_lacking("altp2m.param", xc_hvm_param_set(xc(), domid, HVM_PARAM_ALTP2M,
                                                    XEN_ALTP2M_external)))
        return 0;
    return domid;
}

TEST(every_function_is_refused_in_the_same_words)
{
    uint32_t domid = tiny_domain(halt, sizeof(halt));
    uint8_t access = XENMEM_access_rw;
    xenmem_access_t one = XENMEM_access_n;
    uint64_t gfn = 1;
    xen_pfn_t failed = 0;
    int32_t code = 0;
    uint16_t view = 9;
    bool is_on = false;

    if (!is_lacking("altp2m.get_domain_state", xc_altp2m_get_domain_state(xc(), domid, &is_on))) {
        assert_false(is_on);
        return;
    }
    int refused = errno;
#define REFUSED(call) assert_fails_with(call, -1, refused)
    REFUSED(xc_altp2m_set_domain_state(xc(), domid, true));
    REFUSED(xc_altp2m_set_vcpu_enable_notify(xc(), domid, 0, 1));
    REFUSED(xc_altp2m_set_vcpu_disable_notify(xc(), domid, 0));
    REFUSED(xc_altp2m_create_view(xc(), domid, XENMEM_access_rwx, &view));
    REFUSED(xc_altp2m_destroy_view(xc(), domid, 1));
    REFUSED(xc_altp2m_switch_to_view(xc(), domid, 1));
    REFUSED(xc_altp2m_set_visibility(xc(), domid, 1, true));
    REFUSED(xc_altp2m_get_vcpu_p2m_idx(xc(), domid, 0, &view));
    REFUSED(xc_altp2m_change_gfn(xc(), domid, 1, 1, 2));
    REFUSED(xc_altp2m_set_mem_access(xc(), domid, 1, 1, XENMEM_access_rw));
    REFUSED(xc_altp2m_get_mem_access(xc(), domid, 1, 1, &one));
    REFUSED(xc_altp2m_set_mem_access_multi(xc(), domid, 1, &access, &gfn, 1));
    REFUSED(xc_altp2m_set_suppress_ve(xc(), domid, 1, 1, true));
    REFUSED(xc_altp2m_get_suppress_ve(xc(), domid, 1, 1, &is_on));
    REFUSED(xc_altp2m_set_supress_ve_multi(xc(), domid, 1, 1, 2, true, &failed, &code));
#undef REFUSED
    assert_int_equal(view, 9);
    observe("altp2m", "all 16: %s", strerror(refused));
}

static void change_pages(uint32_t domid, uint16_t view)
{
    uint8_t kinds[] = {XENMEM_access_r, XENMEM_access_rw};
    uint64_t gfns[] = {2, 3};
    xenmem_access_t access;

    assert_works(xc_altp2m_set_mem_access(xc(), domid, view, 1, XENMEM_access_rx));
    assert_works(xc_altp2m_get_mem_access(xc(), domid, view, 1, &access));
    assert_int_equal(access, XENMEM_access_rx);
    assert_works(xc_altp2m_set_mem_access_multi(xc(), domid, view, kinds, gfns, 2));
    assert_works(xc_altp2m_get_mem_access(xc(), domid, view, 3, &access));
    assert_int_equal(access, XENMEM_access_rw);
    assert_works(xc_altp2m_change_gfn(xc(), domid, view, 5, 6));
    assert_works(xc_altp2m_change_gfn(xc(), domid, view, 5, INVALID_MFN));
}

static void spare_the_guest(uint32_t domid, uint16_t view)
{
    xen_pfn_t failed;
    int32_t code;
    bool spared;

    if (is_lacking("altp2m.suppress_ve", xc_altp2m_set_suppress_ve(xc(), domid, view, 1, true)))
        return;
    assert_works(xc_altp2m_get_suppress_ve(xc(), domid, view, 1, &spared));
    assert_true(spared);
    assert_works(xc_altp2m_set_supress_ve_multi(xc(), domid, view, 1, 3, false, &failed, &code));
    assert_int_equal(code, 0);
    assert_works(xc_altp2m_get_suppress_ve(xc(), domid, view, 1, &spared));
    assert_false(spared);
    assert_works(xc_altp2m_set_vcpu_enable_notify(xc(), domid, 0, 4));
    assert_works(xc_altp2m_set_vcpu_disable_notify(xc(), domid, 0));
}

TEST(views_are_made_and_switched)
{
    uint32_t domid = domain_with_views();
    uint16_t view, current;
    bool is_on;

    if (!domid || is_lacking("altp2m.on", xc_altp2m_set_domain_state(xc(), domid, true)))
        return;
    assert_works(xc_altp2m_get_domain_state(xc(), domid, &is_on));
    assert_true(is_on);
    assert_works(xc_altp2m_create_view(xc(), domid, XENMEM_access_rwx, &view));
    assert_int_not_equal(view, 0);
    change_pages(domid, view);
    spare_the_guest(domid, view);
    assert_works(xc_altp2m_switch_to_view(xc(), domid, view));
    assert_works(xc_altp2m_get_vcpu_p2m_idx(xc(), domid, 0, &current));
    assert_int_equal(current, view);
    assert_fails_with(xc_altp2m_destroy_view(xc(), domid, view), -1, EBUSY);
    assert_works(xc_altp2m_switch_to_view(xc(), domid, 0));
    assert_works(xc_altp2m_set_visibility(xc(), domid, view, false));
    assert_int_equal(xc_altp2m_switch_to_view(xc(), domid, view), -1);
    assert_works(xc_altp2m_set_visibility(xc(), domid, view, true));
    assert_works(xc_altp2m_destroy_view(xc(), domid, view));
    assert_works(xc_altp2m_set_domain_state(xc(), domid, false));
}

TEST(a_domain_that_is_none_is_not_found)
{
    bool is_on;

    errno = 0;
    assert_int_equal(xc_altp2m_get_domain_state(xc(), 999, &is_on), -1);
    observe("altp2m.no_domain", "%s", strerror(errno));
    assert_true(errno == ESRCH || errno == EOPNOTSUPP);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_TINY_DOMAIN(every_function_is_refused_in_the_same_words),
        ON_TINY_DOMAIN(views_are_made_and_switched),
        ON_TINY_DOMAIN(a_domain_that_is_none_is_not_found),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
