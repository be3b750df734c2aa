/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * call-threads real|stand-in: how many buffers a second 8 threads allocate and
 * free, each on a handle of its own. Prints `rate NAME PER_SECOND`.
 */
#include "marks.h"
#include "measure.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include <xencall.h>

enum { THREADS = 8, RUN_US = 300000 };

static atomic_bool started, stopped;

struct worker {
    _Alignas(64) xencall_handle *handle; /* no cache line is shared with a neighbour */
    pthread_t thread;
    unsigned long allocated;
};
static struct worker workers[THREADS];

static void *allocate_until_stopped(void *argument)
{
    struct worker *worker = argument;
    unsigned long allocated = 0;

    while (!atomic_load_explicit(&started, memory_order_acquire))
        ;
    while (!atomic_load_explicit(&stopped, memory_order_relaxed)) {
        void *buffer = xencall_alloc_buffer_pages(worker->handle, 1);

        if (!buffer)
            measure_fail("xencall_alloc_buffer_pages");
        xencall_free_buffer_pages(worker->handle, buffer, 1);
        allocated++;
    }
    worker->allocated = allocated;
    return NULL;
}

static double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double run_workers(void)
{
    unsigned long sum = 0;
    double start;

    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&workers[i].thread, NULL, allocate_until_stopped, &workers[i]))
            measure_fail("pthread_create");
    start = seconds_now();
    atomic_store_explicit(&started, true, memory_order_release);
    usleep(RUN_US);
    atomic_store_explicit(&stopped, true, memory_order_relaxed);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        sum += workers[i].allocated;
    }
    return (double)sum / (seconds_now() - start);
}

int main(int argc, char **argv)
{
    measure_ground(&argc, &argv);
    for (int i = 0; i < THREADS; i++) {
        workers[i].handle = xencall_open(NULL, 0);
        if (!workers[i].handle)
            measure_fail("xencall_open");
    }
    make_mark(MARK_LET_GO, NULL, 0);
    measure_print_libraries();
    printf("rate call-8-threads %.0f\n", run_workers());
    return 0;
}
