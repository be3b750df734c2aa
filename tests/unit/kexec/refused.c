/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is refused before Xen hears of it, and what Xen refuses. */
#include "fixture.h"

enum { PAGE = 4096 };

static const char byte;

/* An image that would be taken. */
static struct xenkexec_segment good[] = {
    {.buffer = &byte, .buffer_size = 1, .address = 0x100000, .size = PAGE},
    {.buffer = &byte, .buffer_size = 1, .address = 0x200000, .size = PAGE},
};

static struct xenkexec_image good_image(void)
{
    return (struct xenkexec_image){.size = sizeof(struct xenkexec_image),
                                   .machine = X86_64,
                                   .entry = 0x100000,
                                   .segments = good,
                                   .nr_segments = COUNT_OF(good)};
}

static void assert_refused(const struct xenkexec_image *image)
{
    xenkexec_handle *hdl = start(17);

    assert_fails_with(xenkexec_load(hdl, image), -1, EINVAL);
    assert_int_equal(questions, 0);
    stop(hdl);
}

TEST(what_the_others_differ_from_is_taken)
{
    struct xenkexec_image image = good_image();
    xenkexec_handle *hdl = start(17);

    assert_int_equal(xenkexec_load(hdl, &image), 0);
    assert_int_equal(logged.messages, 0);
    stop(hdl);
}

TEST(no_image_and_one_that_is_too_short_are_EINVAL)
{
    struct xenkexec_image image = good_image();

    assert_refused(NULL);
    image.size = sizeof(image) - 1;
    assert_refused(&image);
    image.size = 0;
    assert_refused(&image);
}

static void assert_refused_with(const struct xenkexec_image *image, const char *why)
{
    assert_refused(image);
    assert_int_equal(logged.messages, 1);
    assert_non_null(strstr(logged.text, why));
}

TEST(an_unknown_type_is_EINVAL_everywhere)
{
    struct xenkexec_image image = good_image();
    xenkexec_handle *hdl = start(17);
    static const unsigned types[] = {2, 256, 257, UINT32_MAX};

    for (size_t i = 0; i < COUNT_OF(types); i++) {
        image.type = types[i];
        assert_fails_with(xenkexec_load(hdl, &image), -1, EINVAL);
        assert_fails_with(xenkexec_unload(hdl, types[i]), -1, EINVAL);
        assert_fails_with(xenkexec_status(hdl, types[i]), -1, EINVAL);
        assert_fails_with(xenkexec_exec(hdl, types[i]), -1, EINVAL);
    }
    assert_int_equal(questions, 0);
    stop(hdl);
    assert_refused_with(&image, "unknown type");
}

TEST(an_image_for_another_machine_is_EINVAL)
{
    static const unsigned machines[] = {0, 40, 183, 0x10000 + X86_64};
    struct xenkexec_image image = good_image();

    for (size_t i = 0; i < COUNT_OF(machines); i++) {
        image.machine = machines[i];
        assert_refused_with(&image, "machine");
    }
}

TEST(no_segments_and_too_many_are_EINVAL)
{
    static struct xenkexec_segment many[XENKEXEC_MAX_SEGMENTS + 1];
    struct xenkexec_image image = good_image();

    for (unsigned i = 0; i < COUNT_OF(many); i++)
        many[i] = (struct xenkexec_segment){.address = i * (uint64_t)PAGE, .size = PAGE};
    image.nr_segments = 0;
    assert_refused_with(&image, "without segments");
    image.nr_segments = 1;
    image.segments = NULL;
    assert_refused_with(&image, "without segments");
    image.segments = many;
    image.nr_segments = COUNT_OF(many);
    assert_refused_with(&image, "too many");
    image.nr_segments = SIZE_MAX;
    assert_refused_with(&image, "too many");
}

TEST(a_segment_that_cannot_be_is_EINVAL_and_told_which)
{
    static const struct {
        struct xenkexec_segment segment;
        const char *why;
    } bad[] = {
        {{&byte, 1, 0x200001, PAGE}, "whole pages"},
        {{&byte, 1, 0x200800, PAGE}, "whole pages"},
        {{&byte, 1, 0x200000, PAGE + 1}, "whole pages"},
        {{&byte, 1, 0x200000, 1}, "whole pages"},
        {{&byte, 0, 0x200000, 0}, "empty"},
        {{NULL, 0, 0x200000, 0}, "empty"},
        {{&byte, 1, UINT64_MAX - PAGE + 1, 2 * PAGE}, "last address"},
        {{NULL, 0, PAGE, UINT64_MAX - PAGE + 1}, "last address"},
        {{NULL, 1, 0x200000, PAGE}, "no buffer"},
        {{&byte, PAGE + 1, 0x200000, PAGE}, "smaller"},
        {{&byte, UINT64_MAX, 0x200000, PAGE}, "smaller"},
        {{&byte, 1, 0x100000, PAGE}, "overlaps"},
        {{NULL, 0, 0xff000, 2 * PAGE}, "overlaps"},
        {{NULL, 0, 0, UINT64_MAX - PAGE + 1}, "overlaps"},
    };
    struct xenkexec_image image = good_image();

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        good[1] = bad[i].segment;
        assert_refused_with(&image, bad[i].why);
        assert_non_null(strstr(logged.text, "segment 1,"));
    }
}

/* ---- Xen's own refusals ---- */

static int error;

static int fail_with_error(uint64_t cmd, uint8_t *request)
{
    (void)cmd;
    memset(request, 0xa5, 4); /* not to be believed */
    return -error;
}

TEST(what_xen_refuses_stays_what_it_is)
{
    static const int errnos[] = {EPERM, EACCES, EBUSY, EADDRNOTAVAIL, ENOMEM,
                                 ENOENT, ENOSYS, EFAULT, ERANGE};
    struct xenkexec_image image = good_image();
    xenkexec_handle *hdl = start(20);
    uint64_t begin = 1, size = 2;

    answer_with(fail_with_error);
    for (size_t i = 0; i < COUNT_OF(errnos); i++) {
        error = errnos[i];
        assert_fails_with(xenkexec_load(hdl, &image), -1, error);
        assert_fails_with(xenkexec_unload(hdl, XENKEXEC_TYPE_CRASH), -1, error);
        assert_fails_with(xenkexec_status(hdl, XENKEXEC_TYPE_CRASH), -1, error);
        assert_fails_with(xenkexec_exec(hdl, XENKEXEC_TYPE_CRASH), -1, error);
        assert_fails_with(xenkexec_get_range(hdl, XENKEXEC_RANGE_CPU, 9, &begin, &size), -1,
                          error);
        assert_fails_with(xenkexec_get_memory_map(hdl, NULL, 0), -1, error);
    }
    assert_true(begin == 1 && size == 2);
    stop(hdl);
}

/* The Nth buffer cannot be had: nothing was sent, and nothing is left behind. */
TEST(loading_without_memory_is_ENOMEM_and_sends_nothing)
{
    static char large[5 << 20]; /* no pool keeps so large a buffer */
    static const struct xenkexec_segment segments[] = {
        {large, sizeof(large), 0, sizeof(large)},
        {large, sizeof(large), sizeof(large), sizeof(large)},
    };
    struct xenkexec_image image = good_image();
    int result = -1, had;

    image.segments = segments;
    for (had = 0; result; had++) {
        xenkexec_handle *hdl = start(17);

        fakexen_fail_next(FAKEXEN_MMAP, ENOMEM, 100, had);
        errno = 0;
        result = xenkexec_load(hdl, &image);
        assert_int_equal(errno, result ? ENOMEM : 0);
        assert_int_equal(asked[LOAD].times, result ? 0 : 1);
        fakexen_fail_next(FAKEXEN_MMAP, 0, 0, 0);
        stop(hdl);
        assert_true(had < 20);
    }
    assert_true(had > 3);
}

TEST(a_load_that_fails_leaves_no_buffer)
{
    static char large[5 << 20];
    struct xenkexec_segment segment = {large, sizeof(large), 0, sizeof(large)};
    struct xenkexec_image image = good_image();
    xenkexec_handle *hdl = start(17);
    unsigned before = fakexen_mappings();

    image.segments = &segment;
    image.nr_segments = 1;
    error = EADDRNOTAVAIL;
    answer_with(fail_with_error);
    for (int i = 0; i < 3; i++)
        assert_fails_with(xenkexec_load(hdl, &image), -1, EADDRNOTAVAIL);
    assert_true(fakexen_mappings() <= before + 1); /* the pool's, of the list */
    stop(hdl);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_others_differ_from_is_taken),
        cmocka_unit_test(no_image_and_one_that_is_too_short_are_EINVAL),
        cmocka_unit_test(an_unknown_type_is_EINVAL_everywhere),
        cmocka_unit_test(an_image_for_another_machine_is_EINVAL),
        cmocka_unit_test(no_segments_and_too_many_are_EINVAL),
        cmocka_unit_test(a_segment_that_cannot_be_is_EINVAL_and_told_which),
        cmocka_unit_test(what_xen_refuses_stays_what_it_is),
        cmocka_unit_test(loading_without_memory_is_ENOMEM_and_sends_nothing),
        cmocka_unit_test(a_load_that_fails_leaves_no_buffer),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
