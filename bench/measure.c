/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "measure.h"

#include "marks.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <x86intrin.h>

enum {
    MOST_MEASUREMENTS = 16,
    SAMPLES = 15,
    SAMPLES_IF_PREPARED = 7, /* preparing may take long */
};

#define SAMPLE_TICKS 4000000u /* some milliseconds: long beside the counter's own cost */
#define MAX_INNER 10000000u

static bool devices_answer;

_Noreturn void measure_fail(const char *what)
{
    fprintf(stderr, "bench: %s failed: %s\n", what, strerror(errno));
    exit(1);
}

void measure_ground(int *argc, char ***argv)
{
    const char *ground = *argc > 1 ? (*argv)[1] : "";

    devices_answer = strcmp(ground, "real") == 0;
    if (!devices_answer && strcmp(ground, "stand-in") != 0) {
        fprintf(stderr, "usage: %s real|stand-in [ARGUMENT]...\n", (*argv)[0]);
        exit(2);
    }
    (*argv)++;
    (*argc)--;
}

bool measure_on_real_devices(void)
{
    return devices_answer;
}

uint64_t measure_now_ticks(void)
{
    return __rdtsc();
}

static double now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

void *measure_find_symbol(const char *symbol)
{
    return dlsym(RTLD_DEFAULT, symbol);
}

static int print_library(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    if (strstr(info->dlpi_name, "libxen"))
        printf("library %s\n", info->dlpi_name);
    return 0;
}

void measure_print_libraries(void)
{
    dl_iterate_phdr(print_library, NULL);
}

static void prepare(const struct measurement *measurement)
{
    if (measurement->prepare)
        measurement->prepare();
}

static void count_one(const struct measurement *measurement)
{
    for (int i = 0; i < 2; i++) {
        prepare(measurement);
        measurement->run();
    }
    prepare(measurement);
    make_mark(MARK_BEGIN, measurement->name, 0);
    measurement->run();
    make_mark(MARK_END, NULL, measurement->operations);
}

static uint64_t time_runs(const struct measurement *measurement, unsigned runs)
{
    uint64_t start;

    prepare(measurement);
    start = measure_now_ticks();
    for (unsigned i = 0; i < runs; i++)
        measurement->run();
    return measure_now_ticks() - start;
}

/* How many runs make a sample of the wanted length. */
static unsigned runs_per_sample(const struct measurement *measurement)
{
    unsigned runs = 1;

    if (measurement->prepare)
        return 1;
    while (runs < MAX_INNER && time_runs(measurement, runs) < SAMPLE_TICKS)
        runs *= 2;
    return runs;
}

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

/* The median, in ticks for one operation. */
static double time_one(const struct measurement *measurement)
{
    int count = measurement->prepare ? SAMPLES_IF_PREPARED : SAMPLES;
    unsigned runs = runs_per_sample(measurement);
    double samples[SAMPLES];

    for (int i = 0; i < count; i++)
        samples[i] = (double)time_runs(measurement, runs) / runs / measurement->operations;
    qsort(samples, (size_t)count, sizeof(samples[0]), compare_doubles);
    return samples[count / 2];
}

/* How long a tick is follows from the kernel's clock over the whole run. */
static void time_all(const struct measurement *measurements, size_t count)
{
    double ticks[MOST_MEASUREMENTS] = {0};
    double start_ns = now_ns(), ns_per_tick;
    uint64_t start = measure_now_ticks();

    for (size_t i = 0; i < count; i++)
        if (devices_answer || !measurements[i].needs_devices)
            ticks[i] = time_one(&measurements[i]);
    ns_per_tick = (now_ns() - start_ns) / (double)(measure_now_ticks() - start);
    for (size_t i = 0; i < count; i++)
        if (ticks[i] > 0)
            printf("time %s %.1f\n", measurements[i].name, ticks[i] * ns_per_tick);
}

void measure_all(const struct measurement *measurements, size_t count)
{
    if (count > MOST_MEASUREMENTS)
        abort();
    measure_print_libraries();
    fflush(stdout);
    for (size_t i = 0; i < count; i++)
        count_one(&measurements[i]);
    make_mark(MARK_LET_GO, NULL, 0);
    time_all(measurements, count);
    fflush(stdout);
}
