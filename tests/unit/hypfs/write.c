/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing entries of every type. Only upstream's symbols are used. */
#include "fake_hypfs.h"

static const size_t sizes[] = {1, 2, 4, 8};

static void make(const char *path, uint8_t type, size_t size)
{
    static const uint64_t old = 0x5a5a5a5a5a5a5a5a;

    fake_add_writable(path, type, &old, size, (uint32_t)size);
}

/* Writes to a fresh entry of this type; the content is then @wanted's low bytes. */
static void assert_writes(xenhypfs_handle *fshdl, uint8_t type, size_t size, const char *text,
                          uint64_t wanted)
{
    make("/value", type, size);
    errno = EXDEV;
    assert_int_equal(xenhypfs_write(fshdl, "/value", text), 0);
    assert_int_equal(errno, EXDEV);
    assert_int_equal(fake_find("/value")->size, size);
    assert_memory_equal(fake_find("/value")->content, &wanted, size);
}

static void assert_refuses(xenhypfs_handle *fshdl, uint8_t type, size_t size, const char *text,
                           int wanted_errno)
{
    make("/value", type, size);
    assert_fails_with(xenhypfs_write(fshdl, "/value", text), -1, wanted_errno);
    assert_int_equal(fake_find("/value")->content[0], 0x5a);
    assert_int_equal(fake_writes, 0);
}

TEST(a_string_is_written_with_its_NUL)
{
    xenhypfs_handle *fshdl = fake_open();

    fake_add_writable("/s", XEN_HYPFS_TYPE_STRING, "old", 4, 8);
    errno = EXDEV;
    assert_int_equal(xenhypfs_write(fshdl, "/s", "new one"), 0);
    assert_int_equal(errno, EXDEV);
    assert_int_equal(fake_find("/s")->size, 8);
    assert_string_equal((char *)fake_find("/s")->content, "new one");
    assert_int_equal(xenhypfs_write(fshdl, "/s", ""), 0);
    assert_int_equal(fake_find("/s")->size, 1);
    xenhypfs_close(fshdl);
}

TEST(a_string_that_does_not_fit_is_xens_ENOSPC)
{
    xenhypfs_handle *fshdl = fake_open();

    fake_add_writable("/s", XEN_HYPFS_TYPE_STRING, "old", 4, 8);
    assert_fails_with(xenhypfs_write(fshdl, "/s", "too long"), -1, ENOSPC);
    assert_string_equal((char *)fake_find("/s")->content, "old");
    xenhypfs_close(fshdl);
}

TEST(a_string_that_nothing_could_hold_is_ENOSPC_too)
{
    enum { HUGE = 20 << 20 };
    xenhypfs_handle *fshdl = fake_open();
    char *text = malloc(HUGE);

    assert_non_null(text);
    memset(text, 'x', HUGE - 1);
    text[HUGE - 1] = '\0';
    fake_add_writable("/s", XEN_HYPFS_TYPE_STRING, "old", 4, 8);
    assert_fails_with(xenhypfs_write(fshdl, "/s", text), -1, ENOSPC);
    free(text);
    xenhypfs_close(fshdl);
}

TEST(numbers_are_written_in_all_sizes_and_notations)
{
    xenhypfs_handle *fshdl = fake_open();

    for (size_t i = 0; i < COUNT_OF(sizes) - 1; i++) {
        assert_writes(fshdl, XEN_HYPFS_TYPE_UINT, sizes[i], "12", 12);
        assert_writes(fshdl, XEN_HYPFS_TYPE_UINT, sizes[i], "0x1f", 31);
        assert_writes(fshdl, XEN_HYPFS_TYPE_UINT, sizes[i], "017", 15);
        assert_writes(fshdl, XEN_HYPFS_TYPE_UINT, sizes[i], "+0", 0);
    }
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        assert_writes(fshdl, XEN_HYPFS_TYPE_INT, sizes[i], "12", 12);
        assert_writes(fshdl, XEN_HYPFS_TYPE_INT, sizes[i], "-1", UINT64_MAX);
        assert_writes(fshdl, XEN_HYPFS_TYPE_INT, sizes[i], " -0x10", (uint64_t)-16);
    }
    xenhypfs_close(fshdl);
}

TEST(the_largest_and_smallest_numbers_are_written)
{
    xenhypfs_handle *fshdl = fake_open();

    assert_writes(fshdl, XEN_HYPFS_TYPE_UINT, 1, "255", 255);
    assert_writes(fshdl, XEN_HYPFS_TYPE_UINT, 2, "65535", 65535);
    assert_writes(fshdl, XEN_HYPFS_TYPE_UINT, 4, "4294967295", 4294967295);
    assert_writes(fshdl, XEN_HYPFS_TYPE_INT, 1, "127", 127);
    assert_writes(fshdl, XEN_HYPFS_TYPE_INT, 1, "-128", (uint64_t)-128);
    assert_writes(fshdl, XEN_HYPFS_TYPE_INT, 2, "-32768", (uint64_t)-32768);
    assert_writes(fshdl, XEN_HYPFS_TYPE_INT, 4, "-2147483648", (uint64_t)INT32_MIN);
    assert_writes(fshdl, XEN_HYPFS_TYPE_INT, 8, "9223372036854775807", INT64_MAX);
    assert_writes(fshdl, XEN_HYPFS_TYPE_INT, 8, "-9223372036854775808", (uint64_t)INT64_MIN);
    xenhypfs_close(fshdl);
}

/* Upstream shifts by 64 bits to find the limit, and refuses nearly all. */
TEST(defect_64_bit_numbers_are_out_of_range)
{
    xenhypfs_handle *fshdl = fake_open();

    assert_writes(fshdl, XEN_HYPFS_TYPE_UINT, 8, "12", 12);
    assert_writes(fshdl, XEN_HYPFS_TYPE_UINT, 8, "5000000000", 5000000000);
    assert_writes(fshdl, XEN_HYPFS_TYPE_UINT, 8, "18446744073709551615", UINT64_MAX);
    xenhypfs_close(fshdl);
}

/* Upstream leaves errno as it finds it, so that the failure has no reason. */
TEST(defect_what_is_no_number_fails_without_errno)
{
    static const char *const texts[] = {"", " ", "x", "12x", "12 ", "0x", "-", "1.5", "0b1",
                                        "99999999999999999999999x"};
    xenhypfs_handle *fshdl = fake_open();

    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        for (size_t j = 0; j < COUNT_OF(texts); j++) {
            assert_refuses(fshdl, XEN_HYPFS_TYPE_UINT, sizes[i], texts[j], EINVAL);
            assert_refuses(fshdl, XEN_HYPFS_TYPE_INT, sizes[i], texts[j], EINVAL);
        }
    xenhypfs_close(fshdl);
}

TEST(numbers_too_large_are_ERANGE)
{
    xenhypfs_handle *fshdl = fake_open();

    assert_refuses(fshdl, XEN_HYPFS_TYPE_UINT, 1, "256", ERANGE);
    assert_refuses(fshdl, XEN_HYPFS_TYPE_UINT, 2, "65536", ERANGE);
    assert_refuses(fshdl, XEN_HYPFS_TYPE_UINT, 4, "4294967296", ERANGE);
    assert_refuses(fshdl, XEN_HYPFS_TYPE_UINT, 8, "18446744073709551616", ERANGE);
    assert_refuses(fshdl, XEN_HYPFS_TYPE_INT, 8, "9223372036854775808", ERANGE);
    assert_refuses(fshdl, XEN_HYPFS_TYPE_INT, 8, "-9223372036854775809", ERANGE);
    xenhypfs_close(fshdl);
}

/* Upstream cuts bits off: -129 becomes 127, and -1 the largest unsigned number. */
TEST(defect_numbers_out_of_range_become_others)
{
    xenhypfs_handle *fshdl = fake_open();

    assert_refuses(fshdl, XEN_HYPFS_TYPE_INT, 1, "-129", ERANGE);
    assert_refuses(fshdl, XEN_HYPFS_TYPE_INT, 1, "128", ERANGE);
    assert_refuses(fshdl, XEN_HYPFS_TYPE_INT, 2, "32768", ERANGE);
    assert_refuses(fshdl, XEN_HYPFS_TYPE_INT, 4, "2147483648", ERANGE);
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        assert_refuses(fshdl, XEN_HYPFS_TYPE_UINT, sizes[i], "-1", ERANGE);
    xenhypfs_close(fshdl);
}

TEST(words_for_switches_are_written)
{
    static const char *const words[][2] = {
        {"0", "1"}, {"off", "on"}, {"no", "yes"}, {"false", "true"}, {"disable", "enable"}};
    xenhypfs_handle *fshdl = fake_open();

    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        for (size_t j = 0; j < COUNT_OF(words); j++)
            for (unsigned value = 0; value < 2; value++)
                assert_writes(fshdl, XEN_HYPFS_TYPE_BOOL, sizes[i], words[j][value], value);
    xenhypfs_close(fshdl);
}

TEST(other_words_for_switches_are_EDOM)
{
    static const char *const words[] = {"", "2", "ON", "y", "00", "on ", "enabled"};
    xenhypfs_handle *fshdl = fake_open();

    for (size_t i = 0; i < COUNT_OF(words); i++)
        assert_refuses(fshdl, XEN_HYPFS_TYPE_BOOL, 1, words[i], EDOM);
    xenhypfs_close(fshdl);
}

TEST(what_xen_marks_read_only_is_EACCES_and_never_tried)
{
    static const uint8_t types[] = {XEN_HYPFS_TYPE_DIR, XEN_HYPFS_TYPE_BLOB,
                                    XEN_HYPFS_TYPE_STRING, XEN_HYPFS_TYPE_UINT};
    xenhypfs_handle *fshdl = fake_open();

    for (size_t i = 0; i < COUNT_OF(types); i++) {
        fake_add("/x", types[i], "1234", 4);
        assert_fails_with(xenhypfs_write(fshdl, "/x", "1"), -1, EACCES);
    }
    assert_int_equal(fake_writes, 0);
    xenhypfs_close(fshdl);
}

TEST(types_that_no_text_stands_for_are_EDOM)
{
    xenhypfs_handle *fshdl = fake_open();

    assert_refuses(fshdl, XEN_HYPFS_TYPE_BLOB, 4, "1", EDOM);
    assert_refuses(fshdl, XEN_HYPFS_TYPE_DIR, 4, "1", EDOM);
    assert_refuses(fshdl, XEN_HYPFS_TYPE_BOOL + 1, 4, "1", EDOM);
    fake_add_writable("/packed", XEN_HYPFS_TYPE_STRING, "1234", 4, 64)->encoding =
        XEN_HYPFS_ENC_GZIP;
    assert_fails_with(xenhypfs_write(fshdl, "/packed", "1"), -1, EDOM);
    assert_int_equal(fake_writes, 0);
    xenhypfs_close(fshdl);
}

/* Upstream writes as many bytes from a number of eight as the entry says it has. */
TEST(defect_numbers_of_odd_sizes_are_written)
{
    static const size_t odd[] = {0, 3, 5, 6, 7};
    xenhypfs_handle *fshdl = fake_open();

    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        fake_add_writable("/odd", XEN_HYPFS_TYPE_UINT, "aaaaaaaa", odd[i], 8);
        assert_fails_with(xenhypfs_write(fshdl, "/odd", "1"), -1, EDOM);
        fake_add_writable("/odd", XEN_HYPFS_TYPE_BOOL, "aaaaaaaa", odd[i], 8);
        assert_fails_with(xenhypfs_write(fshdl, "/odd", "1"), -1, EDOM);
    }
    assert_int_equal(fake_writes, 0);
    xenhypfs_close(fshdl);
}

TEST(xens_refusal_is_passed_on)
{
    static const int errnos[] = {EINVAL, EPERM, EBUSY, EDOM, ENOSPC};
    xenhypfs_handle *fshdl = fake_open();

    fake_add_writable("/s", XEN_HYPFS_TYPE_STRING, "old", 4, 8);
    for (size_t i = 0; i < COUNT_OF(errnos); i++) {
        fake_write_errno = errnos[i];
        assert_fails_with(xenhypfs_write(fshdl, "/s", "new"), -1, errnos[i]);
    }
    assert_string_equal((char *)fake_find("/s")->content, "old");
    xenhypfs_close(fshdl);
}

TEST(budget_a_write_is_two_system_calls)
{
    xenhypfs_handle *fshdl = fake_open();
    unsigned before;

    make("/value", XEN_HYPFS_TYPE_UINT, 4);
    assert_int_equal(xenhypfs_write(fshdl, "/value", "1"), 0);
    before = fakexen_count_all();
    assert_int_equal(xenhypfs_write(fshdl, "/value", "2"), 0);
    assert_int_equal(fakexen_count_all() - before, 2);
    xenhypfs_close(fshdl);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_string_is_written_with_its_NUL),
        cmocka_unit_test(a_string_that_does_not_fit_is_xens_ENOSPC),
        cmocka_unit_test(a_string_that_nothing_could_hold_is_ENOSPC_too),
        cmocka_unit_test(numbers_are_written_in_all_sizes_and_notations),
        cmocka_unit_test(the_largest_and_smallest_numbers_are_written),
        cmocka_unit_test(defect_64_bit_numbers_are_out_of_range),
        cmocka_unit_test(defect_what_is_no_number_fails_without_errno),
        cmocka_unit_test(numbers_too_large_are_ERANGE),
        cmocka_unit_test(defect_numbers_out_of_range_become_others),
        cmocka_unit_test(words_for_switches_are_written),
        cmocka_unit_test(other_words_for_switches_are_EDOM),
        cmocka_unit_test(what_xen_marks_read_only_is_EACCES_and_never_tried),
        cmocka_unit_test(types_that_no_text_stands_for_are_EDOM),
        cmocka_unit_test(defect_numbers_of_odd_sizes_are_written),
        cmocka_unit_test(xens_refusal_is_passed_on),
        cmocka_unit_test(budget_a_write_is_two_system_calls),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
