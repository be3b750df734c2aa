/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Features, quotas and watches with a depth, of Xen 4.21 and 4.22; and xs_wait_watch(). */
#include "fake_store.h"

#include <time.h>

enum { GET_FEATURE = 23, SET_FEATURE = 24, GET_QUOTA = 25, SET_QUOTA = 26, TOO_LONG_SECONDS = 20 };

/* What the library sends behind such a request does not matter here. */
static struct xs_handle *open_quietly(fake_handler *handler)
{
    fake_leave_out(XS_GET_DOMAIN_PATH);
    return fake_store_open(0, handler);
}

TEST(features_are_asked_for_once)
{
    struct xs_handle *h = open_quietly(NULL);
    unsigned int features = 0;

    fake_answer_string("7");
    assert_true(xs_get_features_supported(h, &features));
    assert_request(GET_FEATURE, 0, "", 0);
    assert_int_equal(features, 7);
    fake_answer_string("1");
    assert_true(xs_get_features_supported(h, &features));
    assert_int_equal(features, 7);
    assert_int_equal(fake_requests(), 1);
    fake_store_close(h);
}

/* Upstream keeps the first answer for every handle of the process. */
TEST(defect_one_handles_features_are_taken_for_anothers)
{
    struct xs_handle *h = open_quietly(NULL);
    unsigned int features;

    fake_answer_string("7");
    assert_true(xs_get_features_supported(h, &features));
    fake_store_close(h);
    h = open_quietly(NULL);
    fake_answer_string("1");
    assert_true(xs_get_features_supported(h, &features));
    assert_int_equal(features, 1);
    fake_store_close(h);
}

TEST(a_failed_question_for_features_is_repeated)
{
    struct xs_handle *h = open_quietly(NULL);
    unsigned int features = 99;

    fake_answer_error("ENOSYS");
    assert_fails_with(xs_get_features_supported(h, &features), false, ENOSYS);
    fake_answer_string("seven");
    assert_fails_with(xs_get_features_supported(h, &features), false, EPROTO);
    assert_int_equal(features, 99);
    fake_answer_string("3");
    assert_true(xs_get_features_supported(h, &features));
    assert_int_equal(features, 3);
    fake_store_close(h);
}

static void do_not_answer_newer(const struct fake_request *request)
{
    if (request->header.type < GET_FEATURE)
        fake_reply_string(request, "OK");
}

/* As the oxenstored of Xen 4.17. Upstream waits for ever. */
TEST(defect_a_xenstored_that_does_not_answer_is_waited_for)
{
    struct xs_handle *h = open_quietly(do_not_answer_newer);
    unsigned int value;

    alarm(TOO_LONG_SECONDS);
    assert_fails_with(xs_get_features_supported(h, &value), false, ENOSYS);
    assert_fails_with(xs_set_features_domain(h, 5, 1), false, ENOSYS);
    assert_fails_with(xs_get_quota_names(h, &value), NULL, ENOSYS);
    assert_fails_with(xs_get_global_quota(h, "nodes", &value), false, ENOSYS);
    assert_fails_with(xs_watch_depth(h, "/x", "t", 1), false, EOPNOTSUPP);
    assert_true(xs_watch_try_depth(h, "/x", "t", 1));
    assert_true(xs_mkdir(h, 0, "/x"));
    fake_store_close(h);
}

static void hang_up(const struct fake_request *request)
{
    (void)request;
    fake_hang_up();
}

TEST(a_xenstored_that_goes_away_is_EBADF)
{
    struct xs_handle *h = open_quietly(hang_up);
    unsigned int value;

    assert_fails_with(xs_get_features_supported(h, &value), false, EBADF);
    assert_fails_with(xs_get_quota_names(h, &value), NULL, EBADF);
    fake_store_close(h);
}

TEST(features_of_a_domain_are_read_and_set)
{
    struct xs_handle *h = open_quietly(NULL);
    unsigned int features;

    fake_answer_string("3");
    assert_true(xs_get_features_domain(h, 5, &features));
    assert_request_string(GET_FEATURE, 0, "5");
    assert_int_equal(features, 3);
    fake_answer_string("OK");
    assert_true(xs_set_features_domain(h, 5, 1));
    assert_request_string(SET_FEATURE, 0, "5\0001");
    fake_store_close(h);
}

TEST(quota_names_are_words)
{
    struct xs_handle *h = open_quietly(NULL);
    const char **names;
    unsigned int num;

    fake_answer_string("nodes watches  transactions ");
    names = xs_get_quota_names(h, &num);
    assert_request(GET_QUOTA, 0, "", 0);
    assert_int_equal(num, 3);
    assert_string_equal(names[0], "nodes");
    assert_string_equal(names[1], "watches");
    assert_string_equal(names[2], "transactions");
    free(names);
    fake_answer_string("");
    names = xs_get_quota_names(h, &num);
    assert_non_null(names);
    assert_int_equal(num, 0);
    free(names);
    fake_answer_error("ENOSYS");
    assert_fails_with(xs_get_quota_names(h, &num), NULL, ENOSYS);
    fake_store_close(h);
}

TEST(quotas_are_read_and_set)
{
    struct xs_handle *h = open_quietly(NULL);
    unsigned int value = 99;

    fake_answer_string("1000");
    assert_true(xs_get_global_quota(h, "nodes", &value));
    assert_request_string(GET_QUOTA, 0, "nodes");
    assert_int_equal(value, 1000);
    assert_true(xs_get_domain_quota(h, 5, "nodes", &value));
    assert_request_string(GET_QUOTA, 0, "5\0nodes");
    fake_answer_string("OK");
    assert_true(xs_set_global_quota(h, "nodes", 7));
    assert_request_string(SET_QUOTA, 0, "nodes\0007");
    assert_true(xs_set_domain_quota(h, 5, "nodes", 7));
    assert_request_string(SET_QUOTA, 0, "5\0nodes\0007");
    assert_fails_with(xs_get_global_quota(h, "nodes", &value), false, EPROTO);
    fake_answer_error("EINVAL");
    assert_fails_with(xs_get_domain_quota(h, 5, "no", &value), false, EINVAL);
    assert_int_equal(value, 1000);
    fake_store_close(h);
}

static const char *features_word;

static void serve_features(const struct fake_request *request)
{
    if (request->header.type != GET_FEATURE)
        fake_reply_string(request, "OK");
    else if (features_word)
        fake_reply_string(request, features_word);
    else
        fake_reply_error(request, "ENOSYS");
}

static struct xs_handle *open_with_features(const char *word)
{
    features_word = word;
    return open_quietly(serve_features);
}

TEST(a_depth_is_sent_if_xenstored_knows_it)
{
    struct xs_handle *h = open_with_features("4");

    assert_true(xs_watch_depth(h, "/x", "t", 3));
    assert_request_string(XS_WATCH, 0, "/x\0t\0003");
    assert_true(xs_watch_try_depth(h, "/y", "t", 0));
    assert_request_string(XS_WATCH, 0, "/y\0t\0000");
    assert_int_equal(fake_requests(), 3);
    fake_store_close(h);
}

static void no_depth(const char *word)
{
    struct xs_handle *h = open_with_features(word);

    assert_fails_with(xs_watch_depth(h, "/x", "t", 3), false, EOPNOTSUPP);
    assert_true(xs_watch_try_depth(h, "/y", "t", 0));
    assert_request_string(XS_WATCH, 0, "/y\0t");
    fake_store_close(h);
}

TEST(without_the_feature_there_is_no_depth)
{
    no_depth("3");
}

TEST(an_older_xenstored_knows_no_depth)
{
    no_depth(NULL);
}

static int ms_since(struct timespec start)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int)((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000);
}

TEST(wait_watch_ends_in_time)
{
    struct xs_handle *h = open_quietly(NULL);
    struct timespec start;

    clock_gettime(CLOCK_MONOTONIC, &start);
    assert_fails_with(xs_wait_watch(h, 0), NULL, ETIMEDOUT);
    assert_fails_with(xs_wait_watch(h, 50), NULL, ETIMEDOUT);
    assert_true(ms_since(start) >= 50);
    assert_true(ms_since(start) < 5000);
    fake_store_close(h);
}

TEST(wait_watch_gives_an_event)
{
    struct xs_handle *h = open_quietly(NULL);

    for (int timeout_ms = -1; timeout_ms < 20000; timeout_ms += 20000) {
        char **event;

        fake_event("/x", "t");
        event = xs_wait_watch(h, timeout_ms);
        assert_non_null(event);
        assert_string_equal(event[XS_WATCH_TOKEN], "t");
        free(event);
    }
    fake_hang_up();
    assert_fails_with(xs_wait_watch(h, 20000), NULL, EBADF);
    assert_fails_with(xs_wait_watch(h, 0), NULL, EBADF);
    fake_store_close(h);
}

/* As special watches with a depth have it: see xs_watch_depth(). */
TEST(an_event_of_three_strings_is_three_strings)
{
    struct xs_handle *h = open_quietly(NULL);
    unsigned int num;
    char **event;

    fake_message(XS_WATCH_EVENT, 0, 6, "/x\0t\0005", 7);
    fake_hang_up();
    assert_fails_with(xs_read_watch(h, &num), NULL, EPROTO); /* the last has no end */
    fake_store_close(h);
    h = open_quietly(NULL);
    fake_message(XS_WATCH_EVENT, 0, 7, "/x\0t\0005", 7);
    event = xs_read_watch(h, &num);
    assert_non_null(event);
    assert_int_equal(num, 3);
    assert_string_equal(event[2], "5");
    free(event);
    fake_store_close(h);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_are_asked_for_once),
        cmocka_unit_test(defect_one_handles_features_are_taken_for_anothers),
        cmocka_unit_test(a_failed_question_for_features_is_repeated),
        cmocka_unit_test(defect_a_xenstored_that_does_not_answer_is_waited_for),
        cmocka_unit_test(a_xenstored_that_goes_away_is_EBADF),
        cmocka_unit_test(features_of_a_domain_are_read_and_set),
        cmocka_unit_test(quota_names_are_words),
        cmocka_unit_test(quotas_are_read_and_set),
        cmocka_unit_test(a_depth_is_sent_if_xenstored_knows_it),
        cmocka_unit_test(without_the_feature_there_is_no_depth),
        cmocka_unit_test(an_older_xenstored_knows_no_depth),
        cmocka_unit_test(wait_watch_ends_in_time),
        cmocka_unit_test(wait_watch_gives_an_event),
        cmocka_unit_test(an_event_of_three_strings_is_three_strings),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
