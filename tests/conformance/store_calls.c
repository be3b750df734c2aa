/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenstore: opening and closing, what dom0 asks about domains, control commands, and
 * the helpers that need no connection, against a real xenstored.
 */
#include "conformance.h"
#include "store_place.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { NOBODY = 32000, BEYOND_ANY_DOMAIN = 0x12345678 };

/* Asks what every domain may ask. */
static bool answers(struct xs_handle *xsh)
{
    char *path = xsh ? xs_get_domain_path(xsh, 0) : NULL;

    free(path);
    return path != NULL;
}

TEST(there_are_many_ways_to_open)
{
    struct xs_handle *opened[] = {
        xs_open(0), xs_open(XS_OPEN_READONLY), xs_open(XS_OPEN_SOCKETONLY),
        xs_open(XS_UNWATCH_FILTER), xs_daemon_open(), xs_daemon_open_readonly(), xs_domain_open(),
        xs_open(0x80000000ul),
    };

    for (size_t i = 0; i < sizeof(opened) / sizeof(opened[0]); i++) {
        char key[32];

        snprintf(key, sizeof(key), "way-%zu", i);
        observe(key, "%s", !opened[i] ? "no handle" : answers(opened[i]) ? "answers"
                                                                         : errno_name(errno));
        if (!opened[i] || i % 2)
            xs_close(opened[i]);
        else
            xs_daemon_close(opened[i]);
    }
    xs_close(NULL);
}

/* A read-only handle writes as any other does: the flag has no meaning any more. */
TEST(a_read_only_handle_writes)
{
    struct xs_handle *place = enter_place(), *xsh = xs_open(XS_OPEN_READONLY);

    assert_non_null(xsh);
    observe("write", "%s", said(xs_write(xsh, XBT_NULL, at("k"), "v", 1)));
    xs_close(xsh);
    leave_place(place);
}

static int sockets_and_pipes_after_exec(void)
{
    FILE *list = popen("ls -l /proc/self/fd", "re");
    char line[512];
    int found = 0;

    assert_non_null(list);
    while (fgets(line, sizeof(line), list))
        found += strstr(line, "socket:") || strstr(line, "xenbus") || strstr(line, "anon_inode");
    assert_int_equal(pclose(list), 0);
    return found;
}

TEST(nothing_is_open_after_exec)
{
    int before = sockets_and_pipes_after_exec();
    struct xs_handle *xsh = enter_place();

    assert_true(xs_watch(xsh, at("w"), "t"));
    observe("fileno-is-cloexec", "%d", is_cloexec(xs_fileno(xsh)));
    observe("left-open", "%d", sockets_and_pipes_after_exec() - before);
    leave_place(xsh);
}

static void observe_open(const char *key, const char *path)
{
    struct xs_handle *xsh;

    assert_int_equal(setenv("XENSTORED_PATH", path, 1), 0);
    xsh = xs_open(0);
    observe(key, "%s", xsh ? "a handle" : errno_name(errno));
    if (xsh) {
        observe("request", "%s", answers(xsh) ? "answers" : errno_name(errno));
        xs_close(xsh);
    }
}

TEST(opening_what_is_no_xenstored)
{
    struct sockaddr_un deaf = {.sun_family = AF_UNIX};
    char folder[] = "/tmp/xenlibs-store-XXXXXX";
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    static char long_path[300];

    assert_non_null(mkdtemp(folder));
    snprintf(deaf.sun_path, sizeof(deaf.sun_path), "%s/socket", folder);
    assert_int_equal(bind(fd, (struct sockaddr *)&deaf, sizeof(deaf)), 0);
    memset(long_path, 'x', sizeof(long_path) - 1);
    long_path[0] = '/';
    observe_open("missing", "/nowhere/at/all");
    observe_open("nobody-listens", deaf.sun_path);
    observe_open("a-folder", folder);
    observe_open("too-long", long_path);
    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink(deaf.sun_path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static bool child_opens_its_own(void *inherited)
{
    struct xs_handle *own;
    bool good;

    xs_daemon_destroy_postfork(inherited);
    own = xs_open(0);
    good = answers(own);
    xs_close(own);
    return good;
}

TEST(a_child_throws_the_handle_away)
{
    struct xs_handle *xsh = enter_place();

    assert_true(xs_watch(xsh, at("w"), "t"));
    assert_true(succeeds_in_child(child_opens_its_own, xsh));
    assert_true(answers(xsh));
    assert_true(xs_write(xsh, XBT_NULL, at("w"), "v", 1));
    assert_true(readable_within(xs_fileno(xsh), EVENT_COMES_MS));
    leave_place(xsh);
}

TEST(domains_have_paths)
{
    struct xs_handle *xsh = xs_open(0);
    static const unsigned domids[] = {0, 1, NOBODY, BEYOND_ANY_DOMAIN, ~0u};
    char key[32];

    assert_non_null(xsh);
    for (size_t i = 0; i < sizeof(domids) / sizeof(domids[0]); i++) {
        char *path = xs_get_domain_path(xsh, domids[i]);

        snprintf(key, sizeof(key), "of-%u", domids[i]);
        observe(key, "%s", path ? path : errno_name(errno));
        free(path);
    }
    xs_close(xsh);
}

TEST(which_domains_are_known)
{
    struct xs_handle *xsh = xs_open(0);

    assert_non_null(xsh);
    observe("dom0", "%d", xs_is_domain_introduced(xsh, 0));
    observe("own", "%d", xs_is_domain_introduced(xsh, own_domid()));
    observe("nobody", "%d", xs_is_domain_introduced(xsh, NOBODY));
    xs_close(xsh);
}

/* No domain is named that there is. */
TEST(domains_are_introduced_and_released_by_dom0_only)
{
    struct xs_handle *xsh = xs_open(0);

    assert_non_null(xsh);
    observe("release", "%s", said(xs_release_domain(xsh, NOBODY)));
    observe("resume", "%s", said(xs_resume_domain(xsh, NOBODY)));
    observe("target", "%s", said(xs_set_target(xsh, NOBODY, 0)));
    observe("release-beyond", "%s", said(xs_release_domain(xsh, BEYOND_ANY_DOMAIN)));
    if (!in_dom0())
        observe("introduce", "%s", said(xs_introduce_domain(xsh, NOBODY, 1, 1)));
    observe("suspend-port", "%d", xs_suspend_evtchn_port(NOBODY));
    assert_false(xs_restrict(xsh, 1));
    assert_true(answers(xsh));
    xs_close(xsh);
}

static void observe_control(struct xs_handle *xsh, const char *key, const char *command,
                            const char *data, unsigned length)
{
    static char copy[64];
    char *answer;

    memcpy(copy, data, length);
    answer = xs_control_command(xsh, command, copy, length);
    observe(key, "%.20s", answer ? answer : errno_name(errno));
    free(answer);
}

TEST(control_commands)
{
    struct xs_handle *xsh = xs_open(0);
    char text[] = "xenlibs conformance";

    assert_non_null(xsh);
    observe_control(xsh, "check", "check", "", 0);
    observe_control(xsh, "unknown", "no-such-command", "", 0);
    observe_control(xsh, "empty", "", "", 0);
    observe_control(xsh, "unknown-with-data", "no-such-command", "a\0b", 4);
    observe("debug-print", "%s", said_of(xs_debug_command(xsh, "print", text, sizeof(text))));
    observe("help", "%s", said_of(xs_control_command(xsh, "help", NULL, 0)));
    xs_close(xsh);
}

TEST(permissions_from_text)
{
    struct xs_permissions two[2] = {{0}, {0}};
    static const char *const texts[] = {"n0", "r5", "w7", "b65535", "x1", "r", "", "rr1", "r-1",
                                        "r1x", "n99999999999", "r0x10", "r 1"};
    char key[32];

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        bool good = xs_strings_to_perms(two, 1, texts[i]);

        snprintf(key, sizeof(key), "%s", *texts[i] ? texts[i] : "empty");
        for (char *c = key; *c; c++)
            *c = *c == ' ' ? '_' : *c;
        if (good)
            observe(key, "%u %#x", two[0].id, two[0].perms);
        else
            observe(key, "no");
    }
    assert_true(xs_strings_to_perms(two, 2, "r3\0b4"));
    observe("two", "%u %#x %u %#x", two[0].id, two[0].perms, two[1].id, two[1].perms);
}

TEST(paths_below_paths)
{
    static const char *const pairs[][2] = {
        {"/a", "/a"}, {"/a", "/a/b"}, {"/a", "/ab"}, {"/a/b", "/a"}, {"/", "/a"},
        {"", "/a"},   {"a", "a/b"},   {"a", "/a"},   {"/a/", "/a/b"}, {"/a/", "/a"},
    };
    char key[32];

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        snprintf(key, sizeof(key), "pair-%zu", i);
        observe(key, "%d", xs_path_is_subpath(pairs[i][0], pairs[i][1]));
    }
}

TEST(where_the_daemon_lives)
{
    assert_int_equal(unsetenv("XENSTORED_RUNDIR"), 0);
    assert_int_equal(unsetenv("XENSTORED_PATH"), 0);
    observe("rundir", "%s", xs_daemon_rundir());
    observe("socket", "%s", xs_daemon_socket());
    observe("read-only-socket", "%s", xs_daemon_socket_ro());
    assert_int_equal(setenv("XENSTORED_RUNDIR", "/elsewhere", 1), 0);
    observe("other-rundir", "%s", xs_daemon_rundir());
    observe("other-socket", "%s", xs_daemon_socket());
    observe("other-read-only-socket", "%s", xs_daemon_socket_ro());
    assert_int_equal(setenv("XENSTORED_PATH", "/precisely/here", 1), 0);
    observe("named-socket", "%s", xs_daemon_socket());
    observe("named-read-only-socket", "%s", xs_daemon_socket_ro());
}

TEST(all_is_written)
{
    static char sent[200000], got[sizeof(sent)];
    size_t received = 0;
    ssize_t part;
    int ends[2];

    for (size_t i = 0; i < sizeof(sent); i++)
        sent[i] = (char)(i * 31);
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    if (fork() == 0)
        _exit(xs_write_all(ends[1], sent, sizeof(sent)) ? 0 : 1);
    assert_int_equal(close(ends[1]), 0);
    while ((part = read(ends[0], got + received, sizeof(got) - received)) > 0)
        received += (size_t)part;
    assert_int_equal(received, sizeof(sent));
    assert_memory_equal(sent, got, sizeof(sent));
    assert_int_equal(close(ends[0]), 0);
    observe("nothing", "%s", said(xs_write_all(-1, "", 0)));
    observe("bad-descriptor", "%s", said(xs_write_all(-1, "x", 1)));
}

typedef bool get_features_fn(struct xs_handle *, unsigned *);
typedef bool get_domain_features_fn(struct xs_handle *, unsigned, unsigned *);
typedef bool set_domain_features_fn(struct xs_handle *, unsigned, unsigned);

/* A xenstored of 4.21 and later knows them. */
TEST(features)
{
    get_features_fn *supported = (get_features_fn *)later_symbol("xs_get_features_supported");
    get_domain_features_fn *get =
        (get_domain_features_fn *)later_symbol("xs_get_features_domain");
    set_domain_features_fn *set =
        (set_domain_features_fn *)later_symbol("xs_set_features_domain");
    struct xs_handle *xsh = xs_open(0);
    unsigned value = 0;

    assert_non_null(xsh);
    skip_beside_oxenstored(xsh);
    observe("supported", "%s", said(supported(xsh, &value)));
    observe("of-a-domain", "%s", said(get(xsh, own_domid(), &value)));
    observe("set-for-nobody", "%s", said(set(xsh, NOBODY, 0)));
    assert_true(answers(xsh));
    xs_close(xsh);
}

typedef char **quota_names_fn(struct xs_handle *, unsigned *);
typedef bool get_quota_fn(struct xs_handle *, char *, unsigned *);
typedef bool set_quota_fn(struct xs_handle *, char *, unsigned);
typedef bool get_domain_quota_fn(struct xs_handle *, unsigned, char *, unsigned *);
typedef bool set_domain_quota_fn(struct xs_handle *, unsigned, char *, unsigned);

/* A xenstored of 4.22 and later knows them. */
TEST(quotas)
{
    quota_names_fn *names = (quota_names_fn *)later_symbol("xs_get_quota_names");
    get_quota_fn *get = (get_quota_fn *)later_symbol("xs_get_global_quota");
    set_quota_fn *set = (set_quota_fn *)later_symbol("xs_set_global_quota");
    get_domain_quota_fn *get_of =
        (get_domain_quota_fn *)later_symbol("xs_get_domain_quota");
    set_domain_quota_fn *set_of =
        (set_domain_quota_fn *)later_symbol("xs_set_domain_quota");
    struct xs_handle *xsh = xs_open(0);
    char unknown[] = "no-such-quota";
    unsigned count = 0, value = 0;

    assert_non_null(xsh);
    skip_beside_oxenstored(xsh);
    observe("names", "%s", said_of(names(xsh, &count)));
    observe("get", "%s", said(get(xsh, unknown, &value)));
    observe("set", "%s", said(set(xsh, unknown, 1)));
    observe("get-of-nobody", "%s", said(get_of(xsh, NOBODY, unknown, &value)));
    observe("set-of-nobody", "%s", said(set_of(xsh, NOBODY, unknown, 1)));
    assert_true(answers(xsh));
    xs_close(xsh);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(there_are_many_ways_to_open),
    cmocka_unit_test(a_read_only_handle_writes),
    cmocka_unit_test(nothing_is_open_after_exec),
    cmocka_unit_test(opening_what_is_no_xenstored),
    cmocka_unit_test(a_child_throws_the_handle_away),
    cmocka_unit_test(domains_have_paths),
    cmocka_unit_test(which_domains_are_known),
    cmocka_unit_test(domains_are_introduced_and_released_by_dom0_only),
    cmocka_unit_test(control_commands),
    cmocka_unit_test(features),
    cmocka_unit_test(quotas),
    cmocka_unit_test(permissions_from_text),
    cmocka_unit_test(paths_below_paths),
    cmocka_unit_test(where_the_daemon_lives),
    cmocka_unit_test(all_is_written),
};

CONFORMANCE_MAIN(tests)
