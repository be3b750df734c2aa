/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stress [--operations N] [--processes N] [--seed N] [--fault NAME]
 *
 * 200 connections at once to a real xenstored, from 20 processes with 12 threads each,
 * of which three share a handle: 100,000 operations, transactions among them, each
 * checked when it is made and all of them against a model at the end. Needs a xenstored
 * to talk to (tests/store/with-xenstored, or dom0). Prints TAP: one test.
 *
 * A fault is made on purpose, to see that it is noticed: see enum fault.
 */
#include "stress.h"

#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COMPLAINTS_SHOWN = 10, RUN_SECONDS = 600 };

static const char *const fault_names[] = {
    [NO_FAULT] = "none",
    [A_WRITE_IS_LOST] = "a-write-is-lost",
    [AN_UPDATE_IS_LOST] = "an-update-is-lost",
    [A_RECORD_IS_TORN] = "a-record-is-torn",
    [AN_OLD_RECORD_IS_BACK] = "an-old-record-is-back",
    [A_TRANSFER_IS_HALF_DONE] = "a-transfer-is-half-done",
    [A_CHILD_IS_MISSING] = "a-child-is-missing",
    [A_REPLY_GOES_ASTRAY] = "a-reply-goes-astray",
};

void complain(struct world *world, const char *format, ...)
{
    va_list arguments;

    atomic_store(&world->stop, true);
    if (atomic_fetch_add(&world->complaints, 1) >= COMPLAINTS_SHOWN)
        return;
    flockfile(stdout);
    printf("# ");
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
    funlockfile(stdout);
}

struct thread {
    struct world *world;
    struct xs_handle *xsh;
    uint32_t client;
    pthread_t id;
};

static void *run_thread(void *argument)
{
    struct thread *thread = argument;

    run_client(thread->world, thread->client, thread->xsh);
    return NULL;
}

/* The extra threads share the first handle with its own thread. */
static void run_process(struct world *world, uint32_t process)
{
    struct xs_handle *handles[HANDLES];
    struct thread threads[THREADS];

    alarm(RUN_SECONDS);
    for (uint32_t i = 0; i < HANDLES; i++) {
        handles[i] = xs_open(0);
        if (!handles[i]) {
            complain(world, "xs_open failed: %s", strerrorname_np(errno));
            return;
        }
    }
    for (uint32_t i = 0; i < THREADS; i++) {
        threads[i] = (struct thread){world, handles[i < HANDLES ? i : 0], process * THREADS + i, 0};
        if (pthread_create(&threads[i].id, NULL, run_thread, &threads[i]))
            abort();
    }
    for (uint32_t i = 0; i < THREADS; i++)
        pthread_join(threads[i].id, NULL);
    for (uint32_t i = 0; i < HANDLES; i++)
        xs_close(handles[i]);
}

static void start_processes(struct world *world)
{
    fflush(stdout);
    for (uint32_t process = 0; process < world->processes; process++) {
        pid_t child = fork();

        if (child < 0)
            complain(world, "fork failed: %s", strerrorname_np(errno));
        if (child == 0) {
            run_process(world, process);
            exit(EXIT_SUCCESS);
        }
    }
}

/* All clients are connected before the first of them begins. */
static void wait_until_all_are_ready(struct world *world)
{
    while (atomic_load(&world->ready) < client_count(world) && !atomic_load(&world->complaints))
        usleep(1000);
    atomic_store(&world->go, true);
}

static void wait_for_processes(struct world *world)
{
    int status;

    while (wait(&status) > 0)
        if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS)
            complain(world, "a process ended with status %#x", (unsigned)status);
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void report(const struct world *world, double seconds)
{
    uint64_t overtaken = 0, events = 0;
    long committed = 0;

    for (uint32_t client = 0; client < client_count(world); client++) {
        overtaken += world->clients[client].overtaken;
        events += world->clients[client].events;
        for (uint32_t i = 0; i < COUNTERS; i++)
            committed += world->clients[client].increments[i];
    }
    printf("# %llu operations on %u connections by %u threads in %.1f s; %ld increments committed, "
           "%llu transactions overtaken, %llu events\n",
           (unsigned long long)atomic_load(&world->operations), world->processes * HANDLES,
           client_count(world), seconds, committed, (unsigned long long)overtaken,
           (unsigned long long)events);
}

static int run(struct world *world)
{
    struct xs_handle *xsh = xs_open(0);
    double start = now();

    alarm(RUN_SECONDS);
    if (!xsh || !prepare_store(xsh)) {
        printf("Bail out! no xenstored to write to: %s\n", strerrorname_np(errno));
        return EXIT_FAILURE;
    }
    start_processes(world);
    wait_until_all_are_ready(world);
    wait_for_processes(world);
    plant_fault(world, xsh);
    check_store(world, xsh);
    if (atomic_load(&world->operations) < world->wanted && !world->complaints)
        complain(world, "there were only %llu operations",
                 (unsigned long long)atomic_load(&world->operations));
    xs_rm(xsh, XBT_NULL, "/xenlibs-stress");
    xs_close(xsh);
    report(world, now() - start);
    printf("%sok 1 - %llu operations of %u clients leave what the model says\n1..1\n",
           world->complaints ? "not " : "", (unsigned long long)world->wanted,
           world->processes * HANDLES);
    return world->complaints ? EXIT_FAILURE : EXIT_SUCCESS;
}

static enum fault fault_named(const char *name)
{
    for (size_t i = 0; i < sizeof(fault_names) / sizeof(fault_names[0]); i++)
        if (strcmp(fault_names[i], name) == 0)
            return (enum fault)i;
    fprintf(stderr, "stress: no fault is called %s\n", name);
    exit(2);
}

static void read_options(struct world *world, int argc, char **argv)
{
    static const struct option options[] = {
        {"operations", required_argument, NULL, 'o'},
        {"processes", required_argument, NULL, 'p'},
        {"seed", required_argument, NULL, 's'},
        {"fault", required_argument, NULL, 'f'},
        {NULL, 0, NULL, 0},
    };

    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        switch (option) {
        case 'o':
            world->wanted = strtoull(optarg, NULL, 10);
            break;
        case 'p':
            world->processes = (uint32_t)strtoul(optarg, NULL, 10);
            break;
        case 's':
            world->seed = (uint32_t)strtoul(optarg, NULL, 10);
            break;
        case 'f':
            world->fault = fault_named(optarg);
            break;
        default:
            exit(2);
        }
    if (world->processes < 1 || world->processes > MAX_PROCESSES || optind != argc) {
        fprintf(stderr, "usage: stress [--operations N] [--processes 1..%d] [--seed N] "
                        "[--fault NAME]\n", MAX_PROCESSES);
        exit(2);
    }
}

int main(int argc, char **argv)
{
    struct world *world = mmap(NULL, sizeof(*world), PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (world == MAP_FAILED)
        abort();
    world->processes = MAX_PROCESSES;
    world->wanted = 100000;
    world->seed = 1;
    read_options(world, argc, argv);
    return run(world);
}
