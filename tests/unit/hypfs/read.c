/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading entries of every type. Only upstream's symbols are used. */
#include "fake_hypfs.h"

#include <stdio.h>

static void assert_reads(xenhypfs_handle *fshdl, const char *path, const char *wanted)
{
    char *text;

    errno = EXDEV;
    text = xenhypfs_read(fshdl, path);
    assert_non_null(text);
    assert_string_equal(text, wanted);
    assert_int_equal(errno, EXDEV);
    free(text);
}

static void assert_number_reads(xenhypfs_handle *fshdl, uint8_t type, const void *value,
                                size_t size, const char *wanted)
{
    fake_add("/number", type, value, size);
    assert_reads(fshdl, "/number", wanted);
}

TEST(strings_are_read_with_and_without_their_NUL)
{
    xenhypfs_handle *fshdl = fake_open();

    fake_add("/with", XEN_HYPFS_TYPE_STRING, "hello", 6);
    fake_add("/without", XEN_HYPFS_TYPE_STRING, "hello", 5);
    fake_add("/empty", XEN_HYPFS_TYPE_STRING, "", 1);
    fake_add("/nothing", XEN_HYPFS_TYPE_STRING, "", 0);
    assert_reads(fshdl, "/with", "hello");
    assert_reads(fshdl, "/without", "hello");
    assert_reads(fshdl, "/empty", "");
    assert_reads(fshdl, "/nothing", "");
    xenhypfs_close(fshdl);
}

TEST(unsigned_numbers_are_read_in_all_sizes)
{
    xenhypfs_handle *fshdl = fake_open();
    uint8_t u8 = 200;
    uint16_t u16 = UINT16_MAX;
    uint32_t u32 = UINT32_MAX;
    uint64_t u64 = UINT64_MAX, zero = 0;

    assert_number_reads(fshdl, XEN_HYPFS_TYPE_UINT, &u8, 1, "200");
    assert_number_reads(fshdl, XEN_HYPFS_TYPE_UINT, &u16, 2, "65535");
    assert_number_reads(fshdl, XEN_HYPFS_TYPE_UINT, &u32, 4, "4294967295");
    assert_number_reads(fshdl, XEN_HYPFS_TYPE_UINT, &u64, 8, "18446744073709551615");
    assert_number_reads(fshdl, XEN_HYPFS_TYPE_UINT, &zero, 8, "0");
    xenhypfs_close(fshdl);
}

TEST(signed_numbers_are_read_in_all_sizes)
{
    xenhypfs_handle *fshdl = fake_open();
    int8_t i8 = INT8_MIN;
    int16_t i16 = -1;
    int32_t i32 = INT32_MAX;
    int64_t i64 = INT64_MIN;

    assert_number_reads(fshdl, XEN_HYPFS_TYPE_INT, &i8, 1, "-128");
    assert_number_reads(fshdl, XEN_HYPFS_TYPE_INT, &i16, 2, "-1");
    assert_number_reads(fshdl, XEN_HYPFS_TYPE_INT, &i32, 4, "2147483647");
    assert_number_reads(fshdl, XEN_HYPFS_TYPE_INT, &i64, 8, "-9223372036854775808");
    xenhypfs_close(fshdl);
}

TEST(switches_are_read_in_all_sizes)
{
    static const size_t sizes[] = {1, 2, 4, 8};
    xenhypfs_handle *fshdl = fake_open();
    uint64_t off = 0, on = 1;

    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        assert_number_reads(fshdl, XEN_HYPFS_TYPE_BOOL, &off, sizes[i], "0");
        assert_number_reads(fshdl, XEN_HYPFS_TYPE_BOOL, &on, sizes[i], "1");
    }
    xenhypfs_close(fshdl);
}

TEST(what_is_no_text_is_EDOM)
{
    static const size_t odd_sizes[] = {0, 3, 5, 6, 7, 9, 16, 4000};
    static const char bytes[4000];
    xenhypfs_handle *fshdl = fake_open();

    fake_add("/blob", XEN_HYPFS_TYPE_BLOB, bytes, 4);
    assert_fails_with(xenhypfs_read(fshdl, "/blob"), NULL, EDOM);
    fake_add("/later", XEN_HYPFS_TYPE_BOOL + 1, bytes, 4);
    assert_fails_with(xenhypfs_read(fshdl, "/later"), NULL, EDOM);
    fake_add("/coded", XEN_HYPFS_TYPE_STRING, bytes, 4)->encoding = XEN_HYPFS_ENC_GZIP + 1;
    assert_fails_with(xenhypfs_read(fshdl, "/coded"), NULL, EDOM);
    fake_add("/packed", XEN_HYPFS_TYPE_UINT, bytes, 4)->encoding = XEN_HYPFS_ENC_GZIP;
    assert_fails_with(xenhypfs_read(fshdl, "/packed"), NULL, EDOM);
    for (size_t i = 0; i < COUNT_OF(odd_sizes); i++) {
        fake_add("/odd", XEN_HYPFS_TYPE_UINT, bytes, odd_sizes[i]);
        assert_fails_with(xenhypfs_read(fshdl, "/odd"), NULL, EDOM);
    }
    xenhypfs_close(fshdl);
}

TEST(a_directory_is_EISDIR)
{
    xenhypfs_handle *fshdl = fake_open();

    assert_fails_with(xenhypfs_read(fshdl, "/"), NULL, EISDIR);
    xenhypfs_close(fshdl);
}

static void assert_raw(xenhypfs_handle *fshdl, const char *path, const char *name,
                       const void *wanted, size_t size)
{
    struct xenhypfs_dirent *dirent = NULL;
    void *content;

    errno = EXDEV;
    content = xenhypfs_read_raw(fshdl, path, &dirent);
    assert_non_null(content);
    assert_non_null(dirent);
    assert_int_equal(errno, EXDEV);
    assert_string_equal(dirent->name, name);
    assert_int_equal(dirent->size, size);
    if (size)
        assert_memory_equal(content, wanted, size);
    free(content);
    free(dirent);
}

TEST(raw_content_comes_with_the_last_part_of_the_path)
{
    xenhypfs_handle *fshdl = fake_open();

    fake_add("/params/sched", XEN_HYPFS_TYPE_BLOB, "\1\0\2", 3);
    assert_raw(fshdl, "/params/sched", "sched", "\1\0\2", 3);
    fake_add("/a", XEN_HYPFS_TYPE_STRING, "", 0);
    assert_raw(fshdl, "/a", "a", "", 0);
    assert_raw(fshdl, "/", "/", "", 0);
    xenhypfs_close(fshdl);
}

TEST(the_entry_tells_type_encoding_and_whether_it_can_be_written)
{
    static const uint8_t types[] = {XEN_HYPFS_TYPE_DIR, XEN_HYPFS_TYPE_BLOB,
                                    XEN_HYPFS_TYPE_STRING, XEN_HYPFS_TYPE_UINT,
                                    XEN_HYPFS_TYPE_INT, XEN_HYPFS_TYPE_BOOL};
    static const unsigned short wanted[] = {xenhypfs_type_dir, xenhypfs_type_blob,
                                            xenhypfs_type_string, xenhypfs_type_uint,
                                            xenhypfs_type_int, xenhypfs_type_bool};
    xenhypfs_handle *fshdl = fake_open();
    struct xenhypfs_dirent *dirent;

    for (size_t i = 0; i < COUNT_OF(types); i++) {
        fake_add_writable("/x", types[i], "abcd", 4, i % 2 ? 4 : 0)->encoding = i == 2;
        free(xenhypfs_read_raw(fshdl, "/x", &dirent));
        assert_int_equal(dirent->type, wanted[i]);
        assert_int_equal(dirent->encoding, i == 2 ? xenhypfs_enc_gzip : xenhypfs_enc_plain);
        assert_int_equal(dirent->flags, i % 2 ? XENHYPFS_FLAG_WRITABLE : 0);
        free(dirent);
    }
    xenhypfs_close(fshdl);
}

TEST(what_is_unknown_is_a_plain_blob)
{
    xenhypfs_handle *fshdl = fake_open();
    struct xenhypfs_dirent *dirent;

    fake_add("/x", 200, "abcd", 4);
    fake_add("/y", XEN_HYPFS_TYPE_STRING, "abcd", 4)->encoding = 200;
    for (const char *path = "/x"; path; path = path[1] == 'x' ? "/y" : NULL) {
        free(xenhypfs_read_raw(fshdl, path, &dirent));
        assert_int_equal(dirent->type, xenhypfs_type_blob);
        assert_int_equal(dirent->encoding, xenhypfs_enc_plain);
        free(dirent);
    }
    xenhypfs_close(fshdl);
}

/* Around the size of the first buffer, and far beyond. */
TEST(contents_of_all_sizes_are_whole)
{
    static char bytes[1000003];
    xenhypfs_handle *fshdl = fake_open();

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)(i * 7 + i / 251);
    for (size_t size = 3040; size < 3080; size++) {
        fake_add("/big", XEN_HYPFS_TYPE_BLOB, bytes, size);
        assert_raw(fshdl, "/big", "big", bytes, size);
    }
    for (size_t size = 4070; size < 4100; size++) {
        fake_add("/big", XEN_HYPFS_TYPE_BLOB, bytes, size);
        assert_raw(fshdl, "/big", "big", bytes, size);
    }
    fake_add("/big", XEN_HYPFS_TYPE_BLOB, bytes, sizeof(bytes));
    assert_raw(fshdl, "/big", "big", bytes, sizeof(bytes));
    xenhypfs_close(fshdl);
}

TEST(budget_a_small_entry_is_one_system_call)
{
    xenhypfs_handle *fshdl = fake_open();
    unsigned before;

    fake_add("/x", XEN_HYPFS_TYPE_STRING, "x", 2);
    free(xenhypfs_read(fshdl, "/x"));
    before = fakexen_count_all();
    for (int i = 0; i < 100; i++)
        free(xenhypfs_read(fshdl, "/x"));
    assert_int_equal(fakexen_count_all() - before, 100);
    xenhypfs_close(fshdl);
}

TEST(what_is_not_there_is_ENOENT)
{
    xenhypfs_handle *fshdl = fake_open();
    struct xenhypfs_dirent *dirent = NULL;
    unsigned int count = 7;

    assert_fails_with(xenhypfs_read_raw(fshdl, "/nowhere", &dirent), NULL, ENOENT);
    assert_fails_with(xenhypfs_read(fshdl, "/nowhere"), NULL, ENOENT);
    assert_fails_with(xenhypfs_readdir(fshdl, "/nowhere", &count), NULL, ENOENT);
    assert_fails_with(xenhypfs_write(fshdl, "/nowhere", "1"), -1, ENOENT);
    assert_null(dirent);
    assert_int_equal(count, 7);
    xenhypfs_close(fshdl);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_are_read_with_and_without_their_NUL),
        cmocka_unit_test(unsigned_numbers_are_read_in_all_sizes),
        cmocka_unit_test(signed_numbers_are_read_in_all_sizes),
        cmocka_unit_test(switches_are_read_in_all_sizes),
        cmocka_unit_test(what_is_no_text_is_EDOM),
        cmocka_unit_test(a_directory_is_EISDIR),
        cmocka_unit_test(raw_content_comes_with_the_last_part_of_the_path),
        cmocka_unit_test(the_entry_tells_type_encoding_and_whether_it_can_be_written),
        cmocka_unit_test(what_is_unknown_is_a_plain_blob),
        cmocka_unit_test(contents_of_all_sizes_are_whole),
        cmocka_unit_test(budget_a_small_entry_is_one_system_call),
        cmocka_unit_test(what_is_not_there_is_ENOENT),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
