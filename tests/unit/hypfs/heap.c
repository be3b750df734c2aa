/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Want of memory, wherever it strikes, is ENOMEM and leaves nothing behind. */
#include "counted_heap.h"
#include "fake_hypfs.h"
#include "packed.h"

#include <stdio.h>

#ifdef HEAP_IS_SANITIZED
TEST(allocations_are_made_to_fail)
{
    skip_because("the heap belongs to the sanitizer");
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocations_are_made_to_fail),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
#else

enum { TEXT_SIZE = 1000000, ENTRIES = 300 };

static void *read_raw(xenhypfs_handle *fshdl)
{
    struct xenhypfs_dirent *dirent = NULL;
    void *content = xenhypfs_read_raw(fshdl, "/config", &dirent);

    free(dirent);
    return content;
}

static void *read_packed(xenhypfs_handle *fshdl)
{
    return xenhypfs_read(fshdl, "/config");
}

static void *read_number(xenhypfs_handle *fshdl)
{
    return xenhypfs_read(fshdl, "/number");
}

static void *list_root(xenhypfs_handle *fshdl)
{
    unsigned int count;

    return xenhypfs_readdir(fshdl, "/", &count);
}

typedef void *operation_fn(xenhypfs_handle *fshdl);

/* Runs the operation with one allocation failing. False: it makes no so many. */
static bool try_failing(xenhypfs_handle *fshdl, operation_fn *operation, unsigned allocation)
{
    void *result;
    bool failed;

    errno = 0;
    failures_after = allocation;
    failures_left = 1;
    result = operation(fshdl);
    failed = failures_left == 0;
    failures_after = failures_left = 0;
    if (failed && !result)
        assert_int_equal(errno, ENOMEM);
    if (!failed)
        assert_non_null(result);
    free(result);
    return failed;
}

/* Fails each allocation of the operation in turn. */
static void assert_nothing_leaks(xenhypfs_handle *fshdl, operation_fn *operation)
{
    unsigned allocation, before;
    bool failed = true;

    free(operation(fshdl)); /* fills the pool of buffers */
    for (allocation = 0; failed; allocation++) {
        before = blocks;
        failed = try_failing(fshdl, operation, allocation);
        assert_int_equal(blocks, before);
    }
    assert_true(allocation > 1);
}

static void fill_root(void)
{
    static struct fake_list list;
    char name[32];

    for (unsigned i = 0; i < ENTRIES; i++) {
        snprintf(name, sizeof(name), "entry-%u", i);
        fake_list_add(&list, name, XEN_HYPFS_TYPE_DIR, 0, 0);
    }
    fake_list_end(&list);
    fake_add("/", XEN_HYPFS_TYPE_DIR, list.bytes, list.size);
}

static void add_packed_text(void)
{
    char *text = malloc(TEXT_SIZE);
    unsigned seed = 1;
    size_t size;
    void *packed;

    assert_non_null(text);
    for (size_t i = 0; i < TEXT_SIZE; i++)
        text[i] = (char)('a' + rand_r(&seed) % 26);
    packed = pack(text, TEXT_SIZE, &size);
    fake_add("/config", XEN_HYPFS_TYPE_STRING, packed, size)->encoding = XEN_HYPFS_ENC_GZIP;
    free(packed);
    free(text);
}

TEST(reading_leaves_nothing_behind)
{
    xenhypfs_handle *fshdl = fake_open();
    uint32_t number = 7;

    add_packed_text();
    fake_add("/number", XEN_HYPFS_TYPE_UINT, &number, sizeof(number));
    assert_nothing_leaks(fshdl, read_raw);
    assert_nothing_leaks(fshdl, read_number);
    xenhypfs_close(fshdl);
}

/* Upstream forgets the old block when there is no larger one. */
TEST(defect_inflating_leaks_when_memory_runs_short)
{
    xenhypfs_handle *fshdl = fake_open();

    add_packed_text();
    assert_nothing_leaks(fshdl, read_packed);
    xenhypfs_close(fshdl);
}

TEST(listing_leaves_nothing_behind)
{
    xenhypfs_handle *fshdl = fake_open();

    fill_root();
    assert_nothing_leaks(fshdl, list_root);
    xenhypfs_close(fshdl);
}

TEST(opening_leaves_nothing_behind)
{
    xenhypfs_handle *fshdl = NULL;
    unsigned failed = 0;

    fake_start();
    for (; !fshdl; failed++) {
        failures_after = failed;
        failures_left = 1;
        fshdl = xenhypfs_open(NULL, 0);
        failures_after = failures_left = 0;
        if (!fshdl) {
            assert_int_equal(errno, ENOMEM);
            assert_int_equal(fakexen_open_fds(), 0);
        }
    }
    assert_true(failed > 1);
    xenhypfs_close(fshdl);
    assert_int_equal(fakexen_open_fds(), 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_leaves_nothing_behind),
        cmocka_unit_test(defect_inflating_leaks_when_memory_runs_short),
        cmocka_unit_test(listing_leaves_nothing_behind),
        cmocka_unit_test(opening_leaves_nothing_behind),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
#endif
