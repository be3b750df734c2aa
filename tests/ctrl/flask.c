/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The security module. Where Xen runs without it, every function says ENOSYS and leaves
 * its arguments alone; where it runs, labels of dom0 and of a resource are looked at.
 */
#include <stdlib.h>
#include <string.h>

#include "on_xen.h"

static bool has_flask(const char *test)
{
    return !is_lacking(test, xc_flask_getenforce(xc()));
}

static char label[] = "system_u:system_r:dom0_t";

TEST(without_flask_questions_are_enosys)
{
    char text[64] = "untouched";
    uint32_t sid = 9;
    int on = 9;
    xen_flask_op_t op = {.cmd = FLASK_POLICYVERS};

    if (has_flask("questions"))
        skip_because("this Xen runs FLASK");
    assert_fails_with(xc_flask_op(xc(), &op), -1, ENOSYS);
    assert_fails_with(xc_flask_policyvers(xc()), -1, ENOSYS);
    assert_fails_with(xc_flask_context_to_sid(xc(), label, &sid), -1, ENOSYS);
    assert_fails_with(xc_flask_sid_to_context(xc(), 1, text, sizeof(text)), -1, ENOSYS);
    assert_fails_with(xc_flask_getbool_byid(xc(), 0, text, sizeof(text), &on, &on), -1, ENOSYS);
    assert_fails_with(xc_flask_getbool_byname(xc(), text, &on, &on), -1, ENOSYS);
    assert_fails_with(xc_flask_access(xc(), label, label, 1, 1, &sid, &sid, &sid, &sid, &sid),
                      -1, ENOSYS);
    assert_fails_with(xc_flask_getavc_threshold(xc()), -1, ENOSYS);
    assert_fails_with(xc_flask_avc_hashstats(xc(), text, sizeof(text)), -1, ENOSYS);
    assert_string_equal(text, "untouched");
    assert_int_equal(sid, 9);
    assert_int_equal(on, 9);
    assert_fails_with(xc_flask_avc_cachestats(xc(), text, sizeof(text)), -1, ENOSYS);
}

TEST(without_flask_changes_are_enosys)
{
    char name[] = "a_switch", policy[] = "no policy";

    if (has_flask("changes"))
        skip_because("this Xen runs FLASK");
    assert_fails_with(xc_flask_load(xc(), policy, sizeof(policy)), -1, ENOSYS);
    assert_fails_with(xc_flask_setenforce(xc(), 0), -1, ENOSYS);
    assert_fails_with(xc_flask_setbool(xc(), name, 1, 0), -1, ENOSYS);
    assert_fails_with(xc_flask_setavc_threshold(xc(), 512), -1, ENOSYS);
    assert_fails_with(xc_flask_relabel_domain(xc(), guest("pv"), 1), -1, ENOSYS);
    assert_fails_with(xc_flask_add_pirq(xc(), 200, label), -1, ENOSYS);
    assert_fails_with(xc_flask_add_ioport(xc(), 0x300, 0x301, label), -1, ENOSYS);
    assert_fails_with(xc_flask_add_iomem(xc(), 0xfedc0, 0xfedc1, label), -1, ENOSYS);
    assert_fails_with(xc_flask_add_device(xc(), 0x10008, label), -1, ENOSYS);
    assert_fails_with(xc_flask_del_pirq(xc(), 200), -1, ENOSYS);
    assert_fails_with(xc_flask_del_ioport(xc(), 0x300, 0x301), -1, ENOSYS);
    assert_fails_with(xc_flask_del_iomem(xc(), 0xfedc0, 0xfedc1), -1, ENOSYS);
    assert_fails_with(xc_flask_del_device(xc(), 0x10008), -1, ENOSYS);
}

/* ---- with it ---- */

TEST(labels_are_texts_and_numbers)
{
    xc_domaininfo_t info;
    char text[256];
    uint32_t sid = 0;

    if (!has_flask("labels"))
        return;
    assert_works(xc_domain_getinfo_single(xc(), 0, &info));
    assert_works(xc_flask_sid_to_context(xc(), (int)info.ssidref, text, sizeof(text)));
    assert_works(xc_flask_context_to_sid(xc(), text, &sid));
    assert_int_equal(sid, info.ssidref);
    assert_fails_with(xc_flask_sid_to_context(xc(), (int)sid, text, 2), -1, ERANGE);
    observe("label_of_dom0", "%s", text);
    observe("policyvers", "%d", xc_flask_policyvers(xc()));
    assert_works(xc_flask_access(xc(), text, text, 1, 0, &sid, NULL, NULL, NULL, NULL));
}

TEST(the_cache_is_sized_and_told_of)
{
    char text[4096];

    if (!has_flask("cache"))
        return;
    int threshold = (int)assert_works(xc_flask_getavc_threshold(xc()));
    assert_works(xc_flask_setavc_threshold(xc(), threshold + 1));
    assert_int_equal(xc_flask_getavc_threshold(xc()), threshold + 1);
    assert_works(xc_flask_setavc_threshold(xc(), threshold));
    assert_works(xc_flask_avc_hashstats(xc(), text, sizeof(text)));
    assert_non_null(strstr(text, "longest chain: "));
    assert_works(xc_flask_avc_cachestats(xc(), text, sizeof(text)));
    assert_non_null(strstr(text, "lookups hits"));
}

TEST(switches_are_turned_and_turned_back)
{
    char name[256];
    int on = 0, pending = 0, turned = 0;

    if (!has_flask("switches"))
        return;
    if (xc_flask_getbool_byid(xc(), 0, name, sizeof(name), &on, &pending)) {
        assert_int_equal(errno, ENOENT);
        observe("switches", "the policy has none");
        return;
    }
    assert_works(xc_flask_setbool(xc(), name, !on, 1));
    assert_works(xc_flask_getbool_byname(xc(), name, &turned, &pending));
    assert_int_equal(turned, !on);
    assert_works(xc_flask_setbool(xc(), name, on, 1));
}

TEST(resources_take_a_label_and_lose_it)
{
    if (!has_flask("resources"))
        return;
    assert_works(xc_flask_add_ioport(xc(), 0x300, 0x301, label));
    assert_works(xc_flask_del_ioport(xc(), 0x300, 0x301));
    assert_works(xc_flask_add_pirq(xc(), 200, label));
    assert_works(xc_flask_del_pirq(xc(), 200));
    assert_works(xc_flask_add_iomem(xc(), 0xfedc0, 0xfedc1, label));
    assert_works(xc_flask_del_iomem(xc(), 0xfedc0, 0xfedc1));
    assert_works(xc_flask_add_device(xc(), 0x10008, label));
    assert_works(xc_flask_del_device(xc(), 0x10008));
}

TEST(enforcing_is_turned_off_and_on)
{
    if (!has_flask("enforcing"))
        return;
    int enforcing = xc_flask_getenforce(xc());
    assert_works(xc_flask_setenforce(xc(), 0));
    assert_int_equal(xc_flask_getenforce(xc()), 0);
    assert_works(xc_flask_setenforce(xc(), enforcing));
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_XEN(without_flask_questions_are_enosys),
        ON_XEN(without_flask_changes_are_enosys),
        ON_XEN(labels_are_texts_and_numbers),
        ON_XEN(the_cache_is_sized_and_told_of),
        ON_XEN(switches_are_turned_and_turned_back),
        ON_XEN(resources_take_a_label_and_lose_it),
        ON_XEN(enforcing_is_turned_off_and_on),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
