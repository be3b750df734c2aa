/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Another kernel for the host: loaded, looked at and forgotten. It is never started:
 * xc_kexec_exec() is tested down to its bytes (tests/unit/ctrl/kexec.c).
 */
#include <elf.h>
#include <string.h>

#include "on_xen.h"

TEST(ranges_of_the_host_are_told)
{
    uint64_t size = 0, start = 0;

    assert_works(xc_kexec_get_range(xc(), KEXEC_RANGE_MA_XEN, 0, &size, &start));
    assert_true(size > 1 << 20 && start % 4096 == 0);
    observe("xen", "%llu KiB at %#llx", (unsigned long long)size / 1024,
            (unsigned long long)start);
    assert_works(xc_kexec_get_range(xc(), KEXEC_RANGE_MA_CRASH, 0, &size, &start));
    observe("crash", "%llu KiB", (unsigned long long)size / 1024);
    if (xc_kexec_get_range(xc(), KEXEC_RANGE_MA_CPU, 0, &size, &start) == 0)
        assert_true(size > 0 && start > 0);
    else
        observe("cpu-notes", "%s", strerror(errno)); /* where nothing is kept for a crash */
    assert_int_equal(xc_kexec_get_range(xc(), KEXEC_RANGE_MA_CPU, 4000, &size, &start), -1);
    observe("cpu-notes-of-none", "%s", strerror(errno));
    assert_fails_with(xc_kexec_get_range(xc(), 99, 0, &size, &start), -1, EINVAL);
}

TEST(an_image_is_there_until_it_is_unloaded)
{
    DECLARE_HYPERCALL_BUFFER(unsigned char, code);
    xen_kexec_segment_t segment;

    assert_int_equal(assert_works(xc_kexec_status(xc(), KEXEC_TYPE_DEFAULT)), 0);
    code = xc_hypercall_buffer_alloc(xc(), code, 4096);
    assert_non_null(code);
    memset(code, 0xf4, 4096); /* hlt */
    memset(&segment, 0, sizeof(segment));
    set_xen_guest_handle(segment.buf.h, code);
    segment.buf_size = 4096;
    segment.dest_maddr = 16 << 20;
    segment.dest_size = 4096;
    assert_works(xc_kexec_load(xc(), KEXEC_TYPE_DEFAULT, EM_X86_64, 16 << 20, 1, &segment));
    int loaded = xc_kexec_status(xc(), KEXEC_TYPE_DEFAULT);
    assert_works(xc_kexec_unload(xc(), KEXEC_TYPE_DEFAULT));
    assert_int_equal(loaded, 1);
    assert_int_equal(assert_works(xc_kexec_status(xc(), KEXEC_TYPE_DEFAULT)), 0);
    xc_hypercall_buffer_free(xc(), code);
}

TEST(an_image_of_no_kind_is_refused)
{
    xen_kexec_segment_t segment;

    memset(&segment, 0, sizeof(segment));
    assert_int_equal(xc_kexec_load(xc(), 9, EM_X86_64, 0, 1, &segment), -1);
    observe("image-of-no-kind", "%s", strerror(errno));
    assert_int_equal(xc_kexec_load(xc(), KEXEC_TYPE_DEFAULT, EM_NONE, 0, 1, &segment), -1);
    observe("image-of-no-machine", "%s", strerror(errno));
    assert_int_equal(xc_kexec_status(xc(), KEXEC_TYPE_DEFAULT), 0);
    assert_fails_with(xc_kexec_unload(xc(), 9), -1, EINVAL);
    assert_fails_with(xc_kexec_status(xc(), 9), -1, EINVAL);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_XEN(ranges_of_the_host_are_told),
        ON_XEN(an_image_is_there_until_it_is_unloaded),
        ON_XEN(an_image_of_no_kind_is_refused),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
