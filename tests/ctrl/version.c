/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the running Xen says of itself. */
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

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_XEN(version_is_that_of_the_extraversion_and_capabilities),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
