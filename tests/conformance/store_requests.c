/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libxenstore: values, folders, permissions and transactions, against a real xenstored. */
#include "conformance.h"
#include "store_place.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A guest's folder may not grow beyond 2 KiB. */
enum { WIRE_BYTES = 4096, MANY = 400, MANY_FOR_A_GUEST = 30 };

enum { NO_ANSWER_S = 10 };

static void observe_read(struct xs_handle *xsh, const char *key, const char *path)
{
    unsigned length = 12345;
    char *value = xs_read(xsh, XBT_NULL, path, &length);

    if (value)
        observe(key, "%u bytes, terminator %d", length, value[length]);
    else
        observe(key, "%s", errno_name(errno));
    free(value);
}

/* Writes @length bytes of @fill, reads them again, and sees that they are the same. */
static void observe_round_trip(struct xs_handle *xsh, const char *key, unsigned length)
{
    char *value, *sent = malloc(length + 1);
    unsigned got = 0;

    assert_non_null(sent);
    for (unsigned i = 0; i < length; i++)
        sent[i] = (char)(i * 7 + length);
    if (!xs_write(xsh, XBT_NULL, at("value"), sent, length)) {
        observe(key, "%s", errno_name(errno));
    } else {
        value = xs_read(xsh, XBT_NULL, at("value"), &got);
        assert_non_null(value);
        assert_int_equal(got, length);
        assert_memory_equal(value, sent, length);
        assert_int_equal(value[length], 0);
        observe(key, "same");
        free(value);
    }
    free(sent);
}

TEST(values_come_back_as_they_were)
{
    struct xs_handle *xsh = enter_place();
    char *value;

    observe_round_trip(xsh, "empty", 0);
    observe_round_trip(xsh, "one-byte", 1);
    observe_round_trip(xsh, "all-bytes", 256);
    observe_round_trip(xsh, "2048-bytes", 2048);
    assert_true(xs_write(xsh, XBT_NULL, at("value"), "text", 4));
    value = xs_read(xsh, XBT_NULL, at("value"), NULL);
    assert_string_equal(value, "text");
    free(value);
    leave_place(xsh);
}

/* On a handle of its own; upstream gives one up when Linux's driver refuses a message. */
static void observe_large_write(const char *key, const char *large, unsigned length)
{
    struct xs_handle *xsh = xs_open(0);
    char then[64];

    assert_non_null(xsh);
    observe(key, "%s", said(xs_write(xsh, XBT_NULL, at("value"), large, length)));
    snprintf(then, sizeof(then), "after-%s", key);
    observe_read(xsh, then, at("nothing"));
    xs_close(xsh);
}

TEST(values_too_large)
{
    struct xs_handle *xsh = enter_place();
    static char large[3 * WIRE_BYTES];
    unsigned room = (unsigned)(WIRE_BYTES - strlen(at("value")) - 1);

    observe_large_write("largest-that-fits", large, room);
    observe_large_write("one-too-large", large, room + 1);
    observe_large_write("three-messages", large, sizeof(large));
    leave_place(xsh);
}

TEST(paths_that_are_no_paths)
{
    static const struct {
        const char *key, *name;
    } bad[] = {
        {"trailing-slash", "a/"}, {"double-slash", "a//b"}, {"space", "a b"}, {"percent", "a%b"},
        {"dot", "a.b"},           {"colon", "a:b"},         {"at", "@b"},     {"newline", "a\nb"},
        {"high-bit", "a\xe4"},
    };
    struct xs_handle *xsh = enter_place();
    char key[64];

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        snprintf(key, sizeof(key), "write-%s", bad[i].key);
        observe(key, "%s", said(xs_write(xsh, XBT_NULL, at(bad[i].name), "", 0)));
        snprintf(key, sizeof(key), "read-%s", bad[i].key);
        observe_read(xsh, key, at(bad[i].name));
        snprintf(key, sizeof(key), "mkdir-%s", bad[i].key);
        observe(key, "%s", said(xs_mkdir(xsh, XBT_NULL, at(bad[i].name))));
    }
    observe_read(xsh, "read-empty-path", "");
    observe_read(xsh, "read-missing", at("missing"));
    observe_read(xsh, "read-below-missing", at("missing/too"));
    leave_place(xsh);
}

/* On a handle of its own, as above. */
static void observe_long_path(const char *kind, const char *path)
{
    struct xs_handle *xsh = xs_open(0);
    char key[32];

    assert_non_null(xsh);
    snprintf(key, sizeof(key), "%s-%zu", kind, strlen(path));
    observe_read(xsh, key, path);
    xs_close(xsh);
}

TEST(long_paths)
{
    static const unsigned lengths[] = {100, 1024, 3072, 3073, 4095, 4096, 8192};
    static char path[8194];

    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        memset(path, 'x', lengths[i] + 1);
        path[lengths[i] + 1] = '\0';
        observe_long_path("relative", path + 1);
        path[0] = '/';
        path[lengths[i]] = '\0';
        observe_long_path("absolute", path);
    }
}

/* A guest's own folder; dom0's too. */
TEST(relative_paths_begin_at_home)
{
    struct xs_handle *xsh = enter_place();
    char *home = xs_get_domain_path(xsh, own_domid()), *value;
    char path[PLACE_PATH_BYTES];

    assert_non_null(home);
    snprintf(path, sizeof(path), "%s/data/xenlibs-relative", home);
    assert_true(xs_write(xsh, XBT_NULL, "data/xenlibs-relative", "found", 5));
    value = xs_read(xsh, XBT_NULL, path, NULL);
    assert_non_null(value);
    assert_string_equal(value, "found");
    assert_true(xs_rm(xsh, XBT_NULL, "data/xenlibs-relative"));
    free(value);
    free(home);
    leave_place(xsh);
}

TEST(folders_are_made_and_removed)
{
    struct xs_handle *xsh = enter_place();

    observe("mkdir", "%s", said(xs_mkdir(xsh, XBT_NULL, at("a"))));
    observe("mkdir-again", "%s", said(xs_mkdir(xsh, XBT_NULL, at("a"))));
    observe_read(xsh, "value-of-a-new-folder", at("a"));
    assert_true(xs_write(xsh, XBT_NULL, at("b/c/d"), "deep", 4));
    observe_read(xsh, "value-of-a-parent-made-on-the-way", at("b/c"));
    observe("mkdir-over-a-value", "%s", said(xs_mkdir(xsh, XBT_NULL, at("b/c/d"))));
    observe_read(xsh, "value-after-mkdir", at("b/c/d"));
    observe("rm-with-children", "%s", said(xs_rm(xsh, XBT_NULL, at("b"))));
    observe_read(xsh, "child-after-rm", at("b/c/d"));
    observe("rm-missing", "%s", said(xs_rm(xsh, XBT_NULL, at("b"))));
    observe("rm-below-missing", "%s", said(xs_rm(xsh, XBT_NULL, at("b/c/d"))));
    observe("rm-root", "%s", said(xs_rm(xsh, XBT_NULL, "/")));
    leave_place(xsh);
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

TEST(a_folder_lists_its_children)
{
    struct xs_handle *xsh = enter_place();
    unsigned count = 12345;
    char **names;

    assert_true(xs_write(xsh, XBT_NULL, at("zebra"), "1", 1));
    assert_true(xs_write(xsh, XBT_NULL, at("ant/legs"), "6", 1));
    assert_true(xs_mkdir(xsh, XBT_NULL, at("x")));
    names = xs_directory(xsh, XBT_NULL, at(""), &count);
    assert_non_null(names);
    assert_int_equal(count, 3);
    qsort(names, count, sizeof(*names), compare_names);
    observe("names", "%s %s %s", names[0], names[1], names[2]);
    free(names);
    names = xs_directory(xsh, XBT_NULL, at("x"), &count);
    observe("no-children", "%s, %u", names ? "there" : errno_name(errno), count);
    free(names);
    observe("missing", "%s", said_of(xs_directory(xsh, XBT_NULL, at("none"), &count)));
    observe("bad-path", "%s", said_of(xs_directory(xsh, XBT_NULL, at("a//b"), &count)));
    leave_place(xsh);
}

/* What does not fit into one message comes in parts; oxenstored ends the connection. */
TEST(a_folder_of_many_children_is_listed_whole)
{
    struct xs_handle *xsh = enter_place(), *lister = xs_open(0);
    unsigned many = in_dom0() ? MANY : MANY_FOR_A_GUEST;
    unsigned count = 0, seen[MANY] = {0}, number;
    char name[64];
    char **names;

    for (unsigned i = 0; i < many; i++) {
        snprintf(name, sizeof(name), "many/a-rather-long-name-of-a-child-%u", i);
        assert_true(xs_mkdir(xsh, XBT_NULL, at(name)));
    }
    assert_non_null(lister);
    names = xs_directory(lister, XBT_NULL, at("many"), &count);
    observe("list", "%s", names ? "there" : errno_name(errno));
    assert_true(!names || count == many);
    for (unsigned i = 0; names && i < count; i++) {
        assert_int_equal(sscanf(names[i], "a-rather-long-name-of-a-child-%u", &number), 1);
        assert_true(number < many && !seen[number]++);
    }
    free(names);
    xs_close(lister);
    leave_place(xsh);
}

static void observe_permissions(struct xs_handle *xsh, const char *key, const char *path)
{
    unsigned count = 12345;
    struct xs_permissions *found = xs_get_permissions(xsh, XBT_NULL, path, &count);
    char text[256] = "";
    size_t used = 0;

    if (!found) {
        observe(key, "%s", errno_name(errno));
        return;
    }
    for (unsigned i = 0; i < count && used < sizeof(text); i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, " %c%u:%x",
                                 found[i].id == own_domid() ? 's' : 'd',
                                 found[i].id == own_domid() ? 0 : found[i].id, found[i].perms);
    observe(key, "%u%s", count, text);
    free(found);
}

TEST(permissions_are_set_and_read)
{
    struct xs_handle *xsh = enter_place();
    struct xs_permissions some[3] = {{own_domid(), XS_PERM_NONE},
                                     {7007, XS_PERM_READ},
                                     {7008, XS_PERM_READ | XS_PERM_WRITE}};
    struct xs_permissions odd = {own_domid(), 0x40}, write_only = {own_domid(), XS_PERM_WRITE};

    observe_permissions(xsh, "of-a-new-folder", at(""));
    observe("set-three", "%s", said(xs_set_permissions(xsh, XBT_NULL, at(""), some, 3)));
    observe_permissions(xsh, "three", at(""));
    assert_true(xs_mkdir(xsh, XBT_NULL, at("child")));
    observe_permissions(xsh, "inherited", at("child"));
    observe("set-write-only",
            "%s", said(xs_set_permissions(xsh, XBT_NULL, at(""), &write_only, 1)));
    observe_permissions(xsh, "write-only", at(""));
    observe("set-unknown-bits", "%s", said(xs_set_permissions(xsh, XBT_NULL, at(""), &odd, 1)));
    observe_permissions(xsh, "after-unknown-bits", at(""));
    observe("set-none", "%s", said(xs_set_permissions(xsh, XBT_NULL, at(""), some, 0)));
    observe("set-missing", "%s", said(xs_set_permissions(xsh, XBT_NULL, at("none"), some, 1)));
    observe_permissions(xsh, "missing", at("none"));
    leave_place(xsh);
}

TEST(a_transaction_shows_at_its_end)
{
    struct xs_handle *xsh = enter_place(), *other = xs_open(0);
    xs_transaction_t t;
    char *value;

    assert_non_null(other);
    assert_true(xs_write(xsh, XBT_NULL, at("k"), "before", 6));
    t = xs_transaction_start(xsh);
    assert_int_not_equal(t, XBT_NULL);
    assert_true(xs_write(xsh, t, at("k"), "after", 5));
    assert_true(xs_mkdir(xsh, t, at("made")));
    value = xs_read(xsh, t, at("k"), NULL);
    assert_string_equal(value, "after");
    free(value);
    value = xs_read(other, XBT_NULL, at("k"), NULL);
    assert_string_equal(value, "before");
    free(value);
    assert_true(xs_transaction_end(xsh, t, false));
    value = xs_read(other, XBT_NULL, at("k"), NULL);
    assert_string_equal(value, "after");
    free(value);
    observe_read(other, "made", at("made"));
    xs_close(other);
    leave_place(xsh);
}

/*
 * In a child, since it may wait for ever: Linux's driver drops xenstored's answer to it.
 * "nothing" stands for that.
 */
static const char *end_of_no_transaction(void)
{
    pid_t child;
    int status;

    fflush(stdout);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct xs_handle *xsh = xs_open(0);

        alarm(NO_ANSWER_S);
        _exit(xsh && xs_transaction_end(xsh, XBT_NULL, false) ? 0 : errno);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        return "nothing";
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status) ? errno_name(WEXITSTATUS(status)) : "ok";
}

TEST(a_transaction_that_was_given_up_leaves_nothing)
{
    struct xs_handle *xsh = enter_place();
    xs_transaction_t t = xs_transaction_start(xsh);

    assert_int_not_equal(t, XBT_NULL);
    assert_true(xs_write(xsh, t, at("k"), "never", 5));
    assert_true(xs_transaction_end(xsh, t, true));
    observe_read(xsh, "afterwards", at("k"));
    observe("end-again", "%s", said(xs_transaction_end(xsh, t, true)));
    observe("write-in-it", "%s", said(xs_write(xsh, t, at("k"), "", 0)));
    observe("end-of-none", "%s", end_of_no_transaction());
    observe("unknown", "%s", said(xs_write(xsh, 0x7fffffff, at("k"), "", 0)));
    leave_place(xsh);
}

TEST(a_transaction_that_was_overtaken_is_eagain)
{
    struct xs_handle *xsh = enter_place(), *other = xs_open(0);
    xs_transaction_t t;

    assert_non_null(other);
    assert_true(xs_write(xsh, XBT_NULL, at("k"), "0", 1));
    t = xs_transaction_start(xsh);
    assert_int_not_equal(t, XBT_NULL);
    free(xs_read(xsh, t, at("k"), NULL));
    assert_true(xs_write(other, XBT_NULL, at("k"), "1", 1));
    assert_true(xs_write(xsh, t, at("k"), "2", 1));
    assert_fails_with(xs_transaction_end(xsh, t, false), false, EAGAIN);
    observe("it-is-over", "%s", said(xs_transaction_end(xsh, t, false)));
    xs_close(other);
    leave_place(xsh);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(values_come_back_as_they_were),
    cmocka_unit_test(values_too_large),
    cmocka_unit_test(paths_that_are_no_paths),
    cmocka_unit_test(long_paths),
    cmocka_unit_test(relative_paths_begin_at_home),
    cmocka_unit_test(folders_are_made_and_removed),
    cmocka_unit_test(a_folder_lists_its_children),
    cmocka_unit_test(a_folder_of_many_children_is_listed_whole),
    cmocka_unit_test(permissions_are_set_and_read),
    cmocka_unit_test(a_transaction_shows_at_its_end),
    cmocka_unit_test(a_transaction_that_was_given_up_leaves_nothing),
    cmocka_unit_test(a_transaction_that_was_overtaken_is_eagain),
};

CONFORMANCE_MAIN(tests)
