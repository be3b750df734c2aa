/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"

xc_hypercall_buffer_t XC__HYPERCALL_BUFFER_NAME(HYPERCALL_BUFFER_NULL) = {
    .ubuf = (void *)-1,
};

/* ---- one buffer ---- */

void *xc__hypercall_buffer_alloc(xc_interface *xch, xc_hypercall_buffer_t *b, size_t size)
{
    if (xenctrl_check_open(xch)) {
        return NULL;
    }
    void *memory = xencall_alloc_buffer(xch->xcall, size);
    if (!memory) {
        xenctrl_failed(xch, "a hypercall buffer of %zu bytes", size);
        return NULL;
    }
    b->hbuf = memory;
    return memory;
}

void xc__hypercall_buffer_free(xc_interface *xch, xc_hypercall_buffer_t *b)
{
    int saved = errno;

    if (b->hbuf && xch->xcall) {
        xencall_free_buffer(xch->xcall, b->hbuf);
    }
    errno = saved;
}

void *xc__hypercall_buffer_alloc_pages(xc_interface *xch, xc_hypercall_buffer_t *b, int nr_pages)
{
    if (nr_pages <= 0) {
        xenctrl_refused(xch, EINVAL, "a hypercall buffer of %d pages", nr_pages);
        return NULL;
    }
    if (xenctrl_check_open(xch)) {
        return NULL;
    }
    void *memory = xencall_alloc_buffer_pages(xch->xcall, (size_t)nr_pages);
    if (!memory) {
        xenctrl_failed(xch, "a hypercall buffer of %d pages", nr_pages);
        return NULL;
    }
    b->hbuf = memory;
    return memory;
}

void xc__hypercall_buffer_free_pages(xc_interface *xch, xc_hypercall_buffer_t *b, int nr_pages)
{
    int saved = errno;

    if (b->hbuf && xch->xcall && nr_pages > 0) {
        xencall_free_buffer_pages(xch->xcall, b->hbuf, (size_t)nr_pages);
    }
    errno = saved;
}

/* ---- copying to and fro ---- */

static bool has_outside(const xc_hypercall_buffer_t *b)
{
    return b->ubuf != (void *)-1 && b->dir != CTRL_BOUNCE_NONE;
}

int xc__hypercall_bounce_pre(xc_interface *xch, xc_hypercall_buffer_t *b)
{
    if (!has_outside(b)) {
        return xenctrl_refused(xch, EINVAL, "a hypercall buffer that has nothing to copy");
    }
    if (!b->ubuf) {
        b->hbuf = NULL;
        return 0;
    }
    if (!xc__hypercall_buffer_alloc(xch, b, b->sz)) {
        return -1;
    }
    if (b->dir & CTRL_BOUNCE_IN) {
        memcpy(b->hbuf, b->ubuf, b->sz);
    }
    return 0;
}

void xc__hypercall_bounce_post(xc_interface *xch, xc_hypercall_buffer_t *b)
{
    if (!has_outside(b) || !b->hbuf) {
        return;
    }
    if (b->dir & CTRL_BOUNCE_OUT) {
        memcpy(b->ubuf, b->hbuf, b->sz);
    }
    xc__hypercall_buffer_free(xch, b);
}

/* ---- arrays of buffers ---- */

struct xc_hypercall_buffer_array {
    unsigned count;
    xc_hypercall_buffer_t buffers[];
};

xc_hypercall_buffer_array_t *xc_hypercall_buffer_array_create(xc_interface *xch, unsigned n)
{
    struct xc_hypercall_buffer_array *array;
    size_t bytes;

    if (__builtin_mul_overflow((size_t)n, sizeof(array->buffers[0]), &bytes) ||
        __builtin_add_overflow(bytes, sizeof(*array), &bytes)) {
        xenctrl_refused(xch, ENOMEM, "an array of %u hypercall buffers", n);
        return NULL;
    }
    array = calloc(1, bytes);
    if (!array) {
        xenctrl_failed(xch, "an array of %u hypercall buffers", n);
        return NULL;
    }
    array->count = n;
    return array;
}

static xc_hypercall_buffer_t *element(xc_interface *xch, xc_hypercall_buffer_array_t *array,
                                      unsigned index, bool allocated)
{
    if (index < array->count && !array->buffers[index].hbuf == !allocated) {
        return &array->buffers[index];
    }
    xenctrl_refused(xch, EINVAL, "buffer %u of %u%s", index, array->count,
                    index >= array->count ? "" : allocated ? " is not allocated" : " is allocated");
    return NULL;
}

void *xc__hypercall_buffer_array_alloc(xc_interface *xch, xc_hypercall_buffer_array_t *array,
                                       unsigned index, xc_hypercall_buffer_t *hbuf,
                                       size_t size)
{
    xc_hypercall_buffer_t *buffer = element(xch, array, index, false);
    void *memory = buffer ? xc__hypercall_buffer_alloc(xch, hbuf, size) : NULL;

    if (memory) {
        *buffer = *hbuf;
    }
    return memory;
}

void *xc__hypercall_buffer_array_get(xc_interface *xch, xc_hypercall_buffer_array_t *array,
                                     unsigned index, xc_hypercall_buffer_t *hbuf)
{
    xc_hypercall_buffer_t *buffer = element(xch, array, index, true);

    if (!buffer) {
        return NULL;
    }
    *hbuf = *buffer;
    return buffer->hbuf;
}

void xc_hypercall_buffer_array_destroy(xc_interface *xch, xc_hypercall_buffer_array_t *array)
{
    if (!array) {
        return;
    }
    for (unsigned i = 0; i < array->count; i++) {
        xc__hypercall_buffer_free(xch, &array->buffers[i]);
    }
    free(array);
}
