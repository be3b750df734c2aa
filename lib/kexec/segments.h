/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pieces of an image: looked at, and brought to where Xen can read them. */
#ifndef XENLIBS_KEXEC_SEGMENTS_H
#define XENLIBS_KEXEC_SEGMENTS_H

#include "handle.h"

#define __XEN_INTERFACE_VERSION__ 0x00040e00 /* the shapes of Xen 4.14, and since */
#include <xen/kexec.h>

/* 0; or -1 with EINVAL, having said which segment of @image is wrong, and how. */
int xenkexec_check_segments(xenkexec_handle *hdl, const struct xenkexec_image *image);

/*
 * Copies the segments, which are in order, and their buffers into buffers of the
 * handle. Returns what xenkexec_drop_segments() frees, with errno kept; or NULL with
 * errno, as xencall_buffer_get() says.
 */
xen_kexec_segment_t *xenkexec_take_segments(xenkexec_handle *hdl,
                                            const struct xenkexec_image *image);
/* Keeps errno. */
void xenkexec_drop_segments(xenkexec_handle *hdl, xen_kexec_segment_t *taken, size_t count);

#endif
