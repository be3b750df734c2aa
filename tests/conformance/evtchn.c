/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Event channels within one domain: bind, notify, take, mask, unbind, close. */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "conformance.h"
#include "hypervisor.h"
#include "loopback.h"
#include "uapi_evtchn.h"

enum {
    PAIRS = 512, /* of two ports */
    NO_SUCH_PORT = 100000,
    SOME_OTHER_DOMAIN = 77, /* it need not exist */
};

TEST(a_handle_is_close_on_exec_and_blocking)
{
    xenevtchn_handle *xce = xenevtchn_open(NULL, 0);

    assert_non_null(xce);
    assert_true(is_cloexec(xenevtchn_fd(xce)));
    assert_int_equal(fcntl(xenevtchn_fd(xce), F_GETFL) & O_NONBLOCK, 0);
    assert_int_equal(xen_devices_after_exec(), 0);
    assert_int_equal(xenevtchn_close(xce), 0);
}

TEST(no_cloexec_survives_an_exec)
{
    xenevtchn_handle *xce = xenevtchn_open(NULL, 1u << 0);

    assert_non_null(xce);
    observe("cloexec", "%d", is_cloexec(xenevtchn_fd(xce)));
    observe("devices-after-exec", "%d", xen_devices_after_exec());
    assert_int_equal(xenevtchn_close(xce), 0);
}

TEST(an_unknown_open_flag)
{
    xenevtchn_handle *xce = xenevtchn_open(NULL, 1u << 20);

    observe("open", "%s", xce ? "handle" : errno_name(errno));
    assert_int_equal(xenevtchn_close(xce), 0);
}

TEST(a_handle_is_made_of_a_descriptor)
{
    xenevtchn_handle *(*fdopen_handle)(struct xentoollog_logger *, int, unsigned);
    int fd = open("/dev/xen/evtchn", O_RDWR | O_CLOEXEC);
    xenevtchn_handle *xce;

    *(void **)&fdopen_handle = later_symbol("xenevtchn_fdopen");
    assert_true(fd >= 0);
    assert_fails_with(fdopen_handle(NULL, fd, 1), NULL, EINVAL);
    xce = fdopen_handle(NULL, fd, 0);
    assert_non_null(xce);
    assert_int_equal(xenevtchn_fd(xce), fd);
    loopback_bind(xce);
    assert_int_equal(xenevtchn_close(xce), 0);
    assert_fails_with(fcntl(fd, F_GETFD), -1, EBADF);
}

TEST(closing_no_handle_is_a_success)
{
    assert_int_equal(xenevtchn_close(NULL), 0);
}

TEST(events_go_both_ways)
{
    struct loopback pair = loopback_open();

    assert_int_equal(xenevtchn_notify(pair.xce, pair.calling), 0);
    expect_event(pair.xce, pair.listening);
    assert_int_equal(xenevtchn_notify(pair.xce, pair.listening), 0);
    expect_event(pair.xce, pair.calling);
    expect_silence(pair.xce);
    assert_int_equal(xenevtchn_close(pair.xce), 0);
}

TEST(events_go_from_handle_to_handle)
{
    xenevtchn_handle *near = xenevtchn_open(NULL, 0), *far = xenevtchn_open(NULL, 0);
    int listening, calling;

    assert_true(near && far);
    listening = xenevtchn_bind_unbound_port(near, DOMID_SELF);
    assert_true(listening > 0);
    calling = xenevtchn_bind_interdomain(far, DOMID_SELF, (evtchn_port_t)listening);
    assert_true(calling > 0);
    expect_event(far, (evtchn_port_t)calling);
    assert_int_equal(xenevtchn_notify(far, (evtchn_port_t)calling), 0);
    expect_event(near, (evtchn_port_t)listening);
    expect_silence(far);
    assert_int_equal(xenevtchn_close(near), 0);
    assert_int_equal(xenevtchn_close(far), 0);
}

TEST(a_taken_port_stays_silent_until_unmasked)
{
    struct loopback pair = loopback_open();

    assert_int_equal(xenevtchn_notify(pair.xce, pair.calling), 0);
    assert_int_equal(take_event(pair.xce), pair.listening);
    for (int i = 0; i < 3; i++)
        assert_int_equal(xenevtchn_notify(pair.xce, pair.calling), 0);
    expect_silence(pair.xce);
    assert_int_equal(xenevtchn_unmask(pair.xce, pair.listening), 0);
    /* What came meanwhile is one event now. */
    expect_event(pair.xce, pair.listening);
    expect_silence(pair.xce);
    assert_int_equal(xenevtchn_close(pair.xce), 0);
}

TEST(unmasking_what_is_not_masked_changes_nothing)
{
    struct loopback pair = loopback_open();

    assert_int_equal(xenevtchn_unmask(pair.xce, pair.listening), 0);
    assert_int_equal(xenevtchn_notify(pair.xce, pair.calling), 0);
    expect_event(pair.xce, pair.listening);
    observe("unmask-of-no-port", "%s", outcome(xenevtchn_unmask(pair.xce, NO_SUCH_PORT)));
    assert_int_equal(xenevtchn_close(pair.xce), 0);
}

static int index_of(const struct loopback *pairs, int count, evtchn_port_t port)
{
    for (int i = 0; i < count; i++)
        if (pairs[i].listening == port)
            return i;
    return -1;
}

/* Binds PAIRS pairs, or in a guest what the limit of 1023 ports that xl gives it allows. */
static int bind_many(xenevtchn_handle *xce, struct loopback *pairs)
{
    int count = 0;

    for (; count < (in_dom0() ? PAIRS : PAIRS - 62); count++)
        pairs[count] = loopback_bind(xce);
    return count;
}

TEST(a_thousand_ports_at_once)
{
    static struct loopback pairs[PAIRS];
    static bool seen[PAIRS];
    xenevtchn_handle *xce = xenevtchn_open(NULL, 0);
    int count;

    assert_non_null(xce);
    count = bind_many(xce, pairs);
    for (int i = 0; i < count; i++)
        assert_int_equal(xenevtchn_notify(xce, pairs[i].calling), 0);
    for (int i = 0; i < count; i++) {
        evtchn_port_t port = take_event(xce);
        int index = index_of(pairs, count, port);

        assert_in_range(index, 0, PAIRS - 1);
        assert_false(seen[index]);
        seen[index] = true;
        assert_int_equal(xenevtchn_unmask(xce, port), 0);
    }
    expect_silence(xce);
    assert_int_equal(xenevtchn_close(xce), 0);
}

TEST(a_guest_that_has_all_its_ports_gets_no_more)
{
    xenevtchn_handle *xce = xenevtchn_open(NULL, 0);
    int port = 0, bound = 0;

    if (in_dom0())
        skip_because("dom0 has more ports than the kernel has interrupts");
    assert_non_null(xce);
    while (bound < 1024 && (port = xenevtchn_bind_unbound_port(xce, DOMID_SELF)) > 0)
        bound++;
    assert_int_equal(port, -1);
    assert_int_equal(errno, ENOSPC);
    assert_in_range(bound, 900, 1022);
    assert_int_equal(xenevtchn_close(xce), 0);
}

TEST(closing_leaves_no_port)
{
    int interrupts = ports_of_evtchn_device();
    int ports = in_dom0() ? ports_in_use(0) : 0;
    xenevtchn_handle *xce = xenevtchn_open(NULL, 0);

    assert_non_null(xce);
    for (int i = 0; i < 20; i++)
        loopback_bind(xce);
    assert_int_equal(ports_of_evtchn_device(), interrupts + 40);
    if (in_dom0())
        assert_int_equal(ports_in_use(0), ports + 40);
    assert_int_equal(xenevtchn_close(xce), 0);
    assert_int_equal(ports_of_evtchn_device(), interrupts);
    if (in_dom0())
        assert_int_equal(ports_in_use(0), ports);
}

TEST(unbinding_frees_a_port_and_tells_the_other_end)
{
    struct loopback pair = loopback_open();
    int interrupts = ports_of_evtchn_device();
    int again;

    assert_int_equal(xenevtchn_unbind(pair.xce, pair.calling), 0);
    assert_int_equal(ports_of_evtchn_device(), interrupts - 1);
    /* The listening end waits for a peer again. */
    assert_int_equal(xenevtchn_notify(pair.xce, pair.listening), 0);
    again = xenevtchn_bind_interdomain(pair.xce, DOMID_SELF, pair.listening);
    assert_true(again > 0);
    expect_event(pair.xce, (evtchn_port_t)again);
    assert_int_equal(xenevtchn_notify(pair.xce, (evtchn_port_t)again), 0);
    expect_event(pair.xce, pair.listening);
    assert_int_equal(xenevtchn_close(pair.xce), 0);
}

TEST(a_port_of_another_handle_is_not_connected)
{
    struct loopback pair = loopback_open();
    xenevtchn_handle *other = xenevtchn_open(NULL, 0);

    assert_non_null(other);
    assert_fails_with(xenevtchn_notify(other, pair.calling), -1, ENOTCONN);
    assert_fails_with(xenevtchn_unbind(other, pair.calling), -1, ENOTCONN);
    expect_silence(pair.xce);
    assert_int_equal(xenevtchn_close(other), 0);
    assert_int_equal(xenevtchn_close(pair.xce), 0);
}

TEST(a_port_that_was_unbound_is_not_connected)
{
    struct loopback pair = loopback_open();

    assert_int_equal(xenevtchn_unbind(pair.xce, pair.listening), 0);
    assert_fails_with(xenevtchn_notify(pair.xce, pair.listening), -1, ENOTCONN);
    assert_fails_with(xenevtchn_unbind(pair.xce, pair.listening), -1, ENOTCONN);
    assert_int_equal(xenevtchn_notify(pair.xce, pair.calling), 0);
    assert_int_equal(xenevtchn_close(pair.xce), 0);
}

TEST(bad_ports_and_domains)
{
    xenevtchn_handle *xce = xenevtchn_open(NULL, 0);

    assert_non_null(xce);
    observe("notify", "%s", outcome(xenevtchn_notify(xce, NO_SUCH_PORT)));
    observe("notify-minus-1", "%s", outcome(xenevtchn_notify(xce, UINT32_MAX)));
    observe("unbind-minus-1", "%s", outcome(xenevtchn_unbind(xce, UINT32_MAX)));
    observe("interdomain-no-port", "%s",
            outcome(xenevtchn_bind_interdomain(xce, DOMID_SELF, NO_SUCH_PORT)));
    observe("interdomain-no-domain", "%s",
            outcome(xenevtchn_bind_interdomain(xce, SOME_OTHER_DOMAIN, 1)));
    observe("interdomain-reserved-domain", "%s",
            outcome(xenevtchn_bind_interdomain(xce, DOMID_INVALID, 1)));
    observe("interdomain-17-bit-domain", "%s",
            outcome(xenevtchn_bind_interdomain(xce, 0x10000u + SOME_OTHER_DOMAIN, 1)));
    observe("unbound-17-bit-domain", "%s",
            outcome(xenevtchn_bind_unbound_port(xce, 0x10000u + SOME_OTHER_DOMAIN)));
    assert_int_equal(xenevtchn_close(xce), 0);
}

TEST(a_virq_is_bound_once)
{
    xenevtchn_handle *xce = xenevtchn_open(NULL, 0);
    int port;

    assert_non_null(xce);
    port = xenevtchn_bind_virq(xce, VIRQ_ARCH_7);
    assert_true(port > 0);
    assert_fails_with(xenevtchn_bind_virq(xce, VIRQ_ARCH_7), -1, EEXIST);
    assert_int_equal(xenevtchn_unbind(xce, (evtchn_port_t)port), 0);
    port = xenevtchn_bind_virq(xce, VIRQ_ARCH_7);
    assert_true(port > 0);
    assert_fails_with(xenevtchn_bind_virq(xce, NR_VIRQS), -1, EINVAL);
    assert_int_equal(xenevtchn_close(xce), 0);
}

TEST(a_virq_arrives)
{
    xenevtchn_handle *xce;
    int port;

    if (!in_dom0())
        skip_because("Xen sends the console's virq to dom0 only");
    xce = xenevtchn_open(NULL, 0);
    assert_non_null(xce);
    port = xenevtchn_bind_virq(xce, VIRQ_CON_RING);
    assert_true(port > 0);
    /* Makes Xen print its list of keys. */
    assert_int_equal(system("LD_LIBRARY_PATH=/opt/upstream/lib xl debug-keys h"), 0);
    expect_event(xce, (evtchn_port_t)port);
    assert_int_equal(xenevtchn_close(xce), 0);
}

static void *notify_later(void *pair)
{
    struct loopback *loopback = pair;

    usleep(50000);
    xenevtchn_notify(loopback->xce, loopback->calling);
    return NULL;
}

TEST(pending_waits_for_an_event)
{
    struct loopback pair = loopback_open();
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, notify_later, &pair), 0);
    assert_int_equal(xenevtchn_pending(pair.xce), pair.listening);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(xenevtchn_close(pair.xce), 0);
}

TEST(a_nonblocking_descriptor_does_not_wait)
{
    struct loopback pair = loopback_open();

    assert_int_equal(fcntl(xenevtchn_fd(pair.xce), F_SETFL, O_RDWR | O_NONBLOCK), 0);
    assert_fails_with(xenevtchn_pending(pair.xce), -1, EAGAIN);
    assert_int_equal(xenevtchn_notify(pair.xce, pair.calling), 0);
    expect_event(pair.xce, pair.listening);
    assert_fails_with(xenevtchn_pending(pair.xce), -1, EAGAIN);
    assert_int_equal(xenevtchn_close(pair.xce), 0);
}

TEST(a_full_queue_says_efbig_until_reset)
{
    struct loopback pair = loopback_open();

    overflow_queue(&pair);
    assert_fails_with(xenevtchn_pending(pair.xce), -1, EFBIG);
    assert_fails_with(xenevtchn_pending(pair.xce), -1, EFBIG);
    assert_int_equal(ioctl(xenevtchn_fd(pair.xce), UAPI_EVTCHN_RESET), 0);
    assert_int_equal(xenevtchn_unmask(pair.xce, pair.listening), 0);
    assert_int_equal(xenevtchn_notify(pair.xce, pair.calling), 0);
    expect_event(pair.xce, pair.listening);
    /* One more may have been on its way; the dozens that were queued are gone. */
    if (readable_within(xenevtchn_fd(pair.xce), NO_EVENT_MS))
        expect_event(pair.xce, pair.listening);
    expect_silence(pair.xce);
    assert_int_equal(xenevtchn_close(pair.xce), 0);
}

TEST(a_restricted_handle_keeps_to_one_domain)
{
    struct loopback pair = loopback_open();
    const domid_t allowed = SOME_OTHER_DOMAIN;

    assert_fails_with(xenevtchn_restrict(pair.xce, DOMID_SELF), -1, EINVAL);
    assert_int_equal(xenevtchn_restrict(pair.xce, allowed), 0);
    assert_fails_with(xenevtchn_bind_unbound_port(pair.xce, DOMID_SELF), -1, EACCES);
    assert_fails_with(xenevtchn_bind_virq(pair.xce, VIRQ_ARCH_7), -1, EACCES);
    assert_fails_with(xenevtchn_bind_interdomain(pair.xce, DOMID_SELF, 1), -1, EACCES);
    assert_fails_with(xenevtchn_bind_interdomain(pair.xce, allowed + 1, 1), -1, EACCES);
    observe("allowed-domain", "%s", outcome(xenevtchn_bind_interdomain(pair.xce, allowed, 1)));
    observe("same-domain-again", "%s", outcome(xenevtchn_restrict(pair.xce, allowed)));
    assert_fails_with(xenevtchn_restrict(pair.xce, allowed + 1), -1, EACCES);
    /* What was bound before goes on. */
    assert_int_equal(xenevtchn_notify(pair.xce, pair.calling), 0);
    expect_event(pair.xce, pair.listening);
    assert_int_equal(xenevtchn_close(pair.xce), 0);
}

static bool close_inherited(void *xce)
{
    return xenevtchn_close(xce) == 0;
}

TEST(a_child_closes_and_the_parent_goes_on)
{
    struct loopback pair = loopback_open();

    assert_true(succeeds_in_child(close_inherited, pair.xce));
    assert_int_equal(xenevtchn_notify(pair.xce, pair.calling), 0);
    expect_event(pair.xce, pair.listening);
    assert_int_equal(xenevtchn_close(pair.xce), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_handle_is_close_on_exec_and_blocking),
    cmocka_unit_test(no_cloexec_survives_an_exec),
    cmocka_unit_test(an_unknown_open_flag),
    cmocka_unit_test(a_handle_is_made_of_a_descriptor),
    cmocka_unit_test(closing_no_handle_is_a_success),
    cmocka_unit_test(events_go_both_ways),
    cmocka_unit_test(events_go_from_handle_to_handle),
    cmocka_unit_test(a_taken_port_stays_silent_until_unmasked),
    cmocka_unit_test(unmasking_what_is_not_masked_changes_nothing),
    cmocka_unit_test(a_thousand_ports_at_once),
    cmocka_unit_test(a_guest_that_has_all_its_ports_gets_no_more),
    cmocka_unit_test(closing_leaves_no_port),
    cmocka_unit_test(unbinding_frees_a_port_and_tells_the_other_end),
    cmocka_unit_test(a_port_of_another_handle_is_not_connected),
    cmocka_unit_test(a_port_that_was_unbound_is_not_connected),
    cmocka_unit_test(bad_ports_and_domains),
    cmocka_unit_test(a_virq_is_bound_once),
    cmocka_unit_test(a_virq_arrives),
    cmocka_unit_test(pending_waits_for_an_event),
    cmocka_unit_test(a_nonblocking_descriptor_does_not_wait),
    cmocka_unit_test(a_full_queue_says_efbig_until_reset),
    cmocka_unit_test(a_restricted_handle_keeps_to_one_domain),
    cmocka_unit_test(a_child_closes_and_the_parent_goes_on),
};

CONFORMANCE_MAIN(tests)
