/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The helpers that programs of Xen 4.14 find in libxenstore.so.3.0. Those up to the
 * refusals pass with Debian 11's library, too (LD_LIBRARY_PATH).
 */
#include "helpers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "counted_heap.h"
#include "harness.h"

/* ---- buffers ---- */

TEST(a_buffer_grows_and_keeps_its_bytes)
{
    struct expanding_buffer buffer = {0};
    char *bytes = expanding_buffer_ensure(&buffer, 4);

    assert_non_null(bytes);
    assert_true(buffer.avail >= 4);
    memcpy(bytes, "abc", 4);
    for (int size = 5; size < 100000; size = size * 3 + 1) {
        bytes = expanding_buffer_ensure(&buffer, size);
        assert_non_null(bytes);
        assert_ptr_equal(bytes, buffer.buf);
        assert_true(buffer.avail >= size);
        bytes[size - 1] = 'z';
        assert_string_equal(bytes, "abc");
    }
    free(buffer.buf);
}

TEST(a_buffer_that_suffices_stays_as_it_is)
{
    struct expanding_buffer buffer = {0};
    char *bytes = expanding_buffer_ensure(&buffer, 100);
    int avail = buffer.avail;

    assert_ptr_equal(expanding_buffer_ensure(&buffer, avail), bytes);
    assert_ptr_equal(expanding_buffer_ensure(&buffer, 1), bytes);
    assert_ptr_equal(expanding_buffer_ensure(&buffer, 0), bytes);
    assert_ptr_equal(expanding_buffer_ensure(&buffer, -1), bytes);
    assert_int_equal(buffer.avail, avail);
    free(buffer.buf);
}

/* ---- values ---- */

static void assert_shown(const char *value, unsigned int len, const char *text)
{
    struct expanding_buffer buffer = {0};

    assert_string_equal(sanitise_value(&buffer, value, len), text);
    assert_true(buffer.avail > (int)strlen(text));
    free(buffer.buf);
}

TEST(printable_values_are_shown_as_they_are)
{
    assert_shown("", 0, "");
    assert_shown("one \"two\" ~", 11, "one \"two\" ~");
    assert_shown("a longer one that is cut", 8, "a longer");
}

TEST(all_else_is_escaped)
{
    assert_shown("\t\n\r\\", 4, "\\t\\n\\r\\\\");
    assert_shown("\0\1\7", 3, "\\000\\001\\007");
    assert_shown("\x08\x0b\x1f\x7f\x80\xff", 6, "\\x08\\x0b\\x1f\\x7f\\x80\\xff");
    assert_shown("a\0b", 3, "a\\000b");
}

static void assert_round_trip(const char *value, unsigned int len)
{
    struct expanding_buffer buffer = {0};
    char *text = sanitise_value(&buffer, value, len);
    unsigned int got = 0;
    char *out;

    assert_non_null(text);
    out = malloc(strlen(text) + 1);
    unsanitise_value(out, &got, text);
    assert_int_equal(got, len);
    assert_memory_equal(out, value, len);
    assert_int_equal(out[len], 0);
    free(out);
    free(buffer.buf);
}

TEST(every_byte_comes_back)
{
    for (unsigned int i = 0; i < 256; i++) {
        char byte = (char)i;

        assert_round_trip(&byte, 1);
    }
}

/* What follows an escape must not be taken for a part of it. */
TEST(every_two_bytes_come_back)
{
    for (unsigned int i = 0; i < 65536; i++) {
        char bytes[2] = {(char)(i >> 8), (char)i};

        assert_round_trip(bytes, 2);
    }
}

static void assert_means(const char *text, const char *value, unsigned int len)
{
    unsigned int got = 77;
    char out[32];

    memset(out, '#', sizeof(out));
    unsanitise_value(out, &got, text);
    assert_int_equal(got, len);
    assert_memory_equal(out, value, len + 1);
    assert_true(out[strlen(text) + 1] == '#');
}

TEST(texts_that_people_write_are_understood)
{
    assert_means("", "", 0);
    assert_means("plain", "plain", 5);
    assert_means("\\1\\12\\1234", "\1\n\1234", 4);
    assert_means("\\18", "\0018", 2);
    assert_means("\\777", "\xff", 1);
    assert_means("\\x5\\x123", "\x05\x12" "3", 3);
    assert_means("\\xAf", "\xaf", 1);
    assert_means("\\q\\\"\\8\\X41", "q\"8X41", 6);
}

TEST(a_text_that_breaks_off_is_no_overrun)
{
    assert_means("\\", "\0", 1);
    assert_means("a\\", "a\0", 2);
    assert_means("\\x", "x", 1);
    assert_means("\\xg", "xg", 2);
    assert_means("\\7", "\7", 1);
}

TEST(a_text_may_be_turned_in_its_place)
{
    char text[] = "a\\x41\\n\\\\\\0001";

    unsanitise_value(text, NULL, text);
    assert_memory_equal(text, "aA\n\\\0001", 7);
}

/* ---- lists and permissions ---- */

TEST(strings_are_counted_by_their_ends)
{
    assert_int_equal(xs_count_strings("", 0), 0);
    assert_int_equal(xs_count_strings("a\0bc\0", 5), 2);
    assert_int_equal(xs_count_strings("a\0bc", 4), 1);
    assert_int_equal(xs_count_strings("\0\0", 2), 2);
}

static void assert_written(unsigned int id, unsigned int perms, const char *text)
{
    struct xs_permissions permission = {.id = id, .perms = perms};
    char buffer[1 + MAX_STRLEN(id)];

    assert_true(xs_perm_to_string(&permission, buffer, sizeof(buffer)));
    assert_string_equal(buffer, text);
}

TEST(permissions_are_written_as_strings)
{
    assert_written(0, XS_PERM_NONE, "n0");
    assert_written(5, XS_PERM_READ, "r5");
    assert_written(7001, XS_PERM_WRITE, "w7001");
    assert_written(2147483647, XS_PERM_READ | XS_PERM_WRITE, "b2147483647");
    assert_written(4294967295, XS_PERM_READ, "r-1");
    assert_written(6, XS_PERM_WRITE | XS_PERM_IGNORE, "w6");
}

TEST(permissions_come_back_through_todays_library)
{
    for (unsigned int perms = 0; perms < 4; perms++) {
        struct xs_permissions permission = {.id = 7000 + perms, .perms = perms}, read;
        char buffer[40];

        assert_true(xs_perm_to_string(&permission, buffer, sizeof(buffer)));
        assert_true(xs_strings_to_perms(&read, 1, buffer));
        assert_int_equal(read.id, permission.id);
        assert_int_equal(read.perms, perms);
    }
}

TEST(permissions_with_other_bits_are_EINVAL)
{
    struct xs_permissions permission = {.id = 5};
    char buffer[40];

    permission.perms = XS_PERM_READ | XS_PERM_OWNER;
    assert_fails_with(xs_perm_to_string(&permission, buffer, sizeof(buffer)), false, EINVAL);
    permission.perms = XS_PERM_ENOENT_OK;
    assert_fails_with(xs_perm_to_string(&permission, buffer, sizeof(buffer)), false, EINVAL);
}

/* ---- places ---- */

TEST(the_database_is_where_the_environment_says)
{
    unsetenv("XENSTORED_ROOTDIR");
    assert_string_equal(xs_daemon_rootdir(), "/var/lib/xenstored");
    assert_string_equal(xs_daemon_tdb(), "/var/lib/xenstored/tdb");
    setenv("XENSTORED_ROOTDIR", "/x", 1);
    assert_string_equal(xs_daemon_rootdir(), "/x");
    assert_string_equal(xs_daemon_tdb(), "/x/tdb");
}

TEST(the_device_is_where_the_environment_says_or_the_kernel_has_it)
{
    bool is_new = access("/dev/xen/xenbus", F_OK) == 0;

    unsetenv("XENSTORED_PATH");
    assert_string_equal(xs_domain_dev(), is_new ? "/dev/xen/xenbus" : "/proc/xen/xenbus");
    setenv("XENSTORED_PATH", "/y", 1);
    assert_string_equal(xs_domain_dev(), "/y");
}

/* ---- refusals: upstream's library aborts, cuts what it returns, or sets no errno ---- */

TEST(a_buffer_of_a_third_of_INT_MAX_is_E2BIG)
{
    struct expanding_buffer buffer = {0};
    char *bytes = expanding_buffer_ensure(&buffer, 10);
    int avail = buffer.avail;

    assert_fails_with(expanding_buffer_ensure(&buffer, INT_MAX / 3), NULL, E2BIG);
    assert_fails_with(expanding_buffer_ensure(&buffer, INT_MAX), NULL, E2BIG);
    assert_ptr_equal(buffer.buf, bytes);
    assert_int_equal(buffer.avail, avail);
    free(buffer.buf);
}

TEST(a_value_whose_text_would_be_too_long_is_E2BIG)
{
    enum { LEN = INT_MAX / 12 + 4096 };
    struct expanding_buffer buffer = {0};
    char *value = calloc(1, LEN); /* four characters for each byte */

    assert_non_null(value);
    assert_fails_with(sanitise_value(&buffer, value, LEN), NULL, E2BIG);
    assert_null(buffer.buf);
    free(value);
}

TEST(a_permission_that_does_not_fit_is_ENOSPC_and_not_cut)
{
    struct xs_permissions permission = {.id = 12345, .perms = XS_PERM_READ};
    char buffer[] = "#######";

    assert_fails_with(xs_perm_to_string(&permission, buffer, 6), false, ENOSPC);
    assert_fails_with(xs_perm_to_string(&permission, buffer, 0), false, ENOSPC);
    assert_string_equal(buffer, "#######");
    assert_true(xs_perm_to_string(&permission, buffer, 7));
    assert_string_equal(buffer, "r12345");
}

TEST(a_database_path_that_is_too_long_is_ENAMETOOLONG)
{
    static char directory[PATH_MAX];

    memset(directory, 'd', sizeof(directory) - 1);
    setenv("XENSTORED_ROOTDIR", directory, 1);
    assert_fails_with(xs_daemon_tdb(), NULL, ENAMETOOLONG);
}

TEST(without_memory_the_buffer_stays_as_it_is)
{
#ifdef HEAP_IS_SANITIZED
    skip_because("the heap belongs to the sanitizer");
#else
    static const char value[500];
    struct expanding_buffer buffer = {0};
    char *bytes = sanitise_value(&buffer, "abc", 3);
    int avail = buffer.avail;

    failures_left = 1;
    assert_fails_with(expanding_buffer_ensure(&buffer, 1000), NULL, ENOMEM);
    failures_left = 1;
    assert_fails_with(sanitise_value(&buffer, value, sizeof(value)), NULL, ENOMEM);
    assert_ptr_equal(buffer.buf, bytes);
    assert_int_equal(buffer.avail, avail);
    assert_string_equal(bytes, "abc");
    free(buffer.buf);
#endif
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buffer_grows_and_keeps_its_bytes),
        cmocka_unit_test(a_buffer_that_suffices_stays_as_it_is),
        cmocka_unit_test(printable_values_are_shown_as_they_are),
        cmocka_unit_test(all_else_is_escaped),
        cmocka_unit_test(every_byte_comes_back),
        cmocka_unit_test(every_two_bytes_come_back),
        cmocka_unit_test(texts_that_people_write_are_understood),
        cmocka_unit_test(a_text_that_breaks_off_is_no_overrun),
        cmocka_unit_test(a_text_may_be_turned_in_its_place),
        cmocka_unit_test(strings_are_counted_by_their_ends),
        cmocka_unit_test(permissions_are_written_as_strings),
        cmocka_unit_test(permissions_come_back_through_todays_library),
        cmocka_unit_test(permissions_with_other_bits_are_EINVAL),
        cmocka_unit_test(the_database_is_where_the_environment_says),
        cmocka_unit_test(the_device_is_where_the_environment_says_or_the_kernel_has_it),
        cmocka_unit_test(a_buffer_of_a_third_of_INT_MAX_is_E2BIG),
        cmocka_unit_test(a_value_whose_text_would_be_too_long_is_E2BIG),
        cmocka_unit_test(a_permission_that_does_not_fit_is_ENOSPC_and_not_cut),
        cmocka_unit_test(a_database_path_that_is_too_long_is_ENAMETOOLONG),
        cmocka_unit_test(without_memory_the_buffer_stays_as_it_is),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
