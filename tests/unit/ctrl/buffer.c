/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hypercall buffers: those that programs declare, and arrays of them. */
#include "buffer.h"

#include <errno.h>
#include <string.h>

#include "fakexen.h"
#include "fixture.h"
#include "harness.h"
#include "xenctrl.h"

TEST(a_buffer_holds_zeroes_and_is_given_back)
{
    xc_interface *xch = start(17);
    DECLARE_HYPERCALL_BUFFER(char, text);

    text = xc_hypercall_buffer_alloc(xch, text, 10000);
    assert_non_null(text);
    assert_ptr_equal(text, (void *)HYPERCALL_BUFFER_AS_ARG(text));
    for (int i = 0; i < 10000; i++)
        assert_int_equal(text[i], 0);
    errno = EXDEV;
    xc_hypercall_buffer_free(xch, text);
    assert_int_equal(errno, EXDEV);
    stop(xch);
}

TEST(whole_pages_are_aligned)
{
    xc_interface *xch = start(17);
    DECLARE_HYPERCALL_BUFFER(char, pages);

    pages = xc_hypercall_buffer_alloc_pages(xch, pages, 3);
    assert_non_null(pages);
    assert_int_equal((uintptr_t)pages % XC_PAGE_SIZE, 0);
    memset(pages, 1, 3 * XC_PAGE_SIZE);
    xc_hypercall_buffer_free_pages(xch, pages, 3);
    pages = NULL;
    xc_hypercall_buffer_free_pages(xch, pages, 3);
    assert_fails_with(xc_hypercall_buffer_alloc_pages(xch, pages, 0), NULL, EINVAL);
    assert_fails_with(xc_hypercall_buffer_alloc_pages(xch, pages, -1), NULL, EINVAL);
    stop(xch);
}

TEST(without_memory_nothing_is_allocated)
{
    xc_interface *xch = start(17);
    DECLARE_HYPERCALL_BUFFER(char, text);
    xc_hypercall_buffer_array_t *array = xc_hypercall_buffer_array_create(xch, 1);

    assert_null(text);
    fakexen_fail_next(FAKEXEN_MMAP, ENOMEM, 1, 0);
    assert_fails_with(xc_hypercall_buffer_alloc(xch, text, 1u << 20), NULL, ENOMEM);
    assert_true(HYPERCALL_BUFFER_AS_ARG(text) == 0);
    fakexen_fail_next(FAKEXEN_MMAP, ENOMEM, 1, 0);
    assert_fails_with(xc_hypercall_buffer_alloc_pages(xch, text, 500), NULL, ENOMEM);
    fakexen_fail_next(FAKEXEN_MMAP, ENOMEM, 1, 0);
    assert_fails_with(xc_hypercall_buffer_array_alloc(xch, array, 0, text, 1u << 20), NULL,
                      ENOMEM);
    assert_fails_with(xc_hypercall_buffer_array_get(xch, array, 0, text, 1u << 20), NULL, EINVAL);
    xc_hypercall_buffer_array_destroy(xch, array);
    stop(xch);
}

static bool has_the_memory_of(xc_hypercall_buffer_t *buffer, const void *memory)
{
    DECLARE_HYPERCALL_BUFFER_SHADOW(char, shadow, buffer);
    DECLARE_HYPERCALL_BUFFER_ARGUMENT(buffer);

    return shadow == memory && HYPERCALL_BUFFER(shadow)->hbuf == memory &&
           HYPERCALL_BUFFER(buffer)->hbuf == memory;
}

/* As they are handed to functions of a program's own. */
TEST(a_shadow_stands_for_its_buffer)
{
    xc_interface *xch = start(17);
    DECLARE_HYPERCALL_BUFFER(char, text);
    xen_domctl_t request;

    text = xc_hypercall_buffer_alloc(xch, text, 100);
    assert_true(has_the_memory_of(HYPERCALL_BUFFER(text), text));
    set_xen_guest_handle(request.u.vcpucontext.ctxt, text);
    assert_ptr_equal(request.u.vcpucontext.ctxt.p, text);
    set_xen_guest_handle(request.u.vcpucontext.ctxt, HYPERCALL_BUFFER_NULL);
    assert_null(request.u.vcpucontext.ctxt.p);
    xc_hypercall_buffer_free(xch, text);
    stop(xch);
}

TEST(an_array_of_buffers_takes_each_once)
{
    xc_interface *xch = start(17);
    xc_hypercall_buffer_array_t *array = xc_hypercall_buffer_array_create(xch, 2);
    DECLARE_HYPERCALL_BUFFER(char, first);
    DECLARE_HYPERCALL_BUFFER(char, again);

    assert_non_null(array);
    first = xc_hypercall_buffer_array_alloc(xch, array, 1, first, 100);
    assert_non_null(first);
    again = xc_hypercall_buffer_array_get(xch, array, 1, again, 100);
    assert_ptr_equal(first, again);
    assert_fails_with(xc_hypercall_buffer_array_alloc(xch, array, 1, again, 1), NULL, EINVAL);
    assert_fails_with(xc_hypercall_buffer_array_alloc(xch, array, 2, again, 1), NULL, EINVAL);
    assert_fails_with(xc_hypercall_buffer_array_get(xch, array, 0, again, 1), NULL, EINVAL);
    xc_hypercall_buffer_array_destroy(xch, array);
    xc_hypercall_buffer_array_destroy(xch, NULL);
    stop(xch);
}

/* ---- libxenguest's copies ---- */

TEST(what_goes_in_and_comes_out_is_copied)
{
    xc_interface *xch = start(17);
    char outside[8] = "before";
    xc_hypercall_buffer_t both = {NULL, NULL, CTRL_BOUNCE_BOTH, outside, sizeof(outside)};
    xc_hypercall_buffer_t in = {NULL, NULL, CTRL_BOUNCE_IN, outside, sizeof(outside)};

    assert_int_equal(xc__hypercall_bounce_pre(xch, &both), 0);
    assert_string_equal(both.hbuf, "before");
    strcpy(both.hbuf, "after");
    xc__hypercall_bounce_post(xch, &both);
    assert_string_equal(outside, "after");
    assert_int_equal(xc__hypercall_bounce_pre(xch, &in), 0);
    strcpy(in.hbuf, "lost");
    xc__hypercall_bounce_post(xch, &in);
    assert_string_equal(outside, "after");
    stop(xch);
}

TEST(what_only_comes_out_starts_with_zeroes)
{
    xc_interface *xch = start(17);
    char outside[8] = "before";
    xc_hypercall_buffer_t out = {NULL, NULL, CTRL_BOUNCE_OUT, outside, sizeof(outside)};

    assert_int_equal(xc__hypercall_bounce_pre(xch, &out), 0);
    assert_memory_equal(out.hbuf, "\0\0\0\0\0\0\0", 8);
    xc__hypercall_bounce_post(xch, &out);
    assert_string_equal(outside, "");
    stop(xch);
}

TEST(nothing_outside_needs_no_memory)
{
    xc_interface *xch = start(17);
    xc_hypercall_buffer_t none = {NULL, NULL, CTRL_BOUNCE_BOTH, NULL, 8};
    xc_hypercall_buffer_t plain = {NULL, NULL, CTRL_BOUNCE_NONE, (void *)-1, 0};

    assert_int_equal(xc__hypercall_bounce_pre(xch, &none), 0);
    assert_null(none.hbuf);
    xc__hypercall_bounce_post(xch, &none);
    assert_fails_with(xc__hypercall_bounce_pre(xch, &plain), -1, EINVAL);
    stop(xch);
}

TEST(a_dummy_has_no_buffers)
{
    xc_interface *xch = xc_interface_open(NULL, NULL, XC_OPENFLAG_DUMMY);
    DECLARE_HYPERCALL_BUFFER(char, text);

    assert_null(text);
    assert_fails_with(xc_hypercall_buffer_alloc(xch, text, 1), NULL, EBADF);
    assert_fails_with(xc_hypercall_buffer_alloc_pages(xch, text, 1), NULL, EBADF);
    xc_hypercall_buffer_free(xch, text);
    xc_interface_close(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buffer_holds_zeroes_and_is_given_back),
        cmocka_unit_test(whole_pages_are_aligned),
        cmocka_unit_test(without_memory_nothing_is_allocated),
        cmocka_unit_test(a_shadow_stands_for_its_buffer),
        cmocka_unit_test(an_array_of_buffers_takes_each_once),
        cmocka_unit_test(what_goes_in_and_comes_out_is_copied),
        cmocka_unit_test(what_only_comes_out_starts_with_zeroes),
        cmocka_unit_test(nothing_outside_needs_no_memory),
        cmocka_unit_test(a_dummy_has_no_buffers),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
