/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * call real|stand-in: what hypercalls and their buffers cost.
 *
 * The last two do what fetching a large result takes, such as a dirty bitmap:
 * Xen writes all of it (a memset stands for that), and the caller gets it. Where
 * buffers cannot be lent it is copied to the caller's own memory, as libxenctrl
 * does.
 */
#include "measure.h"

#include <stdlib.h>
#include <string.h>
#include <xen/xen.h>
#include <xen/version.h>
#include <xencall.h>

#define LARGE_BYTES ((size_t)4 << 20)

enum { SMALL_BYTES = 144, PAGE_BYTES = 4096, MIDDLE_BYTES = 256 << 10 };

typedef void *buffer_get_fn(xencall_handle *, size_t);
typedef int buffer_put_fn(xencall_handle *, void *);

static xencall_handle *handle;
static char *callers_memory;
static buffer_get_fn *buffer_get;
static buffer_put_fn *buffer_put;

static void open_and_close(void)
{
    xencall_handle *opened = xencall_open(NULL, 0);

    if (!opened)
        measure_fail("xencall_open");
    xencall_close(opened);
}

static void ask_version(void)
{
    if (xencall2(handle, __HYPERVISOR_xen_version, XENVER_version, 0) < 0)
        measure_fail("xencall2");
}

static void allocate_and_free(size_t pages)
{
    void *buffer = xencall_alloc_buffer_pages(handle, pages);

    if (!buffer)
        measure_fail("xencall_alloc_buffer_pages");
    xencall_free_buffer_pages(handle, buffer, pages);
}

static void page_buffer(void)
{
    allocate_and_free(1);
}

/* As large as the argument of a domctl. */
static void small_buffer(void)
{
    void *buffer = xencall_alloc_buffer(handle, SMALL_BYTES);

    if (!buffer)
        measure_fail("xencall_alloc_buffer");
    xencall_free_buffer(handle, buffer);
}

static void middle_buffer(void)
{
    allocate_and_free(MIDDLE_BYTES / PAGE_BYTES);
}

static void fetch_by_copy(void)
{
    void *buffer = xencall_alloc_buffer(handle, LARGE_BYTES);

    if (!buffer)
        measure_fail("xencall_alloc_buffer");
    memset(buffer, 0x55, LARGE_BYTES);
    memcpy(callers_memory, buffer, LARGE_BYTES);
    xencall_free_buffer(handle, buffer);
}

static void fetch_large_result(void)
{
    void *buffer;

    if (!buffer_get || !buffer_put) {
        fetch_by_copy();
        return;
    }
    buffer = buffer_get(handle, LARGE_BYTES);
    if (!buffer)
        measure_fail("xencall_buffer_get");
    memset(buffer, 0x55, LARGE_BYTES);
    if (buffer_put(handle, buffer))
        measure_fail("xencall_buffer_put");
}

int main(int argc, char **argv)
{
    static const struct measurement measurements[] = {
        {"call-open-close", NULL, open_and_close, 1, true},
        {"call-hypercall", NULL, ask_version, 1, true},
        {"call-buffer-144", NULL, small_buffer, 1, false},
        {"call-buffer-page", NULL, page_buffer, 1, false},
        {"call-buffer-256k", NULL, middle_buffer, 1, false},
        {"call-fetch-4m", NULL, fetch_large_result, 1, false},
    };

    measure_ground(&argc, &argv);
    buffer_get = (buffer_get_fn *)measure_find_symbol("xencall_buffer_get");
    buffer_put = (buffer_put_fn *)measure_find_symbol("xencall_buffer_put");
    callers_memory = malloc(LARGE_BYTES);
    handle = xencall_open(NULL, 0);
    if (!handle || !callers_memory)
        measure_fail("xencall_open");
    measure_all(measurements, sizeof(measurements) / sizeof(measurements[0]));
    return 0;
}
