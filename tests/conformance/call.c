/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hypercalls from dom0, and the buffers for them. */
#define __XEN_TOOLS__ 1 /* the numbers of today's hypercalls */

#include <stdint.h>
#include <string.h>
#include <xen/memory.h>
#include <xen/version.h>
#include <xen/xen.h>
#include <xencall.h>

#include "conformance.h"

enum { PAGE = 4096, NO_SUCH_HYPERCALL = 60 };

static xencall_handle *open_call(void)
{
    xencall_handle *xcall = xencall_open(NULL, 0);

    assert_non_null(xcall);
    return xcall;
}

TEST(a_handle_is_close_on_exec)
{
    xencall_handle *xcall = open_call();

    assert_true(is_cloexec(xencall_fd(xcall)));
    assert_int_equal(xen_devices_after_exec(), 0);
    assert_int_equal(xencall_close(xcall), 0);
    assert_int_equal(xencall_close(NULL), 0);
}

TEST(xen_tells_its_version)
{
    xencall_handle *xcall = open_call();
    int version = xencall2(xcall, __HYPERVISOR_xen_version, XENVER_version, 0);

    assert_true(version > 0);
    observe("version", "%d.%d", version >> 16, version & 0xffff);
    assert_int_equal(xencall_close(xcall), 0);
}

TEST(xen_fills_a_buffer)
{
    xencall_handle *xcall = open_call();
    char *extra = xencall_alloc_buffer(xcall, XEN_EXTRAVERSION_LEN);

    assert_non_null(extra);
    assert_int_equal(
        xencall2(xcall, __HYPERVISOR_xen_version, XENVER_extraversion, (uintptr_t)extra), 0);
    assert_true(memchr(extra, '\0', XEN_EXTRAVERSION_LEN) != NULL);
    assert_int_equal(extra[0], '.');
    observe("extraversion", "%s", extra);
    xencall_free_buffer(xcall, extra);
    assert_int_equal(xencall_close(xcall), 0);
}

TEST(long_results_are_whole)
{
    xencall_handle *xcall = open_call();
    long (*call2L)(xencall_handle *, unsigned, uint64_t, uint64_t);
    long page;

    *(void **)&call2L = later_symbol("xencall2L");
    page = call2L(xcall, __HYPERVISOR_memory_op, XENMEM_maximum_ram_page, 0);
    assert_true(page > 0);
    assert_int_equal(
        xencall2(xcall, __HYPERVISOR_memory_op, XENMEM_maximum_ram_page, 0), (int)page);
    observe("maximum-ram-page", "%ld", page);
    assert_int_equal(xencall_close(xcall), 0);
}

TEST(what_xen_refuses_has_an_errno)
{
    xencall_handle *xcall = open_call();

    assert_fails_with(xencall0(xcall, NO_SUCH_HYPERCALL), -1, ENOSYS);
    assert_fails_with(xencall2(xcall, __HYPERVISOR_xen_version, 999, 0), -1, ENOSYS);
    /* A pointer that is not of this process's memory. */
    assert_fails_with(xencall2(xcall, __HYPERVISOR_xen_version, XENVER_extraversion, 8), -1,
                      EFAULT);
    assert_int_equal(xencall_close(xcall), 0);
}

static void check_buffer(xencall_handle *xcall, size_t size)
{
    static const uint8_t zero;
    uint8_t *buffer = xencall_alloc_buffer(xcall, size);

    assert_non_null(buffer);
    assert_int_equal((uintptr_t)buffer % 16, 0);
    for (size_t i = 0; i < size; i++)
        assert_int_equal(buffer[i], zero);
    memset(buffer, 0xff, size);
    xencall_free_buffer(xcall, buffer);
}

TEST(buffers_are_zeroed_also_when_used_again)
{
    static const size_t sizes[] = {1, 15, 16, 4080, 4081, PAGE, 3 * PAGE, 5 * PAGE + 1, 65536,
                                   300000};
    xencall_handle *xcall = open_call();

    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
            check_buffer(xcall, sizes[i]);
    xencall_free_buffer(xcall, NULL);
    assert_int_equal(xencall_close(xcall), 0);
}

TEST(page_buffers_are_page_aligned)
{
    static const size_t counts[] = {1, 2, 3, 4, 5, 16, 100, 1, 16};
    xencall_handle *xcall = open_call();

    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        uint8_t *pages = xencall_alloc_buffer_pages(xcall, counts[i]);

        assert_non_null(pages);
        assert_int_equal((uintptr_t)pages % PAGE, 0);
        for (size_t byte = 0; byte < counts[i] * PAGE; byte += 64)
            assert_int_equal(pages[byte], 0);
        memset(pages, 0xee, counts[i] * PAGE);
        xencall_free_buffer_pages(xcall, pages, counts[i]);
    }
    assert_int_equal(xencall_close(xcall), 0);
}

TEST(many_buffers_at_once_do_not_overlap)
{
    enum { MANY = 64 };
    xencall_handle *xcall = open_call();
    uint8_t *buffers[MANY];

    for (int i = 0; i < MANY; i++) {
        buffers[i] = xencall_alloc_buffer(xcall, (size_t)(i + 1) * 100);
        assert_non_null(buffers[i]);
        memset(buffers[i], i, (size_t)(i + 1) * 100);
    }
    for (int i = 0; i < MANY; i++) {
        for (int byte = 0; byte < (i + 1) * 100; byte++)
            assert_int_equal(buffers[i][byte], i);
        xencall_free_buffer(xcall, buffers[i]);
    }
    assert_int_equal(xencall_close(xcall), 0);
}

TEST(freeing_keeps_errno)
{
    xencall_handle *xcall = open_call();
    void *buffer = xencall_alloc_buffer(xcall, 100), *pages = xencall_alloc_buffer_pages(xcall, 40);

    assert_true(buffer && pages);
    errno = EXDEV;
    xencall_free_buffer(xcall, buffer);
    xencall_free_buffer_pages(xcall, pages, 40);
    assert_int_equal(errno, EXDEV);
    assert_int_equal(xencall_close(xcall), 0);
}

TEST(buffers_never_fault_with_this_kernel)
{
    xencall_handle *xcall = open_call();

    assert_int_equal(xencall_buffers_never_fault(xcall), 1);
    assert_int_equal(xencall_close(xcall), 0);
}

static void observe_alloc(xencall_handle *xcall, const char *key, size_t size)
{
    void *buffer = xencall_alloc_buffer(xcall, size);

    observe(key, "%s", outcome_pointer(buffer));
    xencall_free_buffer(xcall, buffer);
}

TEST(absurd_sizes)
{
    xencall_handle *xcall = open_call();

    observe("no-page", "%s", outcome_pointer(xencall_alloc_buffer_pages(xcall, 0)));
    observe("size-max-pages", "%s",
            outcome_pointer(xencall_alloc_buffer_pages(xcall, SIZE_MAX / PAGE)));
    observe_alloc(xcall, "size-max", SIZE_MAX);
    observe_alloc(xcall, "half-of-size-max", SIZE_MAX / 2);
    assert_int_equal(xencall_close(xcall), 0);
}

static bool close_inherited(void *xcall)
{
    return xencall_close(xcall) == 0;
}

TEST(a_child_closes_and_the_parent_goes_on)
{
    xencall_handle *xcall = open_call();
    char *extra = xencall_alloc_buffer(xcall, XEN_EXTRAVERSION_LEN);

    assert_non_null(extra);
    assert_true(succeeds_in_child(close_inherited, xcall));
    assert_int_equal(
        xencall2(xcall, __HYPERVISOR_xen_version, XENVER_extraversion, (uintptr_t)extra), 0);
    xencall_free_buffer(xcall, extra);
    assert_int_equal(xencall_close(xcall), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_handle_is_close_on_exec),
    cmocka_unit_test(xen_tells_its_version),
    cmocka_unit_test(xen_fills_a_buffer),
    cmocka_unit_test(long_results_are_whole),
    cmocka_unit_test(what_xen_refuses_has_an_errno),
    cmocka_unit_test(buffers_are_zeroed_also_when_used_again),
    cmocka_unit_test(page_buffers_are_page_aligned),
    cmocka_unit_test(many_buffers_at_once_do_not_overlap),
    cmocka_unit_test(freeing_keeps_errno),
    cmocka_unit_test(buffers_never_fault_with_this_kernel),
    cmocka_unit_test(absurd_sizes),
    cmocka_unit_test(a_child_closes_and_the_parent_goes_on),
};

CONFORMANCE_MAIN(tests)
