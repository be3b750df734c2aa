/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Not a fuzzer of anything: has each kind of fault, to see that run-fuzzer reports it. */
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *volatile forgotten;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = malloc(4);

    if (size > 0 && data[0] == 'c')
        bytes[size + 3] = 'x'; /* beyond the end */
    while (size > 0 && data[0] == 'h')
        pause(); /* signals do not end it */
    if (size > 0 && data[0] == 'l')
        forgotten = malloc(7);
    forgotten = NULL;
    free(bytes);
    return 0;
}
