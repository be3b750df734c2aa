/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libxenguest of up to 4.17 asks of its libxenctrl for bits. */
#include "word_bitmap.h"

#include <string.h>

#include "harness.h"

TEST(bits_keep_their_numbers_in_bytes_and_words)
{
    uint64_t words[2] = {0x0123456789abcdef, 0x3};
    uint8_t bytes[10];

    memset(bytes, 0xff, sizeof(bytes));
    bitmap_64_to_byte(bytes, words, 66);
    assert_memory_equal(bytes, "\xef\xcd\xab\x89\x67\x45\x23\x01\x03\xff", 10);
    memset(words, 0xff, sizeof(words));
    bitmap_byte_to_64(words, bytes, 66);
    assert_true(words[0] == 0x0123456789abcdef && words[1] == 3);
    memset(words, 0xff, sizeof(words));
    bitmap_byte_to_64(words, bytes, 64);
    assert_true(words[1] == UINT64_MAX);
    bitmap_64_to_byte(bytes, words, 0);
    assert_int_equal(bytes[0], 0xef);
}

TEST(the_lowest_bit_counts_from_one)
{
    assert_int_equal(xc_ffs8(0), 0);
    assert_int_equal(xc_ffs8(0x88), 4);
    assert_int_equal(xc_ffs16(0x8000), 16);
    assert_int_equal(xc_ffs32(0x80000000), 32);
    assert_int_equal(xc_ffs64(1ull << 63), 64);
    assert_int_equal(xc_ffs64(0), 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_keep_their_numbers_in_bytes_and_words),
        cmocka_unit_test(the_lowest_bit_counts_from_one),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
