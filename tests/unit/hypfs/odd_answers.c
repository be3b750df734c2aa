/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Answers that no Xen should give end in an errno, at once and with nothing left. */
#include "fake_hypfs.h"

enum { OFF_NEXT = 12, NAME = 14 }; /* where they are in an entry of a list */

static uint32_t claimed;
static unsigned tries_left;

static int claim(void *buffer, size_t size, uint32_t content_len, int errnoval)
{
    struct xen_hypfs_direntry header = {.type = XEN_HYPFS_TYPE_STRING,
                                        .content_len = content_len, .max_write_len = 8};

    if (size >= sizeof(header))
        memcpy(buffer, &header, sizeof(header));
    return errnoval;
}

static int succeed_with_the_claimed_size(const char *path, void *buffer, size_t size)
{
    (void)path;
    return claim(buffer, size, claimed, 0);
}

static int want_the_claimed_size(const char *path, void *buffer, size_t size)
{
    (void)path;
    return claim(buffer, size, claimed, ENOBUFS);
}

static int want_one_byte_more(const char *path, void *buffer, size_t size)
{
    (void)path;
    return claim(buffer, size, (uint32_t)(size - sizeof(struct xen_hypfs_direntry) + 1),
                 ENOBUFS);
}

static int want_more_a_few_times(const char *path, void *buffer, size_t size)
{
    if (tries_left) {
        tries_left--;
        return want_one_byte_more(path, buffer, size);
    }
    return claim(buffer, size, 10, 0);
}

static int say_nothing_but_ENOBUFS(const char *path, void *buffer, size_t size)
{
    (void)path;
    (void)buffer;
    (void)size;
    return ENOBUFS;
}

static void assert_nothing_can_be_read(xenhypfs_handle *fshdl, int wanted_errno)
{
    struct xenhypfs_dirent *dirent = NULL;
    unsigned int count = 7;

    assert_fails_with(xenhypfs_read_raw(fshdl, "/x", &dirent), NULL, wanted_errno);
    assert_fails_with(xenhypfs_read(fshdl, "/x"), NULL, wanted_errno);
    assert_fails_with(xenhypfs_readdir(fshdl, "/x", &count), NULL, wanted_errno);
    assert_null(dirent);
    assert_int_equal(count, 7);
}

TEST(a_size_beyond_the_buffer_with_success_is_EPROTO)
{
    static const uint32_t sizes[] = {4096, 65536, INT32_MAX, UINT32_MAX};
    xenhypfs_handle *fshdl = fake_open();

    fake_read = succeed_with_the_claimed_size;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        claimed = sizes[i];
        assert_nothing_can_be_read(fshdl, EPROTO);
        assert_fails_with(xenhypfs_write(fshdl, "/x", "1"), -1, EPROTO);
    }
    xenhypfs_close(fshdl);
}

TEST(a_wish_for_what_is_there_already_is_EPROTO)
{
    xenhypfs_handle *fshdl = fake_open();

    fake_read = want_the_claimed_size;
    claimed = 16;
    assert_nothing_can_be_read(fshdl, EPROTO);
    fake_read = say_nothing_but_ENOBUFS;
    assert_nothing_can_be_read(fshdl, EPROTO);
    assert_fails_with(xenhypfs_write(fshdl, "/x", "1"), -1, EPROTO);
    xenhypfs_close(fshdl);
}

TEST(a_content_beyond_16_MiB_is_EFBIG)
{
    static const uint32_t sizes[] = {(16 << 20) + 1, INT32_MAX, UINT32_MAX};
    xenhypfs_handle *fshdl = fake_open();

    fake_read = want_the_claimed_size;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        claimed = sizes[i];
        assert_nothing_can_be_read(fshdl, EFBIG);
    }
    xenhypfs_close(fshdl);
}

TEST(a_content_of_16_MiB_is_read)
{
    xenhypfs_handle *fshdl = fake_open();
    struct xenhypfs_dirent *dirent;
    size_t size = 16 << 20;
    char *content = calloc(1, size);

    content[size - 1] = 'x';
    fake_add("/most", XEN_HYPFS_TYPE_BLOB, content, size);
    free(content);
    content = xenhypfs_read_raw(fshdl, "/most", &dirent);
    assert_non_null(content);
    assert_int_equal(content[size - 1], 'x');
    assert_int_equal(dirent->size, size);
    free(content);
    free(dirent);
    xenhypfs_close(fshdl);
}

TEST(a_content_that_grows_with_every_try_ends_in_EFBIG)
{
    xenhypfs_handle *fshdl = fake_open();

    fake_read = want_one_byte_more;
    assert_fails_with(xenhypfs_read(fshdl, "/x"), NULL, EFBIG);
    assert_true(fake_reads < 20);
    xenhypfs_close(fshdl);
}

TEST(a_content_that_grows_for_a_while_is_read)
{
    xenhypfs_handle *fshdl = fake_open();
    char *text;

    fake_read = want_more_a_few_times;
    tries_left = 5;
    text = xenhypfs_read(fshdl, "/x");
    assert_non_null(text);
    free(text);
    xenhypfs_close(fshdl);
}

/* ---- lists that do not add up ---- */

static struct fake_list list;

static void start_list(void)
{
    memset(&list, 0, sizeof(list));
    fake_list_add(&list, "first", XEN_HYPFS_TYPE_DIR, 0, 0);
    fake_list_add(&list, "second", XEN_HYPFS_TYPE_DIR, 0, 0);
    fake_list_end(&list);
}

static void set_off_next(size_t entry, uint16_t off_next)
{
    memcpy(list.bytes + entry + OFF_NEXT, &off_next, sizeof(off_next));
}

static void assert_list_is(xenhypfs_handle *fshdl, size_t size, int wanted_errno)
{
    unsigned int count = 7;

    fake_add("/", XEN_HYPFS_TYPE_DIR, list.bytes, size);
    assert_fails_with(xenhypfs_readdir(fshdl, "/", &count), NULL, wanted_errno);
    assert_int_equal(count, 7);
}

TEST(a_list_cut_short_anywhere_is_EPROTO)
{
    xenhypfs_handle *fshdl = fake_open();
    size_t end;

    start_list();
    end = list.last + NAME + sizeof("second");
    for (size_t size = 1; size < end; size++)
        assert_list_is(fshdl, size, EPROTO);
    xenhypfs_close(fshdl);
}

TEST(steps_that_do_not_lead_to_an_entry_are_EPROTO)
{
    xenhypfs_handle *fshdl = fake_open();

    for (unsigned step = 1; step <= UINT16_MAX; step++) {
        start_list();
        if (step == list.last)
            continue;
        set_off_next(0, (uint16_t)step);
        if (step < NAME + sizeof("first") || step >= list.size - NAME)
            assert_list_is(fshdl, list.size, EPROTO);
    }
    xenhypfs_close(fshdl);
}

TEST(a_list_without_a_last_entry_is_EPROTO)
{
    xenhypfs_handle *fshdl = fake_open();

    start_list();
    set_off_next(list.last, (uint16_t)(list.size - list.last));
    assert_list_is(fshdl, list.size, EPROTO);
    xenhypfs_close(fshdl);
}

TEST(a_name_without_an_end_is_EPROTO)
{
    xenhypfs_handle *fshdl = fake_open();

    start_list();
    memset(list.bytes + NAME, 'x', list.last - NAME);
    assert_list_is(fshdl, list.size, EPROTO);
    start_list();
    memset(list.bytes + list.last + NAME, 'x', list.size - list.last - NAME);
    assert_list_is(fshdl, list.size, EPROTO);
    xenhypfs_close(fshdl);
}

TEST(names_that_would_lead_a_walk_astray_are_EPROTO)
{
    xenhypfs_handle *fshdl = fake_open();

    start_list();
    list.bytes[NAME] = '\0';
    assert_list_is(fshdl, list.size, EPROTO);
    start_list();
    list.bytes[list.last + NAME + 2] = '/';
    assert_list_is(fshdl, list.size, EPROTO);
    xenhypfs_close(fshdl);
}

TEST(a_compressed_directory_is_EPROTO)
{
    xenhypfs_handle *fshdl = fake_open();
    unsigned int count;

    start_list();
    fake_add("/", XEN_HYPFS_TYPE_DIR, list.bytes, list.size)->encoding = XEN_HYPFS_ENC_GZIP;
    assert_fails_with(xenhypfs_readdir(fshdl, "/", &count), NULL, EPROTO);
    xenhypfs_close(fshdl);
}

TEST(any_bytes_at_all_make_a_list_or_EPROTO)
{
    xenhypfs_handle *fshdl = fake_open();
    unsigned int count, seed = 1;
    struct xenhypfs_dirent *dirents;
    unsigned made = 0, refused = 0;

    for (unsigned round = 0; round < 20000; round++) {
        start_list();
        for (int i = 0; i < 3; i++)
            list.bytes[(size_t)rand_r(&seed) % list.size] = (unsigned char)(rand_r(&seed) % 64);
        fake_add("/", XEN_HYPFS_TYPE_DIR, list.bytes, list.size);
        errno = 0;
        dirents = xenhypfs_readdir(fshdl, "/", &count);
        made += dirents != NULL;
        refused += !dirents && errno == EPROTO;
        free(dirents);
    }
    assert_int_equal(made + refused, 20000);
    assert_true(made > 100 && refused > 100);
    xenhypfs_close(fshdl);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_size_beyond_the_buffer_with_success_is_EPROTO),
        cmocka_unit_test(a_wish_for_what_is_there_already_is_EPROTO),
        cmocka_unit_test(a_content_beyond_16_MiB_is_EFBIG),
        cmocka_unit_test(a_content_of_16_MiB_is_read),
        cmocka_unit_test(a_content_that_grows_with_every_try_ends_in_EFBIG),
        cmocka_unit_test(a_content_that_grows_for_a_while_is_read),
        cmocka_unit_test(a_list_cut_short_anywhere_is_EPROTO),
        cmocka_unit_test(steps_that_do_not_lead_to_an_entry_are_EPROTO),
        cmocka_unit_test(a_list_without_a_last_entry_is_EPROTO),
        cmocka_unit_test(a_name_without_an_end_is_EPROTO),
        cmocka_unit_test(names_that_would_lead_a_walk_astray_are_EPROTO),
        cmocka_unit_test(a_compressed_directory_is_EPROTO),
        cmocka_unit_test(any_bytes_at_all_make_a_list_or_EPROTO),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
