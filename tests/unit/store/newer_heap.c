/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The heap, for the functions that Debian 12's library does not have. */
#include "fake_store.h"

#include "counted_heap.h"

#ifdef HEAP_IS_SANITIZED
TEST(allocations_are_counted_and_made_to_fail)
{
    skip_because("the heap belongs to the sanitizer");
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocations_are_counted_and_made_to_fail),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
#else

/* Upstream leaks the reply, and does not look at what malloc gave. */
TEST(defect_quota_names_leak_the_reply)
{
    struct xs_handle *h = fake_store_open(0, NULL);
    unsigned int before = blocks, num, after;
    const char **names = NULL;

    fake_answer_string("nodes watches transactions node-size permissions");
    for (after = 0; !names && after < 10; after++) {
        failures_after = after;
        failures_left = 1;
        errno = 0;
        names = xs_get_quota_names(h, &num);
        if (!names) {
            assert_int_equal(errno, ENOMEM);
            assert_int_equal(blocks, before);
        }
    }
    failures_left = failures_after = 0;
    assert_true(after > 2);
    assert_int_equal(num, 5);
    free(names);
    assert_int_equal(blocks, before);
    fake_store_close(h);
}

TEST(read_many_gives_everything_back)
{
    static struct xs_read_key keys[100];
    struct xs_handle *h = fake_store_open(0, NULL);
    unsigned int before = blocks, read;

    fake_answer_string("a value that has a block of its own");
    for (unsigned int i = 0; i < 100; i++)
        keys[i].path = "/x";
    failures_left = 1;
    assert_fails_with(xs_read_many(h, 0, keys, 100), -1, ENOMEM);
    failures_after = 50;
    failures_left = 1;
    read = (unsigned int)xs_read_many(h, 0, keys, 100);
    assert_int_equal(read, 99);
    assert_int_equal(blocks, before + read);
    for (unsigned int i = 0; i < 100; i++) {
        assert_int_equal(keys[i].error, keys[i].value ? 0 : ENOMEM);
        free(keys[i].value);
    }
    assert_int_equal(blocks, before);
    fake_store_close(h);
}

TEST(what_is_submitted_is_given_back_however_it_ends)
{
    unsigned int before, num;
    struct xs_handle *h;
    xs_request_t ids[5];

    fake_store_start(NULL);
    before = blocks;
    h = xs_open(0);
    fake_answer_string("a value that has a block of its own");
    for (unsigned int i = 0; i < 5; i++)
        ids[i] = xs_submit_directory(h, 0, "/x");
    free(xs_collect(h, ids[0], -1, NULL));
    free(xs_collect_directory(h, ids[1], -1, &num));
    assert_true(xs_forget(h, ids[2]));
    failures_left = 1;
    assert_fails_with(xs_submit_read(h, 0, "/x"), 0, ENOMEM);
    xs_mkdir(h, 0, "/x");
    failures_left = 1;
    assert_fails_with(xs_collect_directory(h, ids[3], -1, &num), NULL, ENOMEM);
    xs_close(h); /* with one that was not collected */
    assert_int_equal(blocks, before);
    fake_store_close(NULL);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(defect_quota_names_leak_the_reply),
        cmocka_unit_test(read_many_gives_everything_back),
        cmocka_unit_test(what_is_submitted_is_given_back_however_it_ends),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
#endif
