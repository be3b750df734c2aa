/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * count-syscalls [--stand-in [--no-hypercall-device]] -- PROGRAM [ARGUMENT]...
 *
 * Runs PROGRAM and counts, by ptrace(2), the system calls of all its threads
 * between the marks of marks.h. For each pair of marks it prints
 *   count NAME OPERATIONS TOTAL CALL=N CALL=N...
 * With --stand-in it also plays the devices under /dev/xen (standin.h), at the
 * same boundary, so that a count needs no Xen and no library of its own between.
 * Exit status: PROGRAM's; 125 if PROGRAM could not be watched.
 */
#include "marks.h"
#include "standin.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { HIGHEST_CALL = 512, NAME_BYTES = 64, MOST_THREADS = 64, EXIT_NOT_WATCHED = 125 };

struct call_name {
    unsigned number;
    const char *name;
};
static const struct call_name call_names[] = {
    {SYS_clock_gettime, "clock_gettime"}, {SYS_close, "close"}, {SYS_clock_nanosleep, "sleep"},
    {SYS_fcntl, "fcntl"}, {SYS_futex, "futex"}, {SYS_getpid, "getpid"}, {SYS_getppid, "getppid"},
    {SYS_ioctl, "ioctl"}, {SYS_lseek, "lseek"}, {SYS_madvise, "madvise"}, {SYS_mlock, "mlock"},
    {SYS_mmap, "mmap"}, {SYS_mremap, "mremap"}, {SYS_mprotect, "mprotect"},
    {SYS_munmap, "munmap"}, {SYS_openat, "open"}, {SYS_ppoll, "ppoll"}, {SYS_read, "read"},
    {SYS_readv, "readv"}, {SYS_write, "write"}, {SYS_writev, "writev"}, {SYS_brk, "brk"},
    {SYS_sendmsg, "sendmsg"}, {SYS_sendto, "send"}, {SYS_recvfrom, "recv"},
    {SYS_recvmsg, "recvmsg"}, {SYS_socket, "socket"}, {SYS_connect, "connect"},
    {SYS_newfstatat, "stat"}, {SYS_rt_sigaction, "sigaction"}, {SYS_epoll_ctl, "epoll_ctl"},
#ifdef SYS_open
    {SYS_open, "open"},       {SYS_poll, "poll"},
#endif
};

static struct {
    bool counting;
    char name[NAME_BYTES];
    unsigned calls[HIGHEST_CALL];
} window;

static bool with_stand_in;

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "count-syscalls: %s: %s\n", what, strerror(errno));
    exit(EXIT_NOT_WATCHED);
}

static void print_call(unsigned number, unsigned times)
{
    for (size_t i = 0; i < sizeof(call_names) / sizeof(call_names[0]); i++)
        if (call_names[i].number == number) {
            printf(" %s=%u", call_names[i].name, times);
            return;
        }
    printf(" call%u=%u", number, times);
}

static void begin_window(pid_t pid, uint64_t name)
{
    struct iovec local = {window.name, NAME_BYTES - 1};
    struct iovec remote = {(void *)(uintptr_t)name, NAME_BYTES - 1};

    memset(&window, 0, sizeof(window));
    if (process_vm_readv(pid, &local, 1, &remote, 1, 0) < 0)
        fail("cannot read the program's memory");
    window.counting = true;
}

static void end_window(uint64_t operations)
{
    unsigned total = 0;

    for (unsigned i = 0; i < HIGHEST_CALL; i++)
        total += window.calls[i];
    printf("count %s %llu %u", window.name, (unsigned long long)operations, total);
    for (unsigned i = 0; i < HIGHEST_CALL; i++)
        if (window.calls[i])
            print_call(i, window.calls[i]);
    putchar('\n');
    fflush(stdout);
    window.counting = false;
}

/* Takes a mark; true if the program is to be let go. */
static bool take_mark(pid_t pid, const uint64_t *args)
{
    switch (args[1]) {
    case MARK_BEGIN:
        begin_window(pid, args[2]);
        return false;
    case MARK_END:
        end_window(args[3]);
        return false;
    default:
        return args[1] == MARK_LET_GO;
    }
}

/* The start of a system call; true if the program is to be let go. */
static bool enter_call(pid_t pid, uint64_t number, const uint64_t *args)
{
    if (number == SYS_prctl && args[0] == MARK_PRCTL)
        return take_mark(pid, args);
    if (window.counting)
        window.calls[number < HIGHEST_CALL ? number : HIGHEST_CALL - 1]++;
    if (with_stand_in)
        standin_enter_call(pid, number, args);
    return false;
}

/* One stop of the program at a system call; true if it is to be let go. */
static bool look_at_call(pid_t pid)
{
    struct __ptrace_syscall_info info;

    if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) < 0)
        fail("cannot look at a system call (Linux 5.3 can)");
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
        return enter_call(pid, info.entry.nr, (const uint64_t *)info.entry.args);
    if (info.op == PTRACE_SYSCALL_INFO_EXIT && with_stand_in)
        standin_leave_call(pid, info.exit.rval);
    return false;
}

static int exit_status(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int wait_for(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, __WALL) < 0)
        if (errno != EINTR)
            fail("cannot wait for the program");
    return status;
}

/* ---- the threads of the program; the first one's number is the program's */

static pid_t threads[MOST_THREADS];
static unsigned thread_count;

static bool is_known(pid_t thread)
{
    for (unsigned i = 0; i < thread_count; i++)
        if (threads[i] == thread)
            return true;
    return false;
}

static void add_thread(pid_t thread)
{
    if (thread_count == MOST_THREADS)
        fail("the program has too many threads");
    threads[thread_count++] = thread;
}

static void remove_thread(pid_t thread)
{
    for (unsigned i = 0; i < thread_count; i++)
        if (threads[i] == thread)
            threads[i] = threads[--thread_count];
}

static void detach(pid_t thread)
{
    if (ptrace(PTRACE_DETACH, thread, NULL, NULL))
        fail("cannot let the program go");
}

/* A thread that runs has to be stopped first. */
static void stop_and_detach(pid_t program, pid_t thread)
{
    int status;

    if (syscall(SYS_tgkill, program, thread, SIGSTOP))
        fail("cannot stop a thread");
    for (status = wait_for(thread); WIFSTOPPED(status); status = wait_for(thread)) {
        if (WSTOPSIG(status) == SIGSTOP) {
            detach(thread);
            return;
        }
        ptrace(PTRACE_CONT, thread, NULL, NULL);
    }
}

static int let_go(pid_t program, pid_t asking)
{
    for (unsigned i = 0; i < thread_count; i++)
        if (threads[i] != asking)
            stop_and_detach(program, threads[i]);
    detach(asking);
    return exit_status(wait_for(program));
}

/* The signal with which a stopped thread goes on. */
static int signal_to_pass(pid_t thread, int status)
{
    if (!is_known(thread)) {
        add_thread(thread); /* the stop in which it begins */
        return 0;
    }
    if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8) ||
        status >> 8 == (SIGTRAP | PTRACE_EVENT_CLONE << 8))
        return 0;
    return WSTOPSIG(status);
}

static int watch(pid_t program)
{
    add_thread(program);
    for (;;) {
        int status, signal = 0;
        pid_t thread = waitpid(-1, &status, __WALL);

        if (thread < 0 && errno != EINTR)
            fail("cannot wait for the program");
        if (thread < 0)
            continue;
        if (!WIFSTOPPED(status)) {
            if (thread == program)
                return exit_status(status);
            remove_thread(thread);
            continue;
        }
        if (WSTOPSIG(status) != (SIGTRAP | 0x80))
            signal = signal_to_pass(thread, status);
        else if (look_at_call(thread))
            return let_go(program, thread);
        if (ptrace(PTRACE_SYSCALL, thread, NULL, (void *)(intptr_t)signal) && errno != ESRCH)
            fail("cannot resume the program");
    }
}

static pid_t start(char **command)
{
    pid_t pid = fork();

    if (pid < 0)
        fail("cannot fork");
    if (pid == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
            fail("this process may not be watched (ptrace)");
        raise(SIGSTOP);
        execv(command[0], command);
        fail(command[0]);
    }
    if (!WIFSTOPPED(wait_for(pid)))
        exit(EXIT_NOT_WATCHED);
    if (ptrace(PTRACE_SETOPTIONS, pid, NULL,
               PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACECLONE |
                   PTRACE_O_EXITKILL) ||
        ptrace(PTRACE_SYSCALL, pid, NULL, NULL))
        fail("cannot watch the program");
    return pid;
}

int main(int argc, char **argv)
{
    int next = 1;

    for (; next < argc && strcmp(argv[next], "--") != 0; next++) {
        if (strcmp(argv[next], "--stand-in") == 0)
            with_stand_in = true;
        else if (strcmp(argv[next], "--no-hypercall-device") == 0)
            standin_remove_device("hypercall");
        else
            break;
    }
    if (next + 1 >= argc || strcmp(argv[next], "--") != 0) {
        fprintf(stderr, "usage: count-syscalls [--stand-in [--no-hypercall-device]] "
                        "-- PROGRAM [ARGUMENT]...\n");
        return EXIT_NOT_WATCHED;
    }
    return watch(start(argv + next + 1));
}
