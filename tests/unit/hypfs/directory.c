/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Listing directories. Only upstream's symbols are used. */
#include "fake_hypfs.h"

#include <stdio.h>

static struct fake_list list;

static struct xenhypfs_dirent *assert_lists(xenhypfs_handle *fshdl, const char *path,
                                            unsigned int wanted)
{
    struct xenhypfs_dirent *dirents;
    unsigned int count = ~0u;

    errno = EXDEV;
    dirents = xenhypfs_readdir(fshdl, path, &count);
    assert_non_null(dirents);
    assert_int_equal(errno, EXDEV);
    assert_int_equal(count, wanted);
    return dirents;
}

TEST(an_empty_directory_is_an_empty_array)
{
    xenhypfs_handle *fshdl = fake_open();

    free(assert_lists(fshdl, "/", 0));
    xenhypfs_close(fshdl);
}

TEST(entries_are_listed_with_all_that_is_known)
{
    xenhypfs_handle *fshdl = fake_open();
    struct xenhypfs_dirent *dirents;

    fake_list_add(&list, "params", XEN_HYPFS_TYPE_DIR, 200, 0);
    fake_list_add(&list, "x", XEN_HYPFS_TYPE_BOOL, 1, 1);
    fake_list_add(&list, "ept", XEN_HYPFS_TYPE_STRING, 17, 64);
    fake_list_end(&list);
    fake_add("/", XEN_HYPFS_TYPE_DIR, list.bytes, list.size);
    dirents = assert_lists(fshdl, "/", 3);
    assert_string_equal(dirents[0].name, "params");
    assert_int_equal(dirents[0].type, xenhypfs_type_dir);
    assert_int_equal(dirents[0].size, 200);
    assert_int_equal(dirents[0].flags, 0);
    assert_string_equal(dirents[1].name, "x");
    assert_int_equal(dirents[1].type, xenhypfs_type_bool);
    assert_int_equal(dirents[1].flags, XENHYPFS_FLAG_WRITABLE);
    assert_string_equal(dirents[2].name, "ept");
    assert_int_equal(dirents[2].type, xenhypfs_type_string);
    assert_int_equal(dirents[2].size, 17);
    assert_int_equal(dirents[2].encoding, xenhypfs_enc_plain);
    free(dirents);
    xenhypfs_close(fshdl);
}

TEST(a_name_may_fill_its_entry_to_the_last_byte)
{
    xenhypfs_handle *fshdl = fake_open();
    struct xenhypfs_dirent *dirents;

    fake_list_add(&list, "a", XEN_HYPFS_TYPE_DIR, 0, 0);
    fake_list_add(&list, "b", XEN_HYPFS_TYPE_DIR, 0, 0);
    fake_list_end(&list);
    assert_int_equal(list.bytes[list.last + 14], 'b');
    fake_add("/", XEN_HYPFS_TYPE_DIR, list.bytes, list.last + 16);
    dirents = assert_lists(fshdl, "/", 2);
    assert_string_equal(dirents[1].name, "b");
    free(dirents);
    xenhypfs_close(fshdl);
}

TEST(hundreds_of_entries_are_listed_in_order)
{
    enum { ENTRIES = 900 };
    xenhypfs_handle *fshdl = fake_open();
    struct xenhypfs_dirent *dirents;
    char name[64];

    for (unsigned i = 0; i < ENTRIES; i++) {
        snprintf(name, sizeof(name), "%u%.*s", i, (int)(i % 40),
                 "........................................");
        fake_list_add(&list, name, XEN_HYPFS_TYPE_UINT, i, 0);
    }
    fake_list_end(&list);
    fake_add("/many", XEN_HYPFS_TYPE_DIR, list.bytes, list.size);
    dirents = assert_lists(fshdl, "/many", ENTRIES);
    for (unsigned i = 0; i < ENTRIES; i++) {
        assert_int_equal(strtoul(dirents[i].name, NULL, 10), i);
        assert_int_equal(dirents[i].size, i);
    }
    free(dirents);
    xenhypfs_close(fshdl);
}

TEST(what_is_no_directory_is_ENOTDIR)
{
    xenhypfs_handle *fshdl = fake_open();
    unsigned int count = 7;

    fake_add("/file", XEN_HYPFS_TYPE_STRING, "x", 2);
    assert_fails_with(xenhypfs_readdir(fshdl, "/file", &count), NULL, ENOTDIR);
    assert_int_equal(count, 7);
    xenhypfs_close(fshdl);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_directory_is_an_empty_array),
        cmocka_unit_test(entries_are_listed_with_all_that_is_known),
        cmocka_unit_test(a_name_may_fill_its_entry_to_the_last_byte),
        cmocka_unit_test(hundreds_of_entries_are_listed_in_order),
        cmocka_unit_test(what_is_no_directory_is_ENOTDIR),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
