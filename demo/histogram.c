/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "histogram.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 8, BAR_COLUMNS = 40 };

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static void print_bar(size_t length)
{
    while (length--)
        fputs("\xe2\x96\x88", stdout);
}

/*
 * Rows of equal width from the fastest to the 99th percentile; what is slower
 * goes into the last row, so that one straggler does not flatten the rest.
 */
void print_histogram(double *us, size_t count)
{
    size_t rows[ROWS] = {0}, tallest = 1;
    double low, width;

    qsort(us, count, sizeof(*us), compare);
    low = us[0];
    width = (us[count * 99 / 100] - low) / ROWS;
    if (width <= 0)
        width = 1;
    for (size_t i = 0; i < count; i++) {
        size_t row = (size_t)((us[i] - low) / width);

        rows[row < ROWS ? row : ROWS - 1]++;
    }
    for (size_t row = 0; row < ROWS; row++)
        if (rows[row] > tallest)
            tallest = rows[row];

    printf("      %zu round trips, median %.0f \xc2\xb5s, 99th percentile %.0f \xc2\xb5s\n", count,
           us[count / 2], us[count * 99 / 100]);
    for (size_t row = 0; row < ROWS; row++) {
        printf("      %6.0f%s \xc2\xb5s ", low + (double)row * width, row == ROWS - 1 ? "+" : " ");
        print_bar(rows[row] * BAR_COLUMNS / tallest);
        printf(" %zu\n", rows[row]);
    }
}
