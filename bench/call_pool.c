/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Hypercall buffers: upstream's libxencall against ours, in one process, in
 * turns, over the same stand-in for the devices.
 *
 *   call_pool OUR-LIBRARY [UPSTREAM-LIBRARY]
 */
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "fakexen.h"
#include "xencall.h"

#define UPSTREAM "/usr/lib/x86_64-linux-gnu/libxencall.so.1"

enum { THREADS = 8, ROUNDS = 7, ROUND_MS = 150, BATCH = 64, BIG_PAGES = 64, BIG_RUNS = 100 };

struct library {
    const char *path;
    xencall_handle *(*open)(struct xentoollog_logger *, unsigned);
    int (*close)(xencall_handle *);
    void *(*alloc_buffer)(xencall_handle *, size_t);
    void (*free_buffer)(xencall_handle *, void *);
    void *(*alloc_pages)(xencall_handle *, size_t);
    void (*free_pages)(xencall_handle *, void *, size_t);
};

static void find(void *object, const char *name, void *function)
{
    void *symbol = dlsym(object, name);

    if (!symbol) {
        fprintf(stderr, "call_pool: %s\n", dlerror());
        exit(EXIT_FAILURE);
    }
    *(void **)function = symbol;
}

static void load(struct library *library, const char *path)
{
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);

    if (!object) {
        fprintf(stderr, "call_pool: %s\n", dlerror());
        exit(EXIT_FAILURE);
    }
    library->path = path;
    find(object, "xencall_open", &library->open);
    find(object, "xencall_close", &library->close);
    find(object, "xencall_alloc_buffer", &library->alloc_buffer);
    find(object, "xencall_free_buffer", &library->free_buffer);
    find(object, "xencall_alloc_buffer_pages", &library->alloc_pages);
    find(object, "xencall_free_buffer_pages", &library->free_pages);
}

static xencall_handle *open_handle(const struct library *library)
{
    xencall_handle *xcall = library->open(NULL, 0);

    if (!xcall) {
        fprintf(stderr, "call_pool: %s: xencall_open failed\n", library->path);
        exit(EXIT_FAILURE);
    }
    return xcall;
}

/* ---- the operations ---- */

typedef void batch_fn(const struct library *library, xencall_handle *xcall);

static void use_small(const struct library *library, xencall_handle *xcall)
{
    for (int i = 0; i < BATCH; i++)
        library->free_buffer(xcall, library->alloc_buffer(xcall, 144));
}

static void use_page(const struct library *library, xencall_handle *xcall)
{
    for (int i = 0; i < BATCH; i++)
        library->free_pages(xcall, library->alloc_pages(xcall, 1), 1);
}

/* ---- threads, each on a handle of its own ---- */

struct worker {
    const struct library *library;
    batch_fn *run;
    unsigned long operations;
    pthread_t thread;
};

static atomic_bool go, stop;

static void *work(void *argument)
{
    struct worker *worker = argument;
    xencall_handle *xcall = open_handle(worker->library);
    unsigned long operations = 0;

    while (!go)
        sched_yield();
    while (!stop) {
        worker->run(worker->library, xcall);
        operations += BATCH;
    }
    worker->operations = operations;
    worker->library->close(xcall);
    return NULL;
}

static double seconds_now(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/*
 * Millions of operations a second, of all threads together. Adds to @cores how
 * many the machine had to spare: on a busy one, threads take turns instead of
 * contending, which flatters a global lock.
 */
static double measure(const struct library *library, batch_fn *run, unsigned threads,
                      double *cores)
{
    struct worker workers[THREADS];
    unsigned long operations = 0;
    double started, elapsed, cpu;

    go = stop = false;
    for (unsigned i = 0; i < threads; i++) {
        workers[i] = (struct worker){.library = library, .run = run};
        pthread_create(&workers[i].thread, NULL, work, &workers[i]);
    }
    started = seconds_now(CLOCK_MONOTONIC);
    cpu = seconds_now(CLOCK_PROCESS_CPUTIME_ID);
    go = true;
    nanosleep(&(struct timespec){.tv_nsec = ROUND_MS * 1000000L}, NULL);
    stop = true;
    elapsed = seconds_now(CLOCK_MONOTONIC) - started;
    *cores += (seconds_now(CLOCK_PROCESS_CPUTIME_ID) - cpu) / elapsed;
    for (unsigned i = 0; i < threads; i++) {
        pthread_join(workers[i].thread, NULL);
        operations += workers[i].operations;
    }
    return (double)operations / elapsed / 1e6;
}

static int by_value(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;

    return (difference > 0) - (difference < 0);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof(*values), by_value);
    return values[ROUNDS / 2];
}

/* In turns, so that a busy machine is equally busy for both. */
static void compare(const struct library *upstream, const struct library *ours,
                    const char *what, batch_fn *run, unsigned threads)
{
    double theirs_mops[ROUNDS], ours_mops[ROUNDS], a, b;
    double their_cores = 0, our_cores = 0;

    for (int i = 0; i < ROUNDS; i++) {
        theirs_mops[i] = measure(upstream, run, threads, &their_cores);
        ours_mops[i] = measure(ours, run, threads, &our_cores);
    }
    a = median(theirs_mops);
    b = median(ours_mops);
    printf("%-24s %7u %11.1f %9.1f Mop/s %8.2fx  (ours had %.1f cores)\n", what, threads, a,
           b, b / a, our_cores / ROUNDS);
}

/* ---- system calls ---- */

static unsigned memory_calls(void)
{
    return fakexen_count_all() + fakexen_count_anonymous(FAKEXEN_MMAP) +
           fakexen_count_anonymous(FAKEXEN_MUNMAP) +
           fakexen_count_anonymous(FAKEXEN_MADVISE);
}

static double calls_for_big(const struct library *library)
{
    xencall_handle *xcall = open_handle(library);
    unsigned before;

    library->free_pages(xcall, library->alloc_pages(xcall, BIG_PAGES), BIG_PAGES);
    before = memory_calls();
    for (int i = 0; i < BIG_RUNS; i++)
        library->free_pages(xcall, library->alloc_pages(xcall, BIG_PAGES), BIG_PAGES);
    before = memory_calls() - before;
    library->close(xcall);
    return (double)before / BIG_RUNS;
}

static void compare_calls(const struct library *upstream, const struct library *ours,
                          const char *what)
{
    printf("%-24s %7s %11.0f %9.0f system calls each\n", what, "1", calls_for_big(upstream),
           calls_for_big(ours));
}

int main(int argc, char **argv)
{
    struct library upstream, ours;

    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: call_pool OUR-LIBRARY [UPSTREAM-LIBRARY]\n");
        return EXIT_FAILURE;
    }
    load(&upstream, argc == 3 ? argv[2] : UPSTREAM);
    load(&ours, argv[1]);
    fakexen_add_device("/dev/xen/privcmd");

    printf("%-24s %7s %11s %9s\n", "alloc + free", "threads", "upstream", "ours");
    compare_calls(&upstream, &ours, "256 KiB, locked memory");
    fakexen_add_device("/dev/xen/hypercall");
    compare_calls(&upstream, &ours, "256 KiB, device");
    compare(&upstream, &ours, "144 bytes", use_small, 1);
    compare(&upstream, &ours, "1 page", use_page, 1);
    compare(&upstream, &ours, "144 bytes", use_small, THREADS);
    compare(&upstream, &ours, "1 page", use_page, THREADS);
    return EXIT_SUCCESS;
}
