/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libxenstore: watches, against a real xenstored. */
#include "conformance.h"
#include "store_place.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TOKEN_BYTES = 64, NO_ANSWER_S = 10 };

/* The next event, as "PATH TOKEN" or "none"; good until the next call. */
static const char *next_event(struct xs_handle *xsh, int wait_ms)
{
    static char text[PLACE_PATH_BYTES + TOKEN_BYTES];
    char **event;

    do {
        event = xs_check_watch(xsh);
        if (event) {
            snprintf(text, sizeof(text), "%s %s", shown(event[XS_WATCH_PATH]),
                     event[XS_WATCH_TOKEN]);
            free(event);
            return text;
        }
        assert_int_equal(errno, EAGAIN);
    } while (readable_within(xs_fileno(xsh), wait_ms));
    return "none";
}

static void observe_events(struct xs_handle *xsh, const char *key, int count)
{
    char numbered[64];

    for (int i = 1; i <= count; i++) {
        snprintf(numbered, sizeof(numbered), "%s-%d", key, i);
        observe(numbered, "%s", next_event(xsh, EVENT_COMES_MS));
    }
    observe(key, "then %s", next_event(xsh, NO_EVENT_MS));
}

static void write_value(struct xs_handle *xsh, const char *name)
{
    assert_true(xs_write(xsh, XBT_NULL, at(name), "v", 1));
}

TEST(a_watch_fires_at_once_and_then_at_each_change)
{
    struct xs_handle *xsh = enter_place();

    assert_true(xs_watch(xsh, at("w"), "a token"));
    observe_events(xsh, "when-set", 1);
    write_value(xsh, "w");
    observe_events(xsh, "write", 1);
    write_value(xsh, "w/child");
    observe_events(xsh, "write-below", 1);
    assert_true(xs_mkdir(xsh, XBT_NULL, at("w/folder")));
    observe_events(xsh, "mkdir-below", 1);
    write_value(xsh, "other");
    observe_events(xsh, "write-elsewhere", 0);
    assert_true(xs_rm(xsh, XBT_NULL, at("w")));
    observe_events(xsh, "rm", 1);
    assert_true(xs_unwatch(xsh, at("w"), "a token"));
    write_value(xsh, "w");
    observe_events(xsh, "after-unwatch", 0);
    leave_place(xsh);
}

TEST(a_watch_hears_of_a_transaction_when_it_ends)
{
    struct xs_handle *xsh = enter_place();
    xs_transaction_t t;

    assert_true(xs_watch(xsh, at("w"), "t"));
    observe_events(xsh, "when-set", 1);
    t = xs_transaction_start(xsh);
    assert_int_not_equal(t, XBT_NULL);
    assert_true(xs_write(xsh, t, at("w"), "v", 1));
    observe_events(xsh, "during", 0);
    assert_true(xs_transaction_end(xsh, t, false));
    observe_events(xsh, "afterwards", 1);
    leave_place(xsh);
}

TEST(tokens_tell_watches_apart)
{
    struct xs_handle *xsh = enter_place();

    assert_true(xs_watch(xsh, at("w"), "one"));
    assert_true(xs_watch(xsh, at("w"), "two"));
    observe("the-same-twice", "%s", said(xs_watch(xsh, at("w"), "two")));
    assert_true(xs_watch(xsh, at("w"), ""));
    observe_events(xsh, "when-set", 3);
    write_value(xsh, "w");
    observe_events(xsh, "write", 3);
    observe("unwatch-unknown-token", "%s", said(xs_unwatch(xsh, at("w"), "three")));
    observe("unwatch-unknown-path", "%s", said(xs_unwatch(xsh, at("v"), "two")));
    assert_true(xs_unwatch(xsh, at("w"), "one"));
    write_value(xsh, "w");
    observe_events(xsh, "write-again", 2);
    leave_place(xsh);
}

static _Noreturn void watch_and_see(const char *key, const char *path)
{
    struct xs_handle *xsh = xs_open(0);
    char then[64], *home;

    alarm(NO_ANSWER_S);
    observe(key, "%s", xsh ? said(xs_watch(xsh, path, "t")) : errno_name(errno));
    fflush(stdout);
    home = xsh ? xs_get_domain_path(xsh, 0) : NULL;
    snprintf(then, sizeof(then), "after-%s", key);
    observe(then, "%s", home ? "answers" : errno_name(errno));
    fflush(stdout);
    free(home);
    xs_close(xsh);
    _exit(0);
}

/*
 * On a handle of its own, with what becomes of that: upstream gives one up when Linux's
 * driver refuses a message. In a child, as it may wait for ever.
 */
static void observe_watch(const char *key, const char *path)
{
    char stuck[64];
    pid_t child;
    int status;

    fflush(stdout);
    child = fork();
    assert_true(child >= 0);
    if (child == 0)
        watch_and_see(key, path);
    assert_int_equal(waitpid(child, &status, 0), child);
    snprintf(stuck, sizeof(stuck), "%s-ends", key);
    if (WIFEXITED(status))
        observe(stuck, "yes");
    else
        observe(stuck, "%s", WTERMSIG(status) == SIGALRM ? "no" : "killed");
}

TEST(what_can_be_watched)
{
    struct xs_handle *xsh = enter_place();

    observe_watch("missing", at("not/there"));
    observe_watch("relative", "data");
    observe_watch("root", "/");
    observe_watch("bad-path", at("a//b"));
    observe_watch("empty-path", "");
    observe_watch("unknown-special", "@unknown");
    observe_watch("introduced", "@introduceDomain");
    observe_watch("released", "@releaseDomain");
    leave_place(xsh);
}

/* The path that an event gives is as relative as the one that was watched. */
TEST(a_relative_watch_gives_relative_paths)
{
    struct xs_handle *xsh = enter_place();

    assert_true(xs_watch(xsh, "data/xenlibs-relative", "t"));
    observe_events(xsh, "when-set", 1);
    assert_true(xs_write(xsh, XBT_NULL, "data/xenlibs-relative/k", "v", 1));
    observe_events(xsh, "write", 1);
    assert_true(xs_rm(xsh, XBT_NULL, "data/xenlibs-relative"));
    leave_place(xsh);
}

TEST(a_long_path_and_token_arrive_whole)
{
    struct xs_handle *xsh = enter_place();
    static char token[1001], name[101];
    char **event;
    unsigned count = 0;

    memset(token, 't', sizeof(token) - 1);
    memset(name, 'n', sizeof(name) - 1);
    assert_true(xs_watch(xsh, at(name), token));
    event = xs_read_watch(xsh, &count);
    assert_non_null(event);
    observe("count", "%u", count);
    assert_string_equal(event[XS_WATCH_PATH], at(name));
    assert_string_equal(event[XS_WATCH_TOKEN], token);
    free(event);
    leave_place(xsh);
}

TEST(read_watch_gives_events_in_their_order)
{
    struct xs_handle *xsh = enter_place();
    char **event, name[32];
    unsigned count;

    assert_true(xs_watch(xsh, at("w"), "t"));
    for (int i = 0; i < 20; i++) {
        snprintf(name, sizeof(name), "w/%d", i);
        write_value(xsh, name);
    }
    for (int i = -1; i < 20; i++) {
        snprintf(name, sizeof(name), i < 0 ? "w" : "w/%d", i);
        event = xs_read_watch(xsh, &count);
        assert_non_null(event);
        assert_string_equal(event[XS_WATCH_PATH], at(name));
        free(event);
    }
    leave_place(xsh);
}

TEST(without_a_watch_there_is_nothing_to_check)
{
    struct xs_handle *xsh = enter_place();

    assert_fails_with(xs_check_watch(xsh), NULL, EAGAIN);
    observe("fileno", "%s", xs_fileno(xsh) >= 0 ? "a descriptor" : errno_name(errno));
    assert_false(readable_within(xs_fileno(xsh), 0));
    assert_fails_with(xs_check_watch(xsh), NULL, EAGAIN);
    leave_place(xsh);
}

/* It can be polled before the watch is set, and a request takes no event away. */
TEST(the_descriptor_becomes_readable)
{
    struct xs_handle *xsh = enter_place();
    int fd = xs_fileno(xsh);

    assert_true(fd >= 0);
    assert_true(xs_watch(xsh, at("w"), "t"));
    assert_true(readable_within(fd, EVENT_COMES_MS));
    free(xs_read(xsh, XBT_NULL, at(""), NULL));
    assert_int_equal(xs_fileno(xsh), fd);
    assert_true(readable_within(fd, EVENT_COMES_MS));
    observe_events(xsh, "when-set", 1);
    assert_false(readable_within(fd, NO_EVENT_MS));
    leave_place(xsh);
}

/* With @flags an event waits while the watch is taken away. */
static void observe_stale_event(const char *key, unsigned long flags)
{
    struct xs_handle *place = enter_place(), *xsh = xs_open(flags);

    assert_non_null(xsh);
    assert_true(xs_watch(xsh, at("w"), "gone"));
    assert_true(xs_watch(xsh, at("v"), "stays"));
    assert_true(readable_within(xs_fileno(xsh), EVENT_COMES_MS));
    write_value(place, "w/below");
    write_value(place, "v/below");
    assert_true(xs_unwatch(xsh, at("w"), "gone"));
    observe_events(xsh, key, flags & XS_UNWATCH_FILTER ? 2 : 4);
    xs_close(xsh);
    leave_place(place);
}

TEST(stale_events_are_kept_or_filtered)
{
    observe_stale_event("kept", 0);
    observe_stale_event("filtered", XS_UNWATCH_FILTER);
}

typedef bool watch_depth_fn(struct xs_handle *, const char *, const char *, unsigned);

TEST(a_watch_has_a_depth)
{
    watch_depth_fn *watch = (watch_depth_fn *)later_symbol("xs_watch_depth");
    watch_depth_fn *try_watch = (watch_depth_fn *)later_symbol("xs_watch_try_depth");
    struct xs_handle *xsh = enter_place();

    skip_beside_oxenstored(xsh);
    observe("depth", "%s", said(watch(xsh, at("w"), "exact", 0)));
    observe("depth-if-possible", "%s", said(try_watch(xsh, at("w"), "try", 0)));
    leave_place(xsh);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_watch_fires_at_once_and_then_at_each_change),
    cmocka_unit_test(a_watch_hears_of_a_transaction_when_it_ends),
    cmocka_unit_test(tokens_tell_watches_apart),
    cmocka_unit_test(what_can_be_watched),
    cmocka_unit_test(a_relative_watch_gives_relative_paths),
    cmocka_unit_test(a_long_path_and_token_arrive_whole),
    cmocka_unit_test(read_watch_gives_events_in_their_order),
    cmocka_unit_test(without_a_watch_there_is_nothing_to_check),
    cmocka_unit_test(the_descriptor_becomes_readable),
    cmocka_unit_test(stale_events_are_kept_or_filtered),
    cmocka_unit_test(a_watch_has_a_depth),
};

CONFORMANCE_MAIN(tests)
