/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kexec: the five requests, as they lie in memory. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

static int tell_range(struct sent *request, uint8_t *memory)
{
    xen_kexec_range_t *range = (void *)memory;

    (void)request;
    range->size = 4096;
    range->start = UINT64_C(0x123456000);
    return 0;
}

TEST(a_range_is_asked_for_and_told)
{
    xc_interface *xch = start(17);
    xen_kexec_range_t wanted = {.range = KEXEC_RANGE_MA_CPU, .nr = 3};
    uint64_t size, begin;

    answer_with(tell_range);
    assert_int_equal(xc_kexec_get_range(xch, KEXEC_RANGE_MA_CPU, 3, &size, &begin), 0);
    assert_int_equal(sent.op, __HYPERVISOR_kexec_op);
    assert_int_equal(sent.arguments[0], 3);
    assert_memory_equal(sent.memory, &wanted, sizeof(wanted));
    assert_int_equal(size, 4096);
    assert_true(begin == UINT64_C(0x123456000));
    stop(xch);
}

static int see_segments(struct sent *request, uint8_t *memory)
{
    uint64_t segments;

    memcpy(&segments, memory + 8, sizeof(segments));
    assert_int_equal(request->arguments[0], 4);
    assert_int_equal(((xen_kexec_segment_t *)(uintptr_t)segments)[1].dest_size, 222);
    return 0;
}

TEST(an_image_is_loaded_with_its_segments)
{
    xc_interface *xch = start(20);
    xen_kexec_segment_t segments[2] = {{.dest_size = 111}, {.dest_size = 222}};
    uint8_t head[8] = {KEXEC_TYPE_CRASH, 0, 62, 0, 2};

    answer_with(see_segments);
    assert_int_equal(xc_kexec_load(xch, KEXEC_TYPE_CRASH, 62, 0x100000, 2, segments), 0);
    assert_memory_equal(sent.memory, head, sizeof(head));
    assert_memory_equal(sent.memory + 16, ((uint64_t[]){0x100000}), 8);
    stop(xch);
}

static int say_loaded(struct sent *request, uint8_t *memory)
{
    assert_int_equal(memory[0], KEXEC_TYPE_CRASH);
    return request->arguments[0] == 6;
}

TEST(an_image_is_asked_for_and_unloaded)
{
    xc_interface *xch = start(17);

    answer_with(say_loaded);
    assert_int_equal(xc_kexec_status(xch, KEXEC_TYPE_CRASH), 1);
    assert_int_equal(xc_kexec_unload(xch, KEXEC_TYPE_CRASH), 0);
    assert_int_equal(xc_kexec_exec(xch, KEXEC_TYPE_CRASH), 0);
    assert_int_equal(sent.arguments[0], 0);
    assert_fails_with(xc_kexec_status(xch, 256), -1, EINVAL);
    stop(xch);
}

static int load_image(xc_interface *xch)
{
    xen_kexec_segment_t segment = {.dest_size = 1};

    return xc_kexec_load(xch, KEXEC_TYPE_CRASH, 62, 0, 1, &segment);
}

static int say_not_found(struct sent *request, uint8_t *memory)
{
    (void)request;
    ((xen_kexec_range_t *)(void *)memory)->size = 9;
    return -ENOENT;
}

TEST(what_fails_changes_and_leaves_nothing)
{
    xc_interface *xch = start(17);
    uint64_t size = 1, begin = 2;

    answer_with(say_not_found);
    assert_fails_with(xc_kexec_get_range(xch, 9, 0, &size, &begin), -1, ENOENT);
    assert_int_equal(size, 1);
    requests = 0;
    assert_fails_with(xc_kexec_unload(xch, -1), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
    assert_survives_failing_buffers(load_image);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_range_is_asked_for_and_told),
        cmocka_unit_test(an_image_is_loaded_with_its_segments),
        cmocka_unit_test(an_image_is_asked_for_and_unloaded),
        cmocka_unit_test(what_fails_changes_and_leaves_nothing),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
