/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "segments.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "fail.h"

#define PAGE_SIZE 4096u

/* What is wrong with it by itself; NULL: nothing. */
static const char *fault_of(const struct xenkexec_segment *segment)
{
    if (segment->address % PAGE_SIZE || segment->size % PAGE_SIZE)
        return "is not of whole pages";
    if (!segment->size)
        return "is empty";
    /* Nor up to it: Xen adds the two, and would see an end at 0. */
    if (segment->size > UINT64_MAX - segment->address)
        return "goes up to the last address";
    if (!segment->buffer && segment->buffer_size)
        return "has no buffer, but a size of one";
    if (segment->buffer_size > segment->size)
        return "is smaller than its buffer";
    return NULL;
}

/* Of two whose ends are numbers. */
static bool overlap(const struct xenkexec_segment *a, const struct xenkexec_segment *b)
{
    return a->address <= b->address ? b->address - a->address < a->size
                                    : a->address - b->address < b->size;
}

static int refuse(xenkexec_handle *hdl, const struct xenkexec_segment *segment, size_t index,
                  const char *fault)
{
    xenlibs_log(&hdl->log, XTL_ERROR, -1, "segment %zu, %#llx bytes at %#llx, %s", index,
                (unsigned long long)segment->size, (unsigned long long)segment->address, fault);
    return xenlibs_fail(EINVAL);
}

int xenkexec_check_segments(xenkexec_handle *hdl, const struct xenkexec_image *image)
{
    for (size_t i = 0; i < image->nr_segments; i++) {
        const struct xenkexec_segment *segment = &image->segments[i];
        const char *fault = fault_of(segment);

        for (size_t j = 0; j < i && !fault; j++)
            if (overlap(segment, &image->segments[j]))
                fault = "overlaps an earlier one";
        if (fault)
            return refuse(hdl, segment, i, fault);
    }
    return 0;
}

static int take_buffer(xenkexec_handle *hdl, const struct xenkexec_segment *segment,
                       xen_kexec_segment_t *taken)
{
    void *copy;

    taken->buf_size = segment->buffer_size;
    taken->dest_maddr = segment->address;
    taken->dest_size = segment->size;
    if (!segment->buffer)
        return 0;
    if (segment->buffer_size > SIZE_MAX)
        return xenlibs_fail(ENOMEM);
    /* Of a buffer without a byte the address counts: Xen clears the whole segment. */
    copy = xencall_buffer_get(hdl->call, segment->buffer_size ? (size_t)segment->buffer_size : 1);
    if (!copy)
        return -1;
    memcpy(copy, segment->buffer, (size_t)segment->buffer_size);
    set_xen_guest_handle_raw(taken->buf.h, copy);
    return 0;
}

xen_kexec_segment_t *xenkexec_take_segments(xenkexec_handle *hdl,
                                            const struct xenkexec_image *image)
{
    size_t count = image->nr_segments;
    xen_kexec_segment_t *taken = xencall_buffer_get(hdl->call, count * sizeof(*taken));

    if (!taken)
        return NULL;
    memset(taken, 0, count * sizeof(*taken));
    for (size_t i = 0; i < count; i++) {
        if (take_buffer(hdl, &image->segments[i], &taken[i])) {
            xenkexec_drop_segments(hdl, taken, count);
            return NULL;
        }
    }
    return taken;
}

static void *buffer_of(const xen_kexec_segment_t *taken)
{
    return (void *)(uintptr_t)taken->buf._pad;
}

void xenkexec_drop_segments(xenkexec_handle *hdl, xen_kexec_segment_t *taken, size_t count)
{
    int saved = errno;

    for (size_t i = 0; i < count; i++)
        xencall_buffer_put(hdl->call, buffer_of(&taken[i]));
    xencall_buffer_put(hdl->call, taken);
    errno = saved;
}
