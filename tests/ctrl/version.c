/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the running Xen says of itself, and of memory. */
#include <stdlib.h>
#include <string.h>

#include "on_xen.h"

TEST(version_is_that_of_the_extraversion_and_capabilities)
{
    char capabilities[1024];
    char expected[32];
    long version = assert_works(xc_version(xc(), XENVER_version, NULL));
    assert_works(xc_version(xc(), XENVER_capabilities, capabilities));
    snprintf(expected, sizeof(expected), "xen-%ld.%ld-x86_64", 3L, 0L);
    assert_non_null(strstr(capabilities, expected));
    assert_int_equal(version >> 16, 4);
    assert_true(xen_is_at_least(4, 14));
}

static void assert_text(char *text, int kind)
{
    char expected[2048] = "";

    assert_non_null(text);
    assert_works(xc_version(xc(), kind, expected));
    assert_string_equal(text, expected);
    free(text);
}

TEST(texts_are_what_the_numbers_give)
{
    assert_text(xc_xenver_extraversion(xc()), XENVER_extraversion);
    assert_text(xc_xenver_capabilities(xc()), XENVER_capabilities);
    assert_text(xc_xenver_changeset(xc()), XENVER_changeset);
    assert_text(xc_xenver_commandline(xc()), XENVER_commandline);
}

TEST(the_build_id_is_hexadecimal)
{
    char *id = xc_xenver_buildid(xc());
    struct {
        uint32_t len;
        unsigned char buf[64];
    } raw = {.len = 64};

    if (!id) {
        assert_int_equal(errno, ENODATA);
        observe("buildid", "this Xen was linked without one");
        return;
    }
    assert_int_equal(strspn(id, "0123456789abcdef"), strlen(id));
    assert_int_equal(xc_version(xc(), XENVER_build_id, &raw), strlen(id) / 2);
    assert_int_equal(raw.buf[0], strtol((char[]){id[0], id[1], 0}, NULL, 16));
    free(id);
}

TEST(each_kind_of_version_is_answered)
{
    xen_compile_info_t compiled;
    xen_platform_parameters_t platform = {0};
    xen_feature_info_t features = {.submap_idx = 0};
    xen_domain_handle_t uuid, zero = {0};

    assert_works(xc_version(xc(), XENVER_compile_info, &compiled));
    assert_int_not_equal(compiled.compiler[0], '\0');
    assert_works(xc_version(xc(), XENVER_platform_parameters, &platform));
    assert_true(platform.virt_start >= 0xffff800000000000);
    assert_works(xc_version(xc(), XENVER_get_features, &features));
    assert_int_not_equal(features.submap, 0);
    assert_int_equal(assert_works(xc_version(xc(), XENVER_pagesize, NULL)), 4096);
    assert_works(xc_version(xc(), XENVER_guest_handle, &uuid));
    observe("dom0_uuid", "%s", memcmp(uuid, zero, 16) ? "is set" : "is zero");
    assert_fails_with(xc_version(xc(), 12345, NULL), -1, EINVAL);
}

TEST(memory_is_asked_for_as_it_is)
{
    xc_physinfo_t info;
    domid_t self = DOMID_SELF;
    struct xen_memory_map none = {0};

    assert_works(xc_physinfo(xc(), &info));
    assert_true(assert_works(xc_memory_op(xc(), XENMEM_maximum_ram_page, NULL, 0)) >=
                (long)(info.total_pages / 2));
    assert_true(assert_works(xc_memory_op(xc(), XENMEM_current_reservation, &self,
                                          sizeof(self))) > 1000);
    assert_fails_with(xc_memory_op(xc(), 999, &none, sizeof(none)), -1, ENOSYS);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_XEN(version_is_that_of_the_extraversion_and_capabilities),
        ON_XEN(texts_are_what_the_numbers_give),
        ON_XEN(the_build_id_is_hexadecimal),
        ON_XEN(each_kind_of_version_is_answered),
        ON_XEN(memory_is_asked_for_as_it_is),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
