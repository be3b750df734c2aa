/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the measured programs have in common. Each is linked to the symbols that
 * upstream has too, so that LD_LIBRARY_PATH decides whose library is measured.
 *
 * Output, a line each:
 *   library PATH            every libxen* that is loaded
 *   count NAME OPERATIONS TOTAL CALL=N...    (from count-syscalls)
 *   time NAME NANOSECONDS   median, for one operation
 */
#ifndef XENLIBS_BENCH_MEASURE_H
#define XENLIBS_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct measurement {
    const char *name;
    void (*prepare)(void); /* before each run, not measured; may be NULL */
    void (*run)(void);
    unsigned operations;   /* that one run makes */
    bool needs_devices;    /* timed only where devices answer without the counter's help */
};

/*
 * Where the program runs: "real" has Xen's devices, "stand-in" has those that
 * count-syscalls plays. Takes it off the arguments, like the program's name.
 */
void measure_ground(int *argc, char ***argv);
bool measure_on_real_devices(void);

/*
 * Runs each one twice, so that caches are full; once between marks, to be
 * counted; then all of them without the counter, to be timed.
 */
void measure_all(const struct measurement *measurements, size_t count);

/* An XENLIBS_1.0 function of a loaded library, or NULL (upstream's has none). */
void *measure_find_symbol(const char *symbol);

/* Ends the program: WHAT failed, because of errno. */
_Noreturn void measure_fail(const char *what);

/*
 * The processor's own counter. In dom0 of an emulated machine the kernel's clocks
 * stand still for milliseconds whenever a thread changes processors, since Xen
 * never lets time go back; this counter is the host's and does not.
 */
uint64_t measure_now_ticks(void);

/* prints "library PATH" for each libxen* in this process */
void measure_print_libraries(void);

#endif
