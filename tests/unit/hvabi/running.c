/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which Xen is this: the release, and the interface numbers that go with it. */
#include "harness.h"

#include <errno.h>
#include <pthread.h>

#include "fakexen.h"
#include "fixture.h"

static struct hvabi_running learn(struct fixture *fixture)
{
    struct hvabi_running running;

    assert_int_equal(xenhvabi_running(fixture->abi.xcall, &running), 0);
    return running;
}

static void assert_served_as(const struct hvabi_running *running, unsigned domctl_minor,
                             unsigned sysctl_minor)
{
    assert_non_null(running->domctl);
    assert_int_equal(running->domctl->release, HVABI_RELEASE(4, domctl_minor));
    assert_non_null(running->sysctl);
    assert_int_equal(running->sysctl->release, HVABI_RELEASE(4, sysctl_minor));
}

TEST(every_known_release_is_found_by_its_own_numbers)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start(minor);
        struct hvabi_running running = learn(fixture);

        assert_int_equal(running.release, HVABI_RELEASE(4, minor));
        assert_served_as(&running, minor, minor);
        assert_int_equal(fixture->xen->domctls, 1);
        assert_int_equal(fixture->xen->sysctls, 1);
        stop(fixture);
    }
}

TEST(it_is_learnt_once_per_process)
{
    struct fixture *fixture = start(17);

    learn(fixture);
    for (int i = 0; i < 5; i++)
        learn(fixture);
    assert_int_equal(fixture->xen->version_calls, 1);
    assert_int_equal(fixture->xen->domctls, 1);
    assert_int_equal(fixture->xen->sysctls, 1);
    stop(fixture);
}

TEST(learning_keeps_errno)
{
    struct fixture *fixture = start(17);

    errno = ELOOP;
    learn(fixture);
    assert_int_equal(errno, ELOOP);
    stop(fixture);
}

TEST(point_releases_are_told_apart)
{
    static const struct {
        const char *extra;
        unsigned point;
    } cases[] = {{".0", 0}, {".1-pre", 1}, {".12", 12}, {".7+13-g2445b30a44", 7},
                 {"-unstable", HVABI_POINT_UNKNOWN}, {"", HVABI_POINT_UNKNOWN},
                 {".", HVABI_POINT_UNKNOWN}, {"<denied>", HVABI_POINT_UNKNOWN}};

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fixture *fixture = start(21);

        fixture->xen->extraversion = cases[i].extra;
        assert_int_equal(learn(fixture).point, cases[i].point);
        stop(fixture);
    }
}

TEST(without_privilege_the_release_is_learnt_too)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start(minor);

        fixture->xen->is_unprivileged = true;
        struct hvabi_running running = learn(fixture);
        assert_served_as(&running, minor, minor);
        stop(fixture);
    }
}

TEST(a_policy_that_refuses_everything_is_no_wrong_version)
{
    struct fixture *fixture = start(17);

    fixture->xen->is_policy_refusing = true;
    struct hvabi_running running = learn(fixture);
    assert_served_as(&running, 17, 17);
    stop(fixture);
}

TEST(a_newer_release_with_a_known_number_is_served_as_the_newest)
{
    struct fixture *fixture = start(23);
    struct hvabi_running running = learn(fixture);

    assert_int_equal(running.release, HVABI_RELEASE(4, 23));
    assert_served_as(&running, 22, 22);
    stop(fixture);
}

TEST(a_newer_release_with_new_numbers_is_known_by_its_release_only)
{
    struct fixture *fixture = start(24);

    fixture->xen->domctl_number = 0x19;
    fixture->xen->sysctl_number = 0x17;
    struct hvabi_running running = learn(fixture);
    assert_int_equal(running.release, HVABI_RELEASE(4, 24));
    assert_null(running.domctl);
    assert_null(running.sysctl);
    stop(fixture);
}

TEST(the_two_interfaces_are_found_one_by_one)
{
    struct fixture *fixture = start(24);

    fixture->xen->domctl_number = 0x19;
    struct hvabi_running running = learn(fixture);
    assert_null(running.domctl);
    assert_non_null(running.sysctl);
    assert_int_equal(running.sysctl->release, HVABI_RELEASE(4, 22));
    stop(fixture);
}

/* The 4.18 in the making that still spoke 4.17's domctls. */
TEST(a_development_version_is_served_by_its_number)
{
    struct fixture *fixture = start(18);

    fixture->xen->domctl_number = 0x15;
    struct hvabi_running running = learn(fixture);
    assert_int_equal(running.release, HVABI_RELEASE(4, 18));
    assert_served_as(&running, 17, 18);
    stop(fixture);
}

TEST(a_release_before_4_14_is_not_served)
{
    struct fixture *fixture = start(13);
    struct hvabi_running running = learn(fixture);

    assert_int_equal(running.release, HVABI_RELEASE(4, 13));
    assert_null(running.domctl);
    assert_null(running.sysctl);
    assert_int_equal(fixture->xen->domctls, 0);
    stop(fixture);
}

TEST(what_cannot_be_asked_is_asked_again)
{
    struct fixture *fixture = start(17);
    struct hvabi_running running;

    fixture->xen->version_errno = EPERM;
    assert_fails_with(xenhvabi_running(fixture->abi.xcall, &running), -1, EPERM);
    fixture->xen->version_errno = 0;
    running = learn(fixture);
    assert_served_as(&running, 17, 17);
    stop(fixture);
}

TEST(a_buffer_that_was_being_moved_is_no_answer)
{
    struct fixture *fixture = start(20);
    struct hvabi_running running;

    fixture->xen->faults = 2;
    running = learn(fixture);
    assert_served_as(&running, 20, 20);
    stop(fixture);

    fixture = start(20);
    fixture->xen->faults = 100;
    assert_fails_with(xenhvabi_running(fixture->abi.xcall, &running), -1, EFAULT);
    stop(fixture);
}

TEST(no_memory_for_a_buffer_is_an_error)
{
    struct fixture *fixture = start(17);
    struct hvabi_running running;

    fakexen_fail_next(FAKEXEN_MMAP, ENOMEM, 10, 0);
    assert_fails_with(xenhvabi_running(fixture->abi.xcall, &running), -1, ENOMEM);
    stop(fixture);
}

TEST(a_release_can_be_forced_down)
{
    struct fixture *fixture = start(20);
    struct hvabi_running running;

    learn(fixture);
    assert_int_equal(xenhvabi_force_release(HVABI_RELEASE(4, 14)), 0);
    running = learn(fixture);
    assert_int_equal(running.release, HVABI_RELEASE(4, 14));
    assert_served_as(&running, 14, 14);

    assert_int_equal(xenhvabi_force_release(0), 0);
    running = learn(fixture);
    assert_int_equal(running.release, HVABI_RELEASE(4, 20));
    stop(fixture);
}

TEST(no_release_can_be_forced_up_or_made_up)
{
    struct fixture *fixture = start(17);

    learn(fixture);
    assert_fails_with(xenhvabi_force_release(HVABI_RELEASE(4, 18)), -1, EINVAL);
    assert_fails_with(xenhvabi_force_release(HVABI_RELEASE(4, 13)), -1, EINVAL);
    assert_fails_with(xenhvabi_force_release(HVABI_RELEASE(5, 0)), -1, EINVAL);
    assert_int_equal(learn(fixture).release, HVABI_RELEASE(4, 17));
    stop(fixture);
}

static void *learn_in_thread(void *fixture)
{
    for (int i = 0; i < 100; i++) {
        struct hvabi_running running = learn(fixture);

        assert_served_as(&running, 20, 20);
    }
    return NULL;
}

TEST(threads_learn_it_at_once)
{
    struct fixture *fixture = start(20);
    pthread_t threads[4];

    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, learn_in_thread, fixture), 0);
    for (unsigned i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    stop(fixture);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_known_release_is_found_by_its_own_numbers),
        cmocka_unit_test(it_is_learnt_once_per_process),
        cmocka_unit_test(learning_keeps_errno),
        cmocka_unit_test(point_releases_are_told_apart),
        cmocka_unit_test(without_privilege_the_release_is_learnt_too),
        cmocka_unit_test(a_policy_that_refuses_everything_is_no_wrong_version),
        cmocka_unit_test(a_newer_release_with_a_known_number_is_served_as_the_newest),
        cmocka_unit_test(a_newer_release_with_new_numbers_is_known_by_its_release_only),
        cmocka_unit_test(the_two_interfaces_are_found_one_by_one),
        cmocka_unit_test(a_development_version_is_served_by_its_number),
        cmocka_unit_test(a_release_before_4_14_is_not_served),
        cmocka_unit_test(what_cannot_be_asked_is_asked_again),
        cmocka_unit_test(a_buffer_that_was_being_moved_is_no_answer),
        cmocka_unit_test(no_memory_for_a_buffer_is_an_error),
        cmocka_unit_test(a_release_can_be_forced_down),
        cmocka_unit_test(no_release_can_be_forced_up_or_made_up),
        cmocka_unit_test(threads_learn_it_at_once),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
