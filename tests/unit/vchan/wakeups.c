/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * No event is lost between ours and upstream's, wherever our end is stopped: this
 * program has our library's sources within, with the fuzzers' shared_memory.h, and
 * stops for a moment before many an access to the shared page. The rings are the
 * smallest, so that both ends sleep at almost every step. Ours believes itself in dom0,
 * where it has no timer that would heal a lost event: one is enough to stop both ends.
 */
#include <sched.h>

#include "upstream_end.h"

enum { TOTAL_BYTES = 4000000, QUESTIONS = 5000, LONGEST_PAUSE_US = 60, LATEST_ANSWER_US = 200 };

void peer_meddles(const void *where);

void peer_meddles(const void *where)
{
    static __thread unsigned seed;

    if (!seed)
        seed = (unsigned)(uintptr_t)&seed ^ (unsigned)(uintptr_t)where;
    switch (rand_r(&seed) >> 8 & 15) {
    case 0:
        usleep((unsigned)rand_r(&seed) % LONGEST_PAUSE_US);
        break;
    case 1:
    case 2:
        sched_yield();
        break;
    default:
        break;
    }
}

/* In dom0, where the store reports what ends, ours has no timer that would heal a lost event. */
static struct ends open_ends_without_ticks(int we_serve)
{
    struct xenvchan_options options = {.size = sizeof(options), .read_min = 1024,
                                       .write_min = 2048};
    struct ends ends;

    load_upstream();
    fakedomains_start();
    fakestore_set_domid(we_serve ? 0 : CLIENT_DOMID);
    if (we_serve)
        ends.ours = xenvchan_server_open(CLIENT_DOMID, PATH, &options);
    else
        ends.upstream = theirs.server_init(NULL, 0, PATH, 1024, 2048);
    fakestore_set_domid(we_serve ? CLIENT_DOMID : 0);
    if (we_serve)
        ends.upstream = theirs.client_init(NULL, 0, PATH);
    else
        ends.ours = xenvchan_client_open(CLIENT_DOMID, PATH, NULL);
    assert_non_null(ends.ours);
    assert_non_null(ends.upstream);
    set_their_blocking(ends.upstream, 1);
    return ends;
}

/* An answer comes before, while or after the other end goes to sleep. */
static void *answer_sometime(void *upstream)
{
    unsigned seed = 5;
    char byte;

    for (int i = 0; i < QUESTIONS; i++) {
        if (theirs.read(upstream, &byte, 1) != 1)
            return "upstream heard nothing";
        usleep((unsigned)rand_r(&seed) % LATEST_ANSWER_US);
        if (theirs.write(upstream, &byte, 1) != 1)
            return "upstream cannot answer";
    }
    return NULL;
}

/* Without the looks that a blocking end spends before it sleeps. */
static char read_byte(xenvchan *ours)
{
    char byte = 0;

    while (xenvchan_read(ours, &byte, 1) != 1) {
        assert_int_equal(errno, EAGAIN);
        assert_int_equal(xenvchan_wait(ours, -1), 1);
    }
    return byte;
}

/* One question under way at a time: nothing else wakes whom its answer did not. */
static void ask_and_answer(int we_serve)
{
    struct ends ends = open_ends_without_ticks(we_serve);
    pthread_t echo;
    void *complaint;
    char byte;

    xenvchan_set_blocking(ends.ours, 0);
    pthread_create(&echo, NULL, answer_sometime, ends.upstream);
    for (int i = 0; i < QUESTIONS; i++) {
        byte = (char)byte_at((size_t)i);
        assert_int_equal(xenvchan_write(ends.ours, &byte, 1), 1);
        assert_int_equal(read_byte(ends.ours), byte);
    }
    pthread_join(echo, &complaint);
    assert_null(complaint);
    xenvchan_close(ends.ours);
    theirs.close(ends.upstream);
    fakedomains_stop();
}

TEST(a_question_to_upstreams_client_is_answered)
{
    ask_and_answer(1);
}

TEST(a_question_to_upstreams_server_is_answered)
{
    ask_and_answer(0);
}

TEST(our_server_and_upstreams_client_lose_no_event)
{
    talk_through(open_ends_without_ticks(1), TOTAL_BYTES);
}

TEST(our_client_and_upstreams_server_lose_no_event)
{
    talk_through(open_ends_without_ticks(0), TOTAL_BYTES);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_to_upstreams_client_is_answered),
        cmocka_unit_test(a_question_to_upstreams_server_is_answered),
        cmocka_unit_test(our_server_and_upstreams_client_lose_no_event),
        cmocka_unit_test(our_client_and_upstreams_server_lose_no_event),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
