/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Contents that Xen keeps compressed, as it does its own configuration. */
#include "fake_hypfs.h"
#include "packed.h"

enum { MOST = 16 << 20 };

static void add_packed_bytes(const void *packed, size_t size)
{
    fake_add("/config", XEN_HYPFS_TYPE_STRING, packed, size)->encoding = XEN_HYPFS_ENC_GZIP;
}

static void add_packed(const void *text, size_t size)
{
    size_t packed_size;
    void *packed = pack(text, size, &packed_size);

    add_packed_bytes(packed, packed_size);
    free(packed);
}

static void assert_unpacks(xenhypfs_handle *fshdl, char *text, size_t size)
{
    char *read;

    add_packed(text, size);
    errno = EXDEV;
    read = xenhypfs_read(fshdl, "/config");
    assert_non_null(read);
    assert_int_equal(errno, EXDEV);
    assert_memory_equal(read, text, size);
    assert_int_equal(read[size], '\0');
    free(read);
}

static char *make_text(size_t size)
{
    char *text = malloc(size + 1);
    unsigned seed = 1;

    assert_non_null(text);
    for (size_t i = 0; i < size; i++)
        text[i] = (char)('a' + rand_r(&seed) % 26);
    return text;
}

/* Also where the text just fills the room that was made for it. */
TEST(texts_of_all_sizes_are_inflated)
{
    static const size_t sizes[] = {0, 1, 1000, 16383, 16384, 16385, 32767, 32768, 32769,
                                   65536, 1000000};
    xenhypfs_handle *fshdl = fake_open();
    char *text = make_text(1000000);

    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        assert_unpacks(fshdl, text, sizes[i]);
    free(text);
    xenhypfs_close(fshdl);
}

TEST(raw_content_stays_compressed)
{
    xenhypfs_handle *fshdl = fake_open();
    struct xenhypfs_dirent *dirent;
    void *content;

    add_packed("some text", 9);
    content = xenhypfs_read_raw(fshdl, "/config", &dirent);
    assert_non_null(content);
    assert_int_equal(dirent->encoding, xenhypfs_enc_gzip);
    assert_memory_equal(content, "\x1f\x8b", 2);
    free(content);
    free(dirent);
    xenhypfs_close(fshdl);
}

TEST(what_is_cut_short_is_EIO)
{
    xenhypfs_handle *fshdl = fake_open();
    size_t size;
    char *packed = pack("some text or other", 18, &size);

    for (size_t shorter = 0; shorter < size; shorter++) {
        add_packed_bytes(packed, shorter);
        assert_fails_with(xenhypfs_read(fshdl, "/config"), NULL, EIO);
    }
    free(packed);
    xenhypfs_close(fshdl);
}

TEST(what_is_damaged_is_EIO)
{
    xenhypfs_handle *fshdl = fake_open();
    size_t size;
    char *packed = pack("some text or other", 18, &size);

    for (size_t at = 10; at < size; at++) { /* past the header, which says little */
        packed[at] ^= 0x15;
        add_packed_bytes(packed, size);
        assert_fails_with(xenhypfs_read(fshdl, "/config"), NULL, EIO);
        packed[at] ^= 0x15;
    }
    add_packed_bytes("no gzip at all, just text", 25);
    assert_fails_with(xenhypfs_read(fshdl, "/config"), NULL, EIO);
    free(packed);
    xenhypfs_close(fshdl);
}

/* A bomb: a few KiB that would fill the memory. */
TEST(what_inflates_beyond_16_MiB_is_EFBIG)
{
    static const size_t beyond[] = {MOST + 1, MOST + 2, 5 * MOST};
    xenhypfs_handle *fshdl = fake_open();
    char *zeroes = calloc(1, 5 * MOST);

    assert_non_null(zeroes);
    for (size_t i = 0; i < COUNT_OF(beyond); i++) {
        add_packed(zeroes, beyond[i]);
        assert_fails_with(xenhypfs_read(fshdl, "/config"), NULL, EFBIG);
    }
    assert_unpacks(fshdl, zeroes, MOST);
    assert_unpacks(fshdl, zeroes, MOST - 1);
    free(zeroes);
    xenhypfs_close(fshdl);
}

TEST(bytes_after_the_end_do_not_matter)
{
    xenhypfs_handle *fshdl = fake_open();
    size_t size;
    char *packed = pack("text", 4, &size), *longer = calloc(1, size + 8), *text;

    assert_non_null(longer);
    memcpy(longer, packed, size);
    add_packed_bytes(longer, size + 8);
    text = xenhypfs_read(fshdl, "/config");
    assert_non_null(text);
    assert_string_equal(text, "text");
    free(text);
    free(longer);
    free(packed);
    xenhypfs_close(fshdl);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_all_sizes_are_inflated),
        cmocka_unit_test(raw_content_stays_compressed),
        cmocka_unit_test(what_is_cut_short_is_EIO),
        cmocka_unit_test(what_is_damaged_is_EIO),
        cmocka_unit_test(what_inflates_beyond_16_MiB_is_EFBIG),
        cmocka_unit_test(bytes_after_the_end_do_not_matter),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
