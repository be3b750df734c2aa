/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loading, forgetting and starting kernels: the bytes of it, the same for every release. */
#include "fixture.h"

enum { PAGE = 4096 };

static unsigned char code[PAGE + 1];

static struct xenkexec_image image_of(const struct xenkexec_segment *segments, size_t count)
{
    return (struct xenkexec_image){.size = sizeof(struct xenkexec_image),
                                   .type = XENKEXEC_TYPE_CRASH,
                                   .machine = X86_64,
                                   .entry = UINT64_C(0x123456789),
                                   .segments = segments,
                                   .nr_segments = count};
}

/* The buffer of a segment, as Xen finds it when it is asked. */
static int read_first_buffer(uint64_t cmd, uint8_t *request)
{
    if (cmd == LOAD) {
        const uint8_t *segment = (const uint8_t *)(uintptr_t)number_at(request + 8, 8);
        const void *buffer = (const void *)(uintptr_t)number_at(segment, 8);

        assert_true(buffer != code);
        assert_memory_equal(buffer, code, sizeof(code));
    }
    return cmd == STATUS;
}

static void assert_segment(unsigned index, uint64_t buffer_size, uint64_t address, uint64_t size)
{
    const uint8_t *segment = asked[LOAD].segments + index * 32;

    assert_true(number_at(segment + 8, 8) == buffer_size);
    assert_true(number_at(segment + 16, 8) == address);
    assert_true(number_at(segment + 24, 8) == size);
}

TEST(an_image_is_loaded_in_exact_bytes)
{
    static const uint8_t start_of_it[8] = {1, 0, X86_64, 0, 3};
    static const struct xenkexec_segment segments[] = {
        {.buffer = code, .buffer_size = sizeof(code), .address = 0x100000, .size = 2 * PAGE},
        {.address = 0x102000, .size = PAGE},
        {.buffer = code, .buffer_size = 0, .address = UINT64_MAX - 2 * PAGE + 1, .size = PAGE},
    };
    struct xenkexec_image image = image_of(segments, COUNT_OF(segments));

    memset(code, 0x5a, sizeof(code));
    EACH_MINOR(minor) {
        xenkexec_handle *hdl = start(minor);

        answer_with(read_first_buffer);
        errno = 77;
        assert_int_equal(xenkexec_load(hdl, &image), 0);
        assert_int_equal(errno, 77);
        assert_int_equal(asked[LOAD].times, 1);
        assert_int_equal(asked[LOAD].op, KEXEC_OP);
        assert_memory_equal(asked[LOAD].request, start_of_it, sizeof(start_of_it));
        assert_true(number_at(asked[LOAD].request + 16, 8) == image.entry);
        assert_segment(0, sizeof(code), 0x100000, 2 * PAGE);
        assert_segment(1, 0, 0x102000, PAGE);
        assert_true(number_at(asked[LOAD].segments + 32, 8) == 0); /* nothing to copy */
        assert_segment(2, 0, UINT64_MAX - 2 * PAGE + 1, PAGE);
        assert_true(number_at(asked[LOAD].segments + 64, 8) != 0); /* to be cleared */
        stop(hdl);
    }
}

TEST(as_many_segments_as_xen_takes_are_loaded)
{
    struct xenkexec_segment segments[XENKEXEC_MAX_SEGMENTS];
    struct xenkexec_image image = image_of(segments, COUNT_OF(segments));
    xenkexec_handle *hdl = start(17);

    for (unsigned i = 0; i < COUNT_OF(segments); i++)
        segments[i] = (struct xenkexec_segment){code, 1, i * (uint64_t)PAGE, PAGE};
    assert_int_equal(xenkexec_load(hdl, &image), 0);
    assert_int_equal(number_at(asked[LOAD].request + 4, 4), COUNT_OF(segments));
    assert_segment(COUNT_OF(segments) - 1, 1, (COUNT_OF(segments) - 1) * PAGE, PAGE);
    stop(hdl);
}

TEST(an_image_of_32_bits_is_loaded)
{
    static const struct xenkexec_segment segment = {.size = PAGE};
    struct xenkexec_image image = image_of(&segment, 1);
    xenkexec_handle *hdl = start(17);

    image.type = XENKEXEC_TYPE_DEFAULT;
    image.machine = 3;
    assert_int_equal(xenkexec_load(hdl, &image), 0);
    assert_int_equal(asked[LOAD].request[0], 0);
    assert_int_equal(number_at(asked[LOAD].request + 2, 2), 3);
    stop(hdl);
}

/* A caller of the future that asks for nothing new. */
TEST(an_image_of_zeroes_beyond_what_is_known_is_loaded)
{
    static const struct xenkexec_segment segment = {.size = PAGE};
    struct {
        struct xenkexec_image image;
        uint64_t more;
    } longer = {.image = image_of(&segment, 1)};
    xenkexec_handle *hdl = start(17);

    longer.image.size = sizeof(longer);
    assert_int_equal(xenkexec_load(hdl, &longer.image), 0);
    longer.more = 1;
    assert_fails_with(xenkexec_load(hdl, &longer.image), -1, E2BIG);
    assert_int_equal(asked[LOAD].times, 1);
    stop(hdl);
}

TEST(images_are_asked_for_and_forgotten_in_exact_bytes)
{
    EACH_MINOR(minor) {
        xenkexec_handle *hdl = start(minor);

        is_told[XENKEXEC_TYPE_CRASH] = is_loaded[XENKEXEC_TYPE_CRASH] = true;
        errno = 77;
        assert_int_equal(xenkexec_status(hdl, XENKEXEC_TYPE_CRASH), 1);
        assert_int_equal(asked[STATUS].op, KEXEC_OP);
        assert_int_equal(asked[STATUS].request[0], 1);
        assert_int_equal(xenkexec_status(hdl, XENKEXEC_TYPE_DEFAULT), 0);
        assert_int_equal(asked[STATUS].request[0], 0);
        assert_int_equal(xenkexec_unload(hdl, XENKEXEC_TYPE_CRASH), 0);
        assert_int_equal(asked[UNLOAD].op, KEXEC_OP);
        assert_int_equal(asked[UNLOAD].request[0], 1);
        assert_int_equal(asked[UNLOAD].times, 1);
        assert_int_equal(xenkexec_status(hdl, XENKEXEC_TYPE_CRASH), 0);
        assert_int_equal(errno, 77);
        stop(hdl);
    }
}

/* Upstream's libxenctrl leaves it at that: `kexec --status` is wrong after two loads. */
TEST(xens_status_is_right_after_any_load_and_unload)
{
    static const struct xenkexec_segment segment = {.size = PAGE};
    static const char *const orders[] = {"ll", "lll", "llu", "uu", "lu", "llluul", "uluulllu"};
    struct xenkexec_image image = image_of(&segment, 1);

    for (size_t i = 0; i < COUNT_OF(orders) * 2; i++) {
        xenkexec_handle *hdl = start(17);

        is_told[XENKEXEC_TYPE_CRASH] = i % 2; /* others may have left it wrong */
        for (const char *order = orders[i / 2]; *order; order++) {
            if (*order == 'l')
                assert_int_equal(xenkexec_load(hdl, &image), 0);
            else
                assert_int_equal(xenkexec_unload(hdl, XENKEXEC_TYPE_CRASH), 0);
            assert_int_equal(is_loaded[XENKEXEC_TYPE_CRASH], *order == 'l');
            assert_int_equal(is_told[XENKEXEC_TYPE_CRASH], *order == 'l');
        }
        stop(hdl);
    }
}

static unsigned loads_left;

static int take_so_many_loads(uint64_t cmd, uint8_t *request)
{
    (void)request;
    if (cmd != LOAD)
        return 0; /* nothing is there, it says */
    if (!loads_left)
        return -ENOMEM;
    loads_left--;
    return 0;
}

TEST(a_kernel_that_is_loaded_though_xen_tells_otherwise_is_a_success)
{
    static const struct xenkexec_segment segment = {.size = PAGE};
    struct xenkexec_image image = image_of(&segment, 1);
    xenkexec_handle *hdl = start(17);

    answer_with(take_so_many_loads);
    loads_left = 1;
    errno = 77;
    assert_int_equal(xenkexec_load(hdl, &image), 0);
    assert_int_equal(errno, 77);
    assert_int_equal(logged.messages, 1);
    assert_int_equal(logged.level, XTL_WARN);
    assert_fails_with(xenkexec_load(hdl, &image), -1, ENOMEM);
    assert_int_equal(logged.messages, 1);
    stop(hdl);
}

/* From here it comes back only because nobody is there to start it. */
TEST(an_image_is_started_in_exact_bytes)
{
    EACH_MINOR(minor) {
        xenkexec_handle *hdl = start(minor);

        assert_fails_with(xenkexec_exec(hdl, XENKEXEC_TYPE_CRASH), -1, EIO);
        assert_int_equal(asked[EXEC].op, KEXEC_OP);
        assert_int_equal(number_at(asked[EXEC].request, 4), 1);
        assert_int_equal(questions, 1);
        stop(hdl);
    }
}

/* What a handle costs once it is open: a system call, and no memory. */
TEST(a_question_is_one_system_call)
{
    xenkexec_handle *hdl = start(17);
    unsigned before = fakexen_count_all();

    xenkexec_status(hdl, XENKEXEC_TYPE_DEFAULT);
    xenkexec_exec(hdl, XENKEXEC_TYPE_DEFAULT);
    assert_int_equal(fakexen_count_all(), before + 2);
    stop(hdl);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_image_is_loaded_in_exact_bytes),
        cmocka_unit_test(as_many_segments_as_xen_takes_are_loaded),
        cmocka_unit_test(an_image_of_32_bits_is_loaded),
        cmocka_unit_test(an_image_of_zeroes_beyond_what_is_known_is_loaded),
        cmocka_unit_test(images_are_asked_for_and_forgotten_in_exact_bytes),
        cmocka_unit_test(xens_status_is_right_after_any_load_and_unload),
        cmocka_unit_test(a_kernel_that_is_loaded_though_xen_tells_otherwise_is_a_success),
        cmocka_unit_test(an_image_is_started_in_exact_bytes),
        cmocka_unit_test(a_question_is_one_system_call),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
