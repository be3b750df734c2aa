/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xenlibs' own: many events at once, reset, static channels, non-blocking handles. */
#include "evtchn_tests.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

enum { BATCH = XENEVTCHN_PORTS_PER_CALL };

static evtchn_port_t ports[4 * BATCH], taken[4 * BATCH];

static void number_ports(void)
{
    for (unsigned int i = 0; i < COUNT_OF(ports); i++)
        ports[i] = 100000 - i;
}

/* Upstream needs 2048. */
TEST(a_thousand_events_cost_two_system_calls)
{
    xenevtchn_handle *xce = open_evtchn();
    unsigned before;

    number_ports();
    fire(ports, BATCH);
    before = fakexen_count_all();
    assert_int_equal(xenevtchn_pending_many(xce, taken, BATCH), BATCH);
    assert_int_equal(xenevtchn_unmask_many(xce, taken, BATCH), 0);
    assert_int_equal(fakexen_count_all(), before + 2);
    assert_memory_equal(taken, ports, BATCH * sizeof(*ports));
    memset(taken, 0, sizeof(taken));
    assert_int_equal(take_unmasked(taken, COUNT_OF(taken)), BATCH);
    assert_memory_equal(taken, ports, BATCH * sizeof(*ports));
    xenevtchn_close(xce);
}

TEST(what_is_there_is_taken_without_waiting_for_more)
{
    xenevtchn_handle *xce = open_evtchn();

    fire_one(1);
    fire_one(2);
    assert_int_equal(xenevtchn_pending_many(xce, taken, BATCH), 2);
    assert_int_equal(taken[0], 1);
    assert_int_equal(taken[1], 2);
    xenevtchn_close(xce);
}

TEST(no_more_is_taken_than_there_is_room_for)
{
    xenevtchn_handle *xce = open_evtchn();

    number_ports();
    fire(ports, 3);
    assert_int_equal(xenevtchn_pending_many(xce, taken, 2), 2);
    assert_int_equal(taken[2], 0);
    assert_int_equal(xenevtchn_pending(xce), ports[2]);
    xenevtchn_close(xce);
}

TEST(absurd_counts_take_one_call_of_1024)
{
    xenevtchn_handle *xce = open_evtchn();

    number_ports();
    fire(ports, BATCH + 1);
    assert_int_equal(xenevtchn_pending_many(xce, taken, UINT32_MAX), BATCH);
    assert_int_equal(taken[BATCH], 0);
    assert_int_equal(fakexen_count(FAKEXEN_READ), 1);
    xenevtchn_close(xce);
}

TEST(many_ports_are_unmasked_with_one_call_per_1024)
{
    xenevtchn_handle *xce = open_evtchn();

    number_ports();
    assert_int_equal(xenevtchn_unmask_many(xce, ports, 2 * BATCH + 1), 0);
    assert_int_equal(fakexen_count(FAKEXEN_WRITE), 3);
    assert_int_equal(take_unmasked(taken, COUNT_OF(taken)), 2 * BATCH + 1);
    assert_memory_equal(taken, ports, (2 * BATCH + 1) * sizeof(*ports));
    xenevtchn_close(xce);
}

TEST(an_error_part_way_is_reported_and_what_went_before_is_unmasked)
{
    xenevtchn_handle *xce = open_evtchn();

    number_ports();
    fakexen_fail_next(FAKEXEN_WRITE, ENOMEM, 1, 1);
    assert_fails_with(xenevtchn_unmask_many(xce, ports, 2 * BATCH), -1, ENOMEM);
    assert_int_equal(take_unmasked(taken, COUNT_OF(taken)), BATCH);
    assert_int_equal(xenevtchn_unmask_many(xce, ports, 2 * BATCH), 0);
    assert_int_equal(take_unmasked(taken, COUNT_OF(taken)), 2 * BATCH);
    xenevtchn_close(xce);
}

TEST(zero_ports_are_a_success_without_a_system_call)
{
    xenevtchn_handle *xce = open_evtchn();
    unsigned before = fakexen_count_all();

    assert_int_equal(xenevtchn_pending_many(xce, NULL, 0), 0);
    assert_int_equal(xenevtchn_pending_many(xce, taken, 0), 0);
    assert_int_equal(xenevtchn_unmask_many(xce, NULL, 0), 0);
    assert_int_equal(xenevtchn_unmask_many(xce, ports, 0), 0);
    assert_int_equal(fakexen_count_all(), before);
    xenevtchn_close(xce);
}

TEST(no_array_is_einval_and_loses_no_event)
{
    xenevtchn_handle *xce = open_evtchn();

    fire_one(6);
    assert_fails_with(xenevtchn_pending_many(xce, NULL, 1), -1, EINVAL);
    assert_fails_with(xenevtchn_unmask_many(xce, NULL, 1), -1, EINVAL);
    assert_int_equal(xenevtchn_pending(xce), 6);
    xenevtchn_close(xce);
}

TEST(memory_that_is_not_there_is_efault)
{
    xenevtchn_handle *xce = open_evtchn();
    evtchn_port_t *nowhere =
        mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    fire_one(6);
    assert_fails_with(xenevtchn_pending_many(xce, nowhere, 8), -1, EFAULT);
    assert_fails_with(xenevtchn_unmask_many(xce, nowhere, 8), -1, EFAULT);
    munmap(nowhere, 4096);
    xenevtchn_close(xce);
}

TEST(interrupted_batches_are_repeated)
{
    xenevtchn_handle *xce = open_evtchn();

    number_ports();
    fire(ports, 5);
    fakexen_fail_next(FAKEXEN_READ, EINTR, 3, 0);
    assert_int_equal(xenevtchn_pending_many(xce, taken, BATCH), 5);
    fakexen_fail_next(FAKEXEN_WRITE, EINTR, 3, 1);
    assert_int_equal(xenevtchn_unmask_many(xce, ports, 2 * BATCH), 0);
    assert_int_equal(take_unmasked(taken, COUNT_OF(taken)), 2 * BATCH);
    xenevtchn_close(xce);
}

TEST(a_batch_that_ends_inside_a_port_is_eio)
{
    xenevtchn_handle *xce = open_evtchn();

    assert_int_equal(write(fakexen_evtchn_peer(), "abcdef", 6), 6);
    assert_fails_with(xenevtchn_pending_many(xce, taken, BATCH), -1, EIO);
    xenevtchn_close(xce);
}

TEST(a_non_blocking_handle_does_not_wait)
{
    xenevtchn_handle *xce = open_evtchn_with(XENEVTCHN_NONBLOCK);

    assert_int_equal(fakexen_count_all(), 1);
    assert_fails_with(xenevtchn_pending(xce), -1, EAGAIN);
    assert_fails_with(xenevtchn_pending_many(xce, taken, BATCH), -1, EAGAIN);
    fire_one(8);
    assert_int_equal(xenevtchn_pending_many(xce, taken, BATCH), 1);
    xenevtchn_close(xce);
}

TEST(the_flags_of_open_go_together)
{
    xenevtchn_handle *xce = open_evtchn_with(XENEVTCHN_NONBLOCK | XENEVTCHN_NO_CLOEXEC);

    assert_int_equal(fcntl(xenevtchn_fd(xce), F_GETFD), 0);
    assert_true(fcntl(xenevtchn_fd(xce), F_GETFL) & O_NONBLOCK);
    xenevtchn_close(xce);
}

static int empty_queue(int fd, void *argument, void *user)
{
    (void)fd;
    assert_null(argument);
    assert_null(user);
    fakexen_fail_next(FAKEXEN_READ, 0, 0, 0);
    return 0;
}

TEST(an_overflow_lasts_until_reset)
{
    xenevtchn_handle *xce = open_evtchn();

    fakexen_on_ioctl(UAPI_EVTCHN_RESET, empty_queue, NULL);
    fakexen_fail_next(FAKEXEN_READ, EFBIG, 1000, 0);
    fire_one(8);
    assert_fails_with(xenevtchn_pending(xce), -1, EFBIG);
    assert_fails_with(xenevtchn_pending_many(xce, taken, BATCH), -1, EFBIG);
    assert_int_equal(xenevtchn_reset(xce), 0);
    assert_int_equal(xenevtchn_pending_many(xce, taken, BATCH), 1);
    assert_int_equal(fakexen_count_ioctl(UAPI_EVTCHN_RESET), 1);
    xenevtchn_close(xce);
}

TEST(a_device_that_cannot_reset_says_so)
{
    xenevtchn_handle *xce = open_evtchn();

    assert_fails_with(xenevtchn_reset(xce), -1, ENOTTY);
    xenevtchn_close(xce);
}

static int answer_static(int fd, void *argument, void *user)
{
    const int *errnoval = user;
    uint32_t port;

    (void)fd;
    memcpy(&port, argument, sizeof(port));
    assert_int_equal(port, 12);
    errno = *errnoval;
    return *errnoval ? -1 : 0;
}

TEST(a_static_channel_is_bound)
{
    xenevtchn_handle *xce = open_evtchn();
    int errnoval = 0;

    fakexen_on_ioctl(UAPI_EVTCHN_BIND_STATIC, answer_static, &errnoval);
    assert_int_equal(xenevtchn_bind_static(xce, 12), 0);
    xenevtchn_close(xce);
}

TEST(a_kernel_without_static_channels_gives_enotsup)
{
    static const struct {
        int from_kernel, to_caller;
    } errnos[] = {{ENOSYS, ENOTSUP}, {ENOTTY, ENOTSUP}, {EISCONN, EISCONN},
                  {EINVAL, EINVAL},  {EACCES, EACCES},  {EEXIST, EEXIST},
                  {EBUSY, EBUSY},    {ENOMEM, ENOMEM}};
    xenevtchn_handle *xce = open_evtchn();
    int errnoval;

    fakexen_on_ioctl(UAPI_EVTCHN_BIND_STATIC, answer_static, &errnoval);
    for (size_t i = 0; i < COUNT_OF(errnos); i++) {
        errnoval = errnos[i].from_kernel;
        assert_fails_with(xenevtchn_bind_static(xce, 12), -1, errnos[i].to_caller);
    }
    xenevtchn_close(xce);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_events_cost_two_system_calls),
        cmocka_unit_test(what_is_there_is_taken_without_waiting_for_more),
        cmocka_unit_test(no_more_is_taken_than_there_is_room_for),
        cmocka_unit_test(absurd_counts_take_one_call_of_1024),
        cmocka_unit_test(many_ports_are_unmasked_with_one_call_per_1024),
        cmocka_unit_test(an_error_part_way_is_reported_and_what_went_before_is_unmasked),
        cmocka_unit_test(zero_ports_are_a_success_without_a_system_call),
        cmocka_unit_test(no_array_is_einval_and_loses_no_event),
        cmocka_unit_test(memory_that_is_not_there_is_efault),
        cmocka_unit_test(interrupted_batches_are_repeated),
        cmocka_unit_test(a_batch_that_ends_inside_a_port_is_eio),
        cmocka_unit_test(a_non_blocking_handle_does_not_wait),
        cmocka_unit_test(the_flags_of_open_go_together),
        cmocka_unit_test(an_overflow_lasts_until_reset),
        cmocka_unit_test(a_device_that_cannot_reset_says_so),
        cmocka_unit_test(a_static_channel_is_bound),
        cmocka_unit_test(a_kernel_without_static_channels_gives_enotsup),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
