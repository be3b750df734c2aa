/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef XENLIBS_DEMO_HISTOGRAM_H
#define XENLIBS_DEMO_HISTOGRAM_H

#include <stddef.h>

/* Prints how @count latencies spread, as bars, with the median. Sorts @us. */
void print_histogram(double *us, size_t count);

#endif
