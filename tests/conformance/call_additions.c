/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Buffers that the caller fills in place: what our libxencall does beyond upstream's. */
#define __XEN_TOOLS__ 1 /* the numbers of today's hypercalls */

#include <stdint.h>
#include <string.h>
#include <xen/version.h>
#include <xen/xen.h>
#include <xencall.h>

#include "conformance.h"

TEST(xen_fills_a_buffer_in_place)
{
    static const size_t sizes[] = {XEN_EXTRAVERSION_LEN, 4096, 262144, 4 << 20};
    xencall_handle *xcall = xencall_open(NULL, 0);

    assert_non_null(xcall);
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
            char *buffer = xencall_buffer_get(xcall, sizes[i]);
            /* At the very end, so that all of it is known to be good for Xen. */
            char *text = buffer + sizes[i] - XEN_EXTRAVERSION_LEN;

            assert_non_null(buffer);
            assert_int_equal((uintptr_t)buffer % 4096, 0);
            memset(buffer, 0xff, sizes[i]);
            assert_int_equal(xencall2(xcall, __HYPERVISOR_xen_version, XENVER_extraversion,
                                      (uintptr_t)text), 0);
            assert_int_equal(text[0], '.');
            assert_non_null(memchr(text, '\0', XEN_EXTRAVERSION_LEN));
            assert_int_equal(xencall_buffer_put(xcall, buffer), 0);
        }
    assert_int_equal(xencall_close(xcall), 0);
}

TEST(a_buffer_is_put_back_once)
{
    xencall_handle *xcall = xencall_open(NULL, 0);
    void *buffer;

    assert_non_null(xcall);
    buffer = xencall_buffer_get(xcall, 100000);
    assert_non_null(buffer);
    assert_int_equal(xencall_buffer_put(xcall, buffer), 0);
    assert_fails_with(xencall_buffer_put(xcall, buffer), -1, EINVAL);
    assert_fails_with(xencall_buffer_get(xcall, 0), NULL, EINVAL);
    assert_fails_with(xencall_buffer_get(xcall, SIZE_MAX), NULL, ENOMEM);
    assert_int_equal(xencall_close(xcall), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(xen_fills_a_buffer_in_place),
    cmocka_unit_test(a_buffer_is_put_back_once),
};

CONFORMANCE_MAIN(tests)
