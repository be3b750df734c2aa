/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is asked of the heap, given back, and what happens when there is nothing. */
#include "fake_store.h"

#include <stdio.h>

#include "counted_heap.h"

enum { TOO_LONG_SECONDS = 20 };

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

static struct xs_handle *open_filtering(void)
{
    struct xs_handle *h = fake_store_open(XS_UNWATCH_FILTER, NULL);

    alarm(TOO_LONG_SECONDS);
    assert_true(xs_watch(h, "/x", "t"));
    return h;
}

/* Upstream frees the list's entry, but not the message in it. */
TEST(defect_unwatch_with_the_filter_leaks_events)
{
    struct xs_handle *h = open_filtering();
    unsigned int before = blocks;

    for (int i = 0; i < 10; i++)
        fake_event("/x/y", "t");
    assert_true(xs_mkdir(h, 0, "/y")); /* the events are in the queue by now */
    assert_true(blocks >= before + 10);
    assert_true(xs_unwatch(h, "/x", "t"));
    assert_int_equal(blocks, before);
    fake_store_close(h);
}

TEST(everything_is_given_back_by_close)
{
    unsigned int before;
    struct xs_handle *h;

    fake_store_start(NULL);
    before = blocks;
    h = xs_open(0);
    for (int i = 0; i < 10; i++) {
        assert_true(xs_mkdir(h, 0, "/y"));
        fake_event("/x/y", "t");
    }
    assert_true(xs_mkdir(h, 0, "/y"));
    xs_close(h);
    assert_int_equal(blocks, before);
    fake_store_close(NULL);
}

TEST(a_request_that_is_just_done_does_not_allocate)
{
    struct xs_handle *h = fake_store_open(0, NULL);
    unsigned int before = allocations;

    assert_true(xs_write(h, 0, "/x", "v", 1));
    assert_true(xs_mkdir(h, 0, "/x"));
    assert_true(xs_rm(h, 0, "/x"));
    assert_true(xs_watch(h, "/x", "t"));
    assert_true(xs_transaction_end(h, 1, false));
    assert_int_equal(allocations, before);
    fake_store_close(h);
}

TEST(a_read_allocates_its_result_and_nothing_else)
{
    static char value[1000];
    struct xs_handle *h = fake_store_open(0, NULL);
    unsigned int before = allocations;

    fake_answer(value, sizeof(value));
    free(xs_read(h, 0, "/x", NULL));
    assert_int_equal(allocations - before, 1);
    fake_store_close(h);
}

TEST(without_memory_a_read_is_ENOMEM_and_the_connection_goes_on)
{
    static char value[1000];
    struct xs_handle *h = fake_store_open(0, NULL);
    unsigned int before = blocks;

    fake_answer(value, sizeof(value));
    failures_left = 1;
    assert_fails_with(xs_read(h, 0, "/x", NULL), NULL, ENOMEM);
    fake_answer("short", 5);
    failures_left = 1;
    assert_fails_with(xs_read(h, 0, "/x", NULL), NULL, ENOMEM);
    assert_int_equal(failures_left, 0);
    assert_int_equal(blocks, before);
    assert_true(xs_mkdir(h, 0, "/y"));
    fake_store_close(h);
}

/* Upstream looks whether another string could be copied, and then uses none. */
TEST(defect_set_permissions_without_memory)
{
    struct xs_permissions perms[3] = {{0, XS_PERM_READ}, {1, XS_PERM_READ}, {2, XS_PERM_READ}};
    unsigned int after, before, sent;
    struct xs_handle *h = fake_store_open(0, NULL);
    bool done = false;

    before = blocks;
    sent = fake_requests();
    for (after = 0; !done && after < 20; after++) {
        failures_after = after;
        failures_left = 1;
        errno = 0;
        done = xs_set_permissions(h, 0, "/x", perms, 3);
        if (!done)
            assert_int_equal(errno, ENOMEM);
        assert_int_equal(blocks, before);
    }
    failures_left = failures_after = 0;
    assert_true(done);
    assert_true(after > 1);
    assert_int_equal(fake_requests(), sent + 1);
    assert_request_string(XS_SET_PERMS, 0, "/x\0r0\0r1\0r2");
    fake_store_close(h);
}

static void serve_parts(const struct fake_request *request)
{
    static char part[600] = "17";

    if (request->header.type == XS_DIRECTORY) {
        fake_reply_error(request, "E2BIG");
        return;
    }
    memset(part + 3, 'n', 500);
    part[503] = part[504] = '\0';
    fake_reply(request, part, strstr(request->payload + 3, "501") ? 505 : 504);
}

/* Upstream writes to what realloc gave, which is nothing. */
TEST(defect_a_directory_in_parts_without_memory)
{
    struct xs_handle *h = fake_store_open(0, serve_parts);
    unsigned int before = blocks, num, after;
    char **names = NULL;

    for (after = 0; !names && after < 30; after++) {
        failures_after = after;
        failures_left = 1;
        errno = 0;
        names = xs_directory(h, 0, "/x", &num);
        if (names)
            break;
        assert_int_equal(errno, ENOMEM);
        assert_int_equal(blocks, before);
    }
    failures_left = failures_after = 0;
    assert_true(after > 2);
    assert_non_null(names);
    assert_int_equal(num, 2);
    free(names);
    assert_int_equal(blocks, before);
    fake_store_close(h);
}

TEST(an_event_without_memory_is_not_lost_in_silence)
{
    struct xs_handle *h = open_filtering();

    fake_event("/x/y", "t");
    failures_left = 1;
    assert_fails_with(xs_read_watch(h, &(unsigned int){0}), NULL, ENOMEM);
    assert_fails_with(xs_check_watch(h), NULL, EBADF);
    assert_fails_with(xs_mkdir(h, 0, "/y"), false, EBADF);
    fake_store_close(h);
}

TEST(open_without_memory_is_ENOMEM)
{
    unsigned int before;

    fake_store_start(NULL);
    before = blocks;
    failures_left = 1;
    assert_fails_with(xs_open(0), NULL, ENOMEM);
    assert_int_equal(blocks, before);
    fake_store_close(NULL);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(defect_unwatch_with_the_filter_leaks_events),
        cmocka_unit_test(everything_is_given_back_by_close),
        cmocka_unit_test(a_request_that_is_just_done_does_not_allocate),
        cmocka_unit_test(a_read_allocates_its_result_and_nothing_else),
        cmocka_unit_test(without_memory_a_read_is_ENOMEM_and_the_connection_goes_on),
        cmocka_unit_test(defect_set_permissions_without_memory),
        cmocka_unit_test(defect_a_directory_in_parts_without_memory),
        cmocka_unit_test(an_event_without_memory_is_not_lost_in_silence),
        cmocka_unit_test(open_without_memory_is_ENOMEM),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
#endif
