/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How many system calls things cost, of whatever kind: counted by ptrace(2) in a child,
 * in the thread that calls the library, between two marks.
 */
#include "fake_store.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { MARK = SYS_getppid };

static void mark(void)
{
    syscall(MARK);
}

struct counted {
    unsigned int all;
    unsigned int signal_handling; /* sigaction(2) and sigprocmask(2) */
};

#if defined(__x86_64__)
#include <sys/user.h>
static long call_number(pid_t child)
{
    struct user_regs_struct registers;

    assert_int_equal(ptrace(PTRACE_GETREGS, child, NULL, &registers), 0);
    return (long)registers.orig_rax;
}
#else
static long call_number(pid_t child)
{
    (void)child;
    skip_because("system calls are counted on x86-64 only");
}
#endif

/* Lets the child run to its next entry or exit of a call; false when it has ended. */
static bool step(pid_t child, int *status)
{
    int signal = 0;

    do {
        ptrace(PTRACE_SYSCALL, child, NULL, (void *)(intptr_t)signal);
        assert_int_equal(waitpid(child, status, 0), child);
        signal = WIFSTOPPED(*status) ? WSTOPSIG(*status) : 0;
    } while (WIFSTOPPED(*status) && signal != (SIGTRAP | 0x80));
    return WIFSTOPPED(*status);
}

static struct counted count_in(pid_t child)
{
    struct counted counted = {0, 0};
    bool counting = false, entry = true;
    int status;

    waitpid(child, &status, 0);
    if (!WIFSTOPPED(status))
        skip_because("this machine does not allow ptrace");
    ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD);
    for (; step(child, &status); entry = !entry) {
        long call = entry ? call_number(child) : -1;

        if (call == MARK)
            counting = !counting;
        else if (entry && counting)
            counted.all++;
        if (counting && (call == SYS_rt_sigaction || call == SYS_rt_sigprocmask))
            counted.signal_handling++;
    }
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    return counted;
}

/* What @operation costs on a connection that @prepare has used before. */
static struct counted cost_of(void (*prepare)(struct xs_handle *),
                              void (*operation)(struct xs_handle *))
{
    struct counted counted;
    pid_t child;

    fake_store_start(NULL);
    fake_answer_string("value");
    child = fork();
    if (child == 0) {
        struct xs_handle *h = xs_open(0);

        prepare(h);
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        mark();
        operation(h);
        mark();
        _exit(0);
    }
    counted = count_in(child);
    fake_store_close(NULL);
    return counted;
}

static void small_read(struct xs_handle *h)
{
    free(xs_read(h, XBT_NULL, "/x", NULL));
}

static void set_watch(struct xs_handle *h)
{
    xs_watch(h, "/x", "t");
    small_read(h);
}

static void set_watch_and_poll(struct xs_handle *h)
{
    struct pollfd polled = {.events = POLLIN};

    polled.fd = xs_fileno(h);
    set_watch(h);
    poll(&polled, 1, 0);
    free(xs_check_watch(h));
}

TEST(a_small_read_is_two_system_calls)
{
    assert_int_equal(cost_of(small_read, small_read).all, 2);
}

TEST(defect_a_read_costs_more_after_a_watch)
{
    assert_int_equal(cost_of(set_watch, small_read).all, 2);
}

TEST(a_read_in_an_event_loop_is_two_system_calls)
{
    assert_int_equal(cost_of(set_watch_and_poll, small_read).all, 2);
}

TEST(defect_a_request_touches_signal_handling)
{
    assert_int_equal(cost_of(small_read, small_read).signal_handling, 0);
    assert_int_equal(cost_of(small_read, set_watch).signal_handling, 0);
}

static void write_and_transact(struct xs_handle *h)
{
    xs_write(h, XBT_NULL, "/x", "v", 1);
    xs_transaction_start(h);
    xs_transaction_end(h, 1, false);
    xs_rm(h, XBT_NULL, "/x");
}

TEST(every_request_is_two_system_calls)
{
    assert_int_equal(cost_of(small_read, write_and_transact).all, 8);
}

static void check_nothing(struct xs_handle *h)
{
    free(xs_check_watch(h));
}

TEST(looking_for_an_event_is_one_system_call)
{
    assert_int_equal(cost_of(set_watch, check_nothing).all, 1);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_read_is_two_system_calls),
        cmocka_unit_test(defect_a_read_costs_more_after_a_watch),
        cmocka_unit_test(a_read_in_an_event_loop_is_two_system_calls),
        cmocka_unit_test(defect_a_request_touches_signal_handling),
        cmocka_unit_test(every_request_is_two_system_calls),
        cmocka_unit_test(looking_for_an_event_is_one_system_call),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
