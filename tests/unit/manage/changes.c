/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A descriptor that tells of changes, fed by xenstored or by Xen's interrupt. */
#include "fake_hypervisor.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_store.h"
#include "uapi_evtchn.h"
#include "xenevtchn.h"
#include "xentoolcore.h"

enum { PATIENCE_MS = 10000, VIRQ_PORT = 9 };

static const struct xenmanage_changes_options from_virq = {
    .size = sizeof(from_virq), .source = XENMANAGE_CHANGES_FROM_VIRQ};

static int bind_virq_errno;

static int bind_virq(int fd, void *argument, void *user)
{
    const struct uapi_evtchn_bind_virq *bind = argument;

    (void)fd;
    (void)user;
    assert_int_equal(bind->virq, VIRQ_DOM_EXC);
    errno = bind_virq_errno;
    return bind_virq_errno ? -1 : VIRQ_PORT;
}

static void add_evtchn(void)
{
    fakexen_add_device("/dev/xen/evtchn");
    fakexen_on_ioctl(UAPI_EVTCHN_BIND_VIRQ, bind_virq, NULL);
}

static bool is_readable(xenmanage_changes *changes, int wait_ms)
{
    struct pollfd events = {.fd = xenmanage_changes_fd(changes), .events = POLLIN};

    assert_true(events.fd >= 0);
    return poll(&events, 1, wait_ms) == 1;
}

static struct told expect_next(xenmanage_changes *changes, unsigned domid, unsigned told_state)
{
    struct told told;

    assert_int_equal(xenmanage_changes_next(changes, &told.domid, &told.state, &told.caps,
                                            &told.unique_id), 0);
    assert_int_equal(told.domid, domid);
    assert_int_equal(told.state, told_state);
    return told;
}

static void expect_no_more(xenmanage_changes *changes)
{
    unsigned domid = 77;

    assert_fails_with(xenmanage_changes_next(changes, &domid, NULL, NULL, NULL), -1, ENOENT);
    assert_int_equal(domid, 77);
}

static xenmanage_changes *listen_to(xenmanage_handle *hdl,
                                    const struct xenmanage_changes_options *options)
{
    xenmanage_changes *changes = xenmanage_changes_open(hdl, options);

    assert_non_null(changes);
    return changes;
}

/* Both watches fire at the start, the second perhaps only after the first was heard. */
static void take_all_there_is(xenmanage_changes *changes, unsigned nr_domains)
{
    unsigned domid;

    for (unsigned i = 0; i < nr_domains; i++)
        assert_int_equal(xenmanage_changes_next(changes, &domid, NULL, NULL, NULL), 0);
    do
        expect_no_more(changes);
    while (is_readable(changes, 50));
}

static void end(xenmanage_changes *changes, xenmanage_handle *hdl)
{
    assert_int_equal(xenmanage_changes_close(changes), 0);
    assert_int_equal(xenmanage_close(hdl), 0);
    assert_int_equal(fakexen_open_fds(), 0);
}

static void store_tells_when_to_look(unsigned minor)
{
    xenmanage_handle *hdl = fake_open(minor);
    xenmanage_changes *changes;
    struct told told;

    fake_owns_virq = false; /* xenstored does */
    fake_store_start();
    changes = listen_to(hdl, NULL);
    assert_true(is_readable(changes, PATIENCE_MS));
    take_all_there_is(changes, 1);

    fake_create(5, 1)->cpu_time = 12345;
    fake_store_fire("@introduceDomain");
    assert_true(is_readable(changes, PATIENCE_MS));
    told = expect_next(changes, 5, EXIST);
    expect_no_more(changes);
    assert_false(is_readable(changes, 0));
    if (minor >= 21)
        assert_true(told.unique_id == fake_find(5)->unique_id);

    fake_find(5)->state |= SHUTDOWN | DYING;
    fake_store_fire("@releaseDomain");
    assert_true(is_readable(changes, PATIENCE_MS));
    expect_next(changes, 5, EXIST | SHUTDOWN | (minor >= 21 ? DYING : 0));
    expect_no_more(changes);

    fake_destroy(5);
    fake_store_fire("@releaseDomain");
    assert_true(is_readable(changes, PATIENCE_MS));
    assert_true(expect_next(changes, 5, 0).unique_id == 0);
    expect_no_more(changes);
    assert_false(is_readable(changes, 0));
    end(changes, hdl);
    fake_store_stop();
}

EACH_OLDER_RELEASE(RELEASE_TEST, store_tells_when_to_look)
EACH_NEWER_RELEASE(RELEASE_TEST, store_tells_when_to_look)

/* The harm that a listener by way of poll_changed_domain() would do. */
TEST(listening_takes_nothing_away_from_the_store_daemon)
{
    xenmanage_handle *hdl = fake_open(21), *daemon = xenmanage_open(NULL, 0);
    xenmanage_changes *changes;

    fake_store_start();
    changes = listen_to(hdl, NULL);
    fake_create(5, 1);
    take_all_there_is(changes, 2);
    expect_change(daemon, 0, EXIST);
    expect_change(daemon, 5, EXIST);
    expect_no_change(daemon);
    xenmanage_close(daemon);
    end(changes, hdl);
    fake_store_stop();
}

TEST(a_domain_that_goes_while_we_look_is_not_there)
{
    xenmanage_handle *hdl = fake_open(21);
    xenmanage_changes *changes;

    fake_store_start();
    fake_create(5, 1);
    fake_create(6, 1);
    changes = listen_to(hdl, NULL);
    fake_vanishing = 5;
    expect_next(changes, 0, EXIST);
    expect_next(changes, 6, EXIST);
    expect_no_more(changes);
    fake_vanishing = 6;
    expect_next(changes, 5, EXIST);
    expect_next(changes, 6, 0);
    expect_no_more(changes);
    end(changes, hdl);
    fake_store_stop();
}

TEST(nothing_but_watches_is_asked_of_the_store_and_no_interrupt_is_bound)
{
    xenmanage_handle *hdl = fake_open(17);
    xenmanage_changes *changes;

    add_evtchn();
    fake_store_start();
    changes = listen_to(hdl, NULL);
    assert_int_equal(fakexen_count_ioctl(UAPI_EVTCHN_BIND_VIRQ), 0);
    end(changes, hdl);
    fake_store_stop();
}

TEST(many_events_are_heard_by_one_look)
{
    xenmanage_handle *hdl = fake_open(17);
    xenmanage_changes *changes;
    unsigned before;

    fake_store_start();
    changes = listen_to(hdl, NULL);
    take_all_there_is(changes, 1);
    for (int i = 0; i < 100; i++)
        fake_store_fire("@releaseDomain");
    assert_true(is_readable(changes, PATIENCE_MS));
    usleep(100000); /* all of them have come */
    before = fake_sysctls;
    expect_no_more(changes);
    assert_int_equal(fake_sysctls, before + 1);
    assert_false(is_readable(changes, 0));
    end(changes, hdl);
    fake_store_stop();
}

TEST(a_store_that_is_not_there_fails_open)
{
    xenmanage_handle *hdl = fake_open(17);

    setenv("XENSTORED_PATH", "/nowhere/socket", 1);
    errno = 0;
    assert_null(xenmanage_changes_open(hdl, NULL));
    assert_int_not_equal(errno, 0);
    xenmanage_close(hdl);
}

static void a_refused_watch_fails_open(const char *path)
{
    xenmanage_handle *hdl = fake_open(17);

    fake_store_start();
    fake_store_refuse_watch(path, "EACCES");
    assert_fails_with(xenmanage_changes_open(hdl, NULL), NULL, EACCES);
    xenmanage_close(hdl);
    fake_store_stop();
}

TEST(a_refused_first_watch_fails_open)
{
    a_refused_watch_fails_open("@introduceDomain");
}

TEST(a_refused_second_watch_fails_open)
{
    a_refused_watch_fails_open("@releaseDomain");
}

TEST(after_restrict_all_the_changes_are_EPERM)
{
    xenmanage_handle *hdl = fake_open(17);
    xenmanage_changes *changes;
    unsigned domid;

    fake_store_start();
    changes = listen_to(hdl, NULL);
    take_all_there_is(changes, 1);
    assert_int_equal(xentoolcore_restrict_all(1), 0);
    assert_fails_with(xenmanage_changes_next(changes, &domid, NULL, NULL, NULL), -1, EPERM);
    end(changes, hdl);
    fake_store_stop();
}

static void the_interrupt_tells_when_to_look(unsigned minor)
{
    xenmanage_handle *hdl = fake_open(minor);
    xenmanage_changes *changes;
    const evtchn_port_t port = VIRQ_PORT;
    evtchn_port_t unmasked = 0;

    add_evtchn();
    changes = listen_to(hdl, &from_virq);
    assert_int_equal(fakexen_count_ioctl(UAPI_EVTCHN_BIND_VIRQ), 1);
    expect_next(changes, 0, EXIST);
    expect_no_more(changes);
    assert_false(is_readable(changes, 0));

    fake_create(5, 1);
    assert_int_equal(write(fakexen_evtchn_peer(), &port, sizeof(port)), sizeof(port));
    assert_true(is_readable(changes, PATIENCE_MS));
    expect_next(changes, 5, EXIST);
    expect_no_more(changes);
    assert_false(is_readable(changes, 0));
    assert_int_equal(read(fakexen_evtchn_peer(), &unmasked, sizeof(unmasked)),
                     sizeof(unmasked));
    assert_int_equal(unmasked, port); /* or the next one would not be heard */
    end(changes, hdl);
}

EACH_OLDER_RELEASE(RELEASE_TEST, the_interrupt_tells_when_to_look)
EACH_NEWER_RELEASE(RELEASE_TEST, the_interrupt_tells_when_to_look)

TEST(an_interrupt_that_another_program_has_fails_open)
{
    static const int errnos[] = {EEXIST, EBUSY, EPERM};
    xenmanage_handle *hdl = fake_open(17);

    add_evtchn();
    for (size_t i = 0; i < COUNT_OF(errnos); i++) {
        bind_virq_errno = errnos[i];
        assert_fails_with(xenmanage_changes_open(hdl, &from_virq), NULL, errnos[i]);
    }
    assert_int_equal(fakexen_open_fds(), 2); /* of the handle */
    fakexen_fail_open("/dev/xen/evtchn", EACCES);
    assert_fails_with(xenmanage_changes_open(hdl, &from_virq), NULL, EACCES);
    xenmanage_close(hdl);
}

TEST(options_are_checked_before_anything_is_opened)
{
    struct {
        struct xenmanage_changes_options known;
        char more[8];
    } newer = {.known = {.size = sizeof(newer), .source = XENMANAGE_CHANGES_FROM_VIRQ}};
    struct xenmanage_changes_options options = from_virq;
    xenmanage_handle *hdl = fake_open(17);
    xenmanage_changes *changes;

    add_evtchn();
    assert_fails_with(xenmanage_changes_open(NULL, NULL), NULL, EINVAL);
    options.size = sizeof(size_t);
    assert_fails_with(xenmanage_changes_open(hdl, &options), NULL, EINVAL);
    options.size = sizeof(options);
    options.source = 2;
    assert_fails_with(xenmanage_changes_open(hdl, &options), NULL, EINVAL);
    newer.more[7] = 1;
    assert_fails_with(xenmanage_changes_open(hdl, &newer.known), NULL, E2BIG);
    assert_int_equal(fakexen_count_ioctl(UAPI_EVTCHN_BIND_VIRQ), 0);
    newer.more[7] = 0;
    changes = listen_to(hdl, &newer.known);
    end(changes, hdl);
}

TEST(bad_arguments_are_EINVAL)
{
    xenmanage_handle *hdl = fake_open(17);
    xenmanage_changes *changes;
    unsigned domid;

    add_evtchn();
    assert_fails_with(xenmanage_changes_fd(NULL), -1, EINVAL);
    assert_fails_with(xenmanage_changes_next(NULL, &domid, NULL, NULL, NULL), -1, EINVAL);
    changes = listen_to(hdl, &from_virq);
    assert_fails_with(xenmanage_changes_next(changes, NULL, NULL, NULL, NULL), -1, EINVAL);
    end(changes, hdl);
}

TEST(closing_nothing_is_a_success)
{
    assert_int_equal(xenmanage_changes_close(NULL), 0);
}

/* Its list of domains is one that no release has promised to keep. */
TEST(on_a_xen_of_the_future_only_the_owner_of_the_interrupt_hears_more)
{
    xenmanage_handle *hdl = fake_open(40);
    xenmanage_changes *changes;
    unsigned domid;

    add_evtchn();
    changes = listen_to(hdl, &from_virq);
    expect_next(changes, 0, EXIST);
    expect_no_more(changes);
    xenmanage_changes_close(changes);
    fake_store_start();
    changes = listen_to(hdl, NULL);
    assert_fails_with(xenmanage_changes_next(changes, &domid, NULL, NULL, NULL), -1, ENOTSUP);
    end(changes, hdl);
    fake_store_stop();
}

TEST(a_store_that_hangs_up_is_not_silence)
{
    xenmanage_handle *hdl = fake_open(17);
    xenmanage_changes *changes;
    unsigned domid;

    fake_store_start();
    changes = listen_to(hdl, NULL);
    take_all_there_is(changes, 1);
    fake_store_hang_up();
    if (!is_readable(changes, PATIENCE_MS))
        skip_because("this libxenstore does not tell that the daemon is gone");
    errno = 0;
    assert_int_equal(xenmanage_changes_next(changes, &domid, NULL, NULL, NULL), -1);
    assert_int_not_equal(errno, ENOENT);
    end(changes, hdl);
    fake_store_stop();
}

#define EACH_RELEASE_UNIT_TEST(check) \
    EACH_OLDER_RELEASE(RELEASE_UNIT_TEST, check) EACH_NEWER_RELEASE(RELEASE_UNIT_TEST, check)

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        EACH_RELEASE_UNIT_TEST(store_tells_when_to_look)
        EACH_RELEASE_UNIT_TEST(the_interrupt_tells_when_to_look)
        cmocka_unit_test(listening_takes_nothing_away_from_the_store_daemon),
        cmocka_unit_test(a_domain_that_goes_while_we_look_is_not_there),
        cmocka_unit_test(nothing_but_watches_is_asked_of_the_store_and_no_interrupt_is_bound),
        cmocka_unit_test(many_events_are_heard_by_one_look),
        cmocka_unit_test(a_store_that_is_not_there_fails_open),
        cmocka_unit_test(a_refused_first_watch_fails_open),
        cmocka_unit_test(a_refused_second_watch_fails_open),
        cmocka_unit_test(after_restrict_all_the_changes_are_EPERM),
        cmocka_unit_test(an_interrupt_that_another_program_has_fails_open),
        cmocka_unit_test(options_are_checked_before_anything_is_opened),
        cmocka_unit_test(bad_arguments_are_EINVAL),
        cmocka_unit_test(closing_nothing_is_a_success),
        cmocka_unit_test(on_a_xen_of_the_future_only_the_owner_of_the_interrupt_hears_more),
        cmocka_unit_test(a_store_that_hangs_up_is_not_silence),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
