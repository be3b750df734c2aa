/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes system calls whose number is known, for counter_test.py. They are made
 * by syscall(2), so that no library can add or save any.
 */
#include "marks.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static void ignore_signal(int signum)
{
    (void)signum;
}

static void nothing(void)
{
    make_mark(MARK_BEGIN, "nothing", 0);
    make_mark(MARK_END, NULL, 1);
}

static void three_getpid(void)
{
    make_mark(MARK_BEGIN, "three-getpid", 0);
    for (int i = 0; i < 3; i++)
        syscall(SYS_getpid);
    make_mark(MARK_END, NULL, 3);
}

static void failing_calls(void)
{
    make_mark(MARK_BEGIN, "failing-calls", 0);
    syscall(SYS_read, -1, NULL, 0);
    syscall(SYS_close, -1);
    make_mark(MARK_END, NULL, 2);
}

static void a_thousand_calls(void)
{
    make_mark(MARK_BEGIN, "a-thousand-calls", 0);
    for (int i = 0; i < 500; i++) {
        syscall(SYS_getpid);
        syscall(SYS_lseek, -1, 0, 0);
    }
    make_mark(MARK_END, NULL, 1000);
}

static void call_from_a_signal_handler(int signum)
{
    (void)signum;
    syscall(SYS_getpid);
}

/* kill, the handler's getpid, and the return from the handler: three. */
static void a_signal(void)
{
    struct sigaction action;
    pid_t pid = getpid();

    memset(&action, 0, sizeof(action));
    action.sa_handler = call_from_a_signal_handler;
    sigaction(SIGUSR1, &action, NULL);
    make_mark(MARK_BEGIN, "a-signal", 0);
    syscall(SYS_kill, pid, SIGUSR1);
    make_mark(MARK_END, NULL, 1);
    action.sa_handler = ignore_signal;
    sigaction(SIGUSR1, &action, NULL);
}

static atomic_int thread_turn; /* 1: it runs, 2: it calls, 3: it has called, 4: it ends */

static void wait_for_turn(int turn)
{
    while (atomic_load(&thread_turn) < turn)
        continue;
}

static void *call_in_a_thread(void *unused)
{
    atomic_store(&thread_turn, 1);
    wait_for_turn(2);
    for (int i = 0; i < 5; i++)
        syscall(SYS_getppid);
    atomic_store(&thread_turn, 3);
    wait_for_turn(4);
    return unused;
}

/* The thread is there already, and still there when the program is let go. */
static pthread_t a_thread(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, call_in_a_thread, NULL);
    wait_for_turn(1);
    make_mark(MARK_BEGIN, "a-thread", 0);
    syscall(SYS_getpid);
    atomic_store(&thread_turn, 2);
    wait_for_turn(3);
    make_mark(MARK_END, NULL, 1);
    return thread;
}

static void not_counted_outside(void)
{
    for (int i = 0; i < 7; i++)
        syscall(SYS_getppid);
}

static void device_calls(void)
{
    void *page = MAP_FAILED;
    int fd;

    make_mark(MARK_BEGIN, "device-calls", 0);
    fd = (int)syscall(SYS_openat, AT_FDCWD, "/dev/xen/gntdev", O_RDWR);
    if (fd >= 0)
        page = (void *)syscall(SYS_mmap, NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
                               0x7000);
    make_mark(MARK_END, NULL, 1);
    if (page != MAP_FAILED) {
        /* The mapping is memory although the offset is far beyond the file. */
        *(volatile uint32_t *)page = 1;
        make_mark(MARK_BEGIN, "device-memory-works", 0);
        make_mark(MARK_END, NULL, *(volatile uint32_t *)page);
    }
}

/* known-sequences [devices] */
int main(int argc, char **argv)
{
    pthread_t thread;

    (void)argv;
    nothing();
    three_getpid();
    not_counted_outside();
    failing_calls();
    a_thousand_calls();
    a_signal();
    thread = a_thread();
    if (argc > 1)
        device_calls();
    make_mark(MARK_BEGIN, "let-go", 0);
    make_mark(MARK_LET_GO, NULL, 0);
    syscall(SYS_getpid); /* nobody counts this one */
    make_mark(MARK_END, NULL, 1);
    atomic_store(&thread_turn, 4);
    pthread_join(thread, NULL);
    return 7; /* which count-syscalls passes on */
}
