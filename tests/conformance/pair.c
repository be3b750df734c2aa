/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Events and grants between two domains. The test runs in dom0 and tells an agent
 * in each of the two what to do: A listens and shares, B calls and maps.
 */
#include <string.h>
#include <unistd.h>

#include "conformance.h"
#include "peer.h"

enum { ROUNDS = 1000, SOME = 4, MANY = 1024, STRANGER = 7777, OFFSET = 4095 };

struct pair {
    struct peer *a, *b;
    long port_a, port_b; /* the two ends of an event channel */
};

static struct pair pair_open(void)
{
    return (struct pair){.a = peer_open("XENLIBS_AGENT_A"), .b = peer_open("XENLIBS_AGENT_B")};
}

static struct pair pair_with_channel(void)
{
    struct pair pair = pair_open();

    pair.port_a = ask(pair.a, "unbound %u", pair.b->domid);
    pair.port_b = ask(pair.b, "interdomain %u %ld", pair.a->domid, pair.port_a);
    expect_peer_event(pair.b, pair.port_b);
    return pair;
}

static void pair_close(struct pair *pair)
{
    peer_close(pair->b);
    peer_close(pair->a);
}

/* Asks B to map the refs that A's last answer names. */
static long map_shared(struct pair *pair, bool writable)
{
    char refs[AGENT_LINE];
    size_t length = 0;

    assert_true(pair->a->count >= 2);
    for (int i = 1; i < pair->a->count; i++)
        length += (size_t)snprintf(refs + length, sizeof(refs) - length, " %ld",
                                   pair->a->numbers[i]);
    return ask(pair->b, "map %u %d%s", pair->a->domid, writable, refs);
}

/* A peer whose pages are all its own again can share them all. */
static void expect_nothing_shared(const char *variable)
{
    struct peer *peer = peer_open(variable);
    const char *result = "never asked";

    for (int tries = 0; tries < 50; tries++) {
        result = ask_errno(peer, "share %u %d 1", STRANGER, MANY);
        if (strcmp(result, "ok") == 0)
            break;
        usleep(100000);
    }
    assert_string_equal(result, "ok");
    assert_int_equal(peer->count, MANY + 1);
    ask(peer, "unshare %ld", peer->numbers[0]);
    peer_close(peer);
}

TEST(events_go_both_ways)
{
    struct pair pair = pair_with_channel();

    expect_peer_silence(pair.a);
    ask(pair.b, "notify %ld", pair.port_b);
    expect_peer_event(pair.a, pair.port_a);
    ask(pair.a, "notify %ld", pair.port_a);
    expect_peer_event(pair.b, pair.port_b);
    expect_peer_silence(pair.a);
    expect_peer_silence(pair.b);
    pair_close(&pair);
}

TEST(a_thousand_rounds_of_ping_pong)
{
    struct pair pair = pair_with_channel();

    tell(pair.a, "play %ld %d 0", pair.port_a, ROUNDS);
    tell(pair.b, "play %ld %d 1", pair.port_b, ROUNDS);
    assert_int_equal(hear(pair.b), ROUNDS);
    assert_int_equal(hear(pair.a), ROUNDS);
    pair_close(&pair);
}

TEST(only_the_named_domain_may_bind)
{
    struct pair pair = pair_open();

    pair.port_a = ask(pair.a, "unbound %u", STRANGER);
    observe("errno", "%s",
            ask_errno(pair.b, "interdomain %u %ld", pair.a->domid, pair.port_a));
    observe("no-such-port", "%s", ask_errno(pair.b, "interdomain %u 100000", pair.a->domid));
    pair_close(&pair);
}

TEST(a_channel_whose_peer_died_can_be_bound_again)
{
    struct pair pair = pair_with_channel();

    peer_kill(pair.b);
    pair.b = peer_open("XENLIBS_AGENT_B");
    ask(pair.a, "notify %ld", pair.port_a);
    pair.port_b = ask(pair.b, "interdomain %u %ld", pair.a->domid, pair.port_a);
    expect_peer_event(pair.b, pair.port_b);
    ask(pair.b, "notify %ld", pair.port_b);
    expect_peer_event(pair.a, pair.port_a);
    pair_close(&pair);
}

TEST(shared_pages_are_one_memory)
{
    struct pair pair = pair_open();
    long shared = ask(pair.a, "share %u %d 1", pair.b->domid, SOME), mapped;

    mapped = map_shared(&pair, true);
    ask(pair.a, "fill %ld 1", shared);
    assert_int_equal(ask(pair.b, "differ %ld 1", mapped), 0);
    ask(pair.b, "fill %ld 2", mapped);
    assert_int_equal(ask(pair.a, "differ %ld 2", shared), 0);
    ask(pair.b, "unmap %ld", mapped);
    ask(pair.a, "unshare %ld", shared);
    pair_close(&pair);
}

TEST(a_read_only_grant_cannot_be_written)
{
    struct pair pair = pair_open();
    long shared = ask(pair.a, "share %u 1 0", pair.b->domid), ref = pair.a->numbers[1], mapped;

    observe("map-for-writing", "%s", ask_errno(pair.b, "map %u 1 %ld", pair.a->domid, ref));
    mapped = ask(pair.b, "map %u 0 %ld", pair.a->domid, ref);
    ask(pair.a, "fill %ld 3", shared);
    assert_int_equal(ask(pair.b, "differ %ld 3", mapped), 0);
    assert_string_equal(ask_errno(pair.b, "poke %ld 0 1", mapped), "EFAULT");
    assert_int_equal(ask(pair.a, "differ %ld 3", shared), 0);
    ask(pair.b, "unmap %ld", mapped);
    ask(pair.a, "unshare %ld", shared);
    pair_close(&pair);
}

TEST(only_the_named_domain_may_map)
{
    struct pair pair = pair_open();
    long shared = ask(pair.a, "share %u 1 1", STRANGER), ref = pair.a->numbers[1];

    observe("map", "%s", ask_errno(pair.b, "map %u 0 %ld", pair.a->domid, ref));
    ask(pair.b, "copy %u %ld 0", pair.a->domid, ref);
    assert_true(pair.b->numbers[0] < 0);
    observe("copy-status", "%ld", pair.b->numbers[0]);
    ask(pair.a, "unshare %ld", shared);
    pair_close(&pair);
}

TEST(a_thousand_and_twenty_four_pages)
{
    struct pair pair = pair_open();
    long shared = ask(pair.a, "share %u %d 1", pair.b->domid, MANY), mapped;

    assert_int_equal(pair.a->count, MANY + 1);
    mapped = map_shared(&pair, true);
    ask(pair.a, "fill %ld 4", shared);
    assert_int_equal(ask(pair.b, "differ %ld 4", mapped), 0);
    ask(pair.b, "unmap %ld", mapped);
    ask(pair.a, "unshare %ld", shared);
    pair_close(&pair);
    expect_nothing_shared("XENLIBS_AGENT_A");
}

/* A page that B maps with a notification; fills it with ones first. */
static long share_for_notify(struct pair *pair, long *mapped)
{
    long shared = ask(pair->a, "share %u 1 1", pair->b->domid), ref = pair->a->numbers[1];

    ask(pair->a, "poke %ld %d 1", shared, OFFSET);
    ask(pair->a, "poke %ld 0 1", shared);
    *mapped = ask(pair->b, "map-notify %u %ld %d %ld", pair->a->domid, ref, OFFSET,
                  pair->port_b);
    expect_peer_silence(pair->a);
    return shared;
}

static void expect_notified(struct pair *pair, long shared)
{
    expect_peer_event(pair->a, pair->port_a);
    assert_int_equal(ask(pair->a, "peek %ld %d", shared, OFFSET), 0);
    assert_int_equal(ask(pair->a, "peek %ld 0", shared), 1);
    ask(pair->a, "unshare %ld", shared);
}

TEST(unmap_tells_the_sharer)
{
    struct pair pair = pair_with_channel();
    long mapped, shared = share_for_notify(&pair, &mapped);

    ask(pair.b, "unmap %ld", mapped);
    expect_notified(&pair, shared);
    pair_close(&pair);
}

TEST(the_mappers_death_tells_the_sharer)
{
    struct pair pair = pair_with_channel();
    long mapped, shared = share_for_notify(&pair, &mapped);

    peer_kill(pair.b);
    expect_notified(&pair, shared);
    peer_close(pair.a);
    expect_nothing_shared("XENLIBS_AGENT_A");
}

TEST(the_sharers_death_tells_the_mapper)
{
    struct pair pair = pair_with_channel();
    long mapped, ref;

    ask(pair.a, "share-notify %u %d %ld", pair.b->domid, OFFSET, pair.port_a);
    ref = pair.a->numbers[1];
    mapped = ask(pair.b, "map %u 1 %ld", pair.a->domid, ref);
    ask(pair.b, "fill %ld 6", mapped);
    expect_peer_silence(pair.b);
    peer_kill(pair.a);
    expect_peer_event(pair.b, pair.port_b);
    /* The page stays the mapper's until it lets go; only the agreed byte has changed. */
    assert_int_equal(ask(pair.b, "peek %ld %d", mapped, OFFSET), 0);
    ask(pair.b, "poke %ld 17 3", mapped);
    ask(pair.b, "unmap %ld", mapped);
    peer_close(pair.b);
    expect_nothing_shared("XENLIBS_AGENT_A");
}

TEST(unmapping_after_the_sharer_has_gone)
{
    struct pair pair = pair_open();
    long mapped;

    ask(pair.a, "share %u %d 1", pair.b->domid, SOME);
    mapped = map_shared(&pair, true);
    ask(pair.b, "fill %ld 8", mapped);
    peer_kill(pair.a);
    assert_int_equal(ask(pair.b, "differ %ld 8", mapped), 0);
    ask(pair.b, "unmap %ld", mapped);
    peer_close(pair.b);
    expect_nothing_shared("XENLIBS_AGENT_A");
}

TEST(unsharing_while_the_other_side_maps)
{
    struct pair pair = pair_open();
    long shared = ask(pair.a, "share %u 1 1", pair.b->domid), mapped;

    mapped = map_shared(&pair, true);
    ask(pair.b, "fill %ld 5", mapped);
    ask(pair.a, "unshare %ld", shared);
    assert_int_equal(ask(pair.b, "differ %ld 5", mapped), 0);
    ask(pair.b, "unmap %ld", mapped);
    pair_close(&pair);
    expect_nothing_shared("XENLIBS_AGENT_A");
}

TEST(grant_copy_goes_both_ways)
{
    struct pair pair = pair_open();
    long shared = ask(pair.a, "share %u 1 1", pair.b->domid), ref = pair.a->numbers[1];

    assert_int_equal(ask(pair.b, "copy %u %ld 1", pair.a->domid, ref), 0);
    assert_int_equal(ask(pair.a, "differ %ld 9", shared), 0);
    ask(pair.a, "fill %ld 9", shared);
    assert_int_equal(ask(pair.b, "copy %u %ld 0", pair.a->domid, ref), 0);
    assert_int_equal(pair.b->numbers[1], 0);
    ask(pair.a, "unshare %ld", shared);
    ask(pair.b, "copy %u %ld 0", pair.a->domid, ref);
    assert_true(pair.b->numbers[0] < 0);
    pair_close(&pair);
}

/* B has used every handle for A before, so that each is open when it is restricted. */
static struct pair pair_with_open_handles(long *shared)
{
    struct pair pair = pair_with_channel();
    long mapped;

    *shared = ask(pair.a, "share %u 1 1", pair.b->domid);
    mapped = map_shared(&pair, true);
    ask(pair.b, "unmap %ld", mapped);
    return pair;
}

TEST(a_restricted_process_keeps_to_its_domain)
{
    long shared, ref, port;
    struct pair pair;

    pair = pair_with_open_handles(&shared);
    if (pair.a->domid == 0)
        skip_because("the kernel restricts to no domid of 0");
    ref = pair.a->numbers[1];
    port = ask(pair.a, "unbound %u", pair.b->domid);
    ask(pair.b, "restrict-all %u", pair.a->domid);
    /* The channel goes on, and the domain that is left may be bound to. */
    ask(pair.b, "notify %ld", pair.port_b);
    expect_peer_event(pair.a, pair.port_a);
    ask(pair.b, "interdomain %u %ld", pair.a->domid, port);
    assert_string_equal(ask_errno(pair.b, "unbound %u", pair.a->domid), "EACCES");
    assert_string_equal(ask_errno(pair.b, "interdomain %u 1", STRANGER), "EACCES");
    /* gntdev knows no restriction, so that handle is good for nothing. */
    observe("map", "%s", ask_errno(pair.b, "map %u 1 %ld", pair.a->domid, ref));
    observe("copy", "%s", ask_errno(pair.b, "copy %u %ld 0", pair.a->domid, ref));
    observe("share", "%s", ask_errno(pair.b, "share %u 1 1", STRANGER));
    observe("same-domain-again", "%s", ask_errno(pair.b, "restrict-all %u", pair.a->domid));
    fclose(pair.b->stream);
    ask(pair.a, "unshare %ld", shared);
    peer_close(pair.a);
}

TEST(a_process_restricted_to_a_stranger_cannot_touch_the_peer)
{
    long shared, ref, port;
    struct pair pair;

    pair = pair_with_open_handles(&shared);
    ref = pair.a->numbers[1];
    port = ask(pair.a, "unbound %u", pair.b->domid);
    ask(pair.b, "restrict-all %u", STRANGER);
    assert_string_equal(ask_errno(pair.b, "interdomain %u %ld", pair.a->domid, port), "EACCES");
    assert_string_equal(ask_errno(pair.b, "unbound %u", pair.a->domid), "EACCES");
    assert_string_not_equal(ask_errno(pair.b, "map %u 1 %ld", pair.a->domid, ref), "ok");
    assert_string_not_equal(ask_errno(pair.b, "copy %u %ld 0", pair.a->domid, ref), "ok");
    observe("share", "%s", ask_errno(pair.b, "share %u 1 1", pair.a->domid));
    fclose(pair.b->stream);
    ask(pair.a, "unshare %ld", shared);
    peer_close(pair.a);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(events_go_both_ways),
    cmocka_unit_test(a_thousand_rounds_of_ping_pong),
    cmocka_unit_test(only_the_named_domain_may_bind),
    cmocka_unit_test(a_channel_whose_peer_died_can_be_bound_again),
    cmocka_unit_test(shared_pages_are_one_memory),
    cmocka_unit_test(a_read_only_grant_cannot_be_written),
    cmocka_unit_test(only_the_named_domain_may_map),
    cmocka_unit_test(a_thousand_and_twenty_four_pages),
    cmocka_unit_test(unmap_tells_the_sharer),
    cmocka_unit_test(the_mappers_death_tells_the_sharer),
    cmocka_unit_test(the_sharers_death_tells_the_mapper),
    cmocka_unit_test(unmapping_after_the_sharer_has_gone),
    cmocka_unit_test(unsharing_while_the_other_side_maps),
    cmocka_unit_test(grant_copy_goes_both_ways),
    cmocka_unit_test(a_restricted_process_keeps_to_its_domain),
    cmocka_unit_test(a_process_restricted_to_a_stranger_cannot_touch_the_peer),
};

CONFORMANCE_MAIN(tests)
