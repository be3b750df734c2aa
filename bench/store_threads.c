/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * store-threads real: how many values a second 4 threads read through one handle, which
 * has a watch. Needs a xenstored to talk to. Prints `rate NAME PER_SECOND`.
 */
#include "marks.h"
#include "measure.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <xenstore.h>

#define TOP "/xenlibs-bench-threads"

enum { THREADS = 4, RUN_US = 500000 };

static atomic_bool stopped;
static struct xs_handle *handle;

static void *read_until_stopped(void *count)
{
    unsigned long *reads = count;
    unsigned length;

    while (!atomic_load_explicit(&stopped, memory_order_relaxed)) {
        char *value = xs_read(handle, XBT_NULL, TOP, &length);

        if (!value)
            measure_fail("xs_read");
        free(value);
        ++*reads;
    }
    return NULL;
}

static double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    unsigned long reads[THREADS] = {0}, sum = 0;
    pthread_t threads[THREADS];
    double start;

    measure_ground(&argc, &argv);
    handle = xs_open(0);
    if (!handle || !xs_write(handle, XBT_NULL, TOP, "value", 5) ||
        !xs_watch(handle, TOP "/unchanged", "token"))
        measure_fail("xs_open");
    make_mark(MARK_LET_GO, NULL, 0);
    measure_print_libraries();
    start = seconds_now();
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, read_until_stopped, &reads[i]))
            measure_fail("pthread_create");
    usleep(RUN_US);
    atomic_store(&stopped, true);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        sum += reads[i];
    }
    printf("rate store-4-threads %.0f\n", (double)sum / (seconds_now() - start));
    xs_rm(handle, XBT_NULL, TOP);
    xs_close(handle);
    return 0;
}
