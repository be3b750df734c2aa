/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory that Xen can read and write: hypercall buffers. Each is a variable of
 * the program's and one of struct xc_hypercall_buffer beside it, which the macros
 * declare and find. Allocated memory is zero.
 */
#ifndef XENCTRL_BUFFER_H
#define XENCTRL_BUFFER_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct xc_hypercall_buffer {
    void *hbuf;                               /* the memory */
    struct xc_hypercall_buffer *param_shadow; /* the one that this stands for, or NULL */
    int dir;                                  /* which way to copy; 0: not at all */
    void *ubuf;                               /* from and to where */
    size_t sz;
};
typedef struct xc_hypercall_buffer xc_hypercall_buffer_t;

#define XC__HYPERCALL_BUFFER_NAME(name) xc__hypercall_buffer_##name

/* The struct beside the variable @name, or the one it stands for. */
#define HYPERCALL_BUFFER(name) \
    (XC__HYPERCALL_BUFFER_NAME(name).param_shadow \
         ? XC__HYPERCALL_BUFFER_NAME(name).param_shadow \
         : &XC__HYPERCALL_BUFFER_NAME(name))

/* Declares a pointer @name to @type and its buffer, nothing allocated yet. */
#define DECLARE_HYPERCALL_BUFFER(type, name) \
    type *(name) = NULL; \
    xc_hypercall_buffer_t XC__HYPERCALL_BUFFER_NAME(name) = {NULL, NULL, 0, (void *)-1, 0}

/* Declares @name for the allocated buffer @buffer; the second without a pointer. */
#define DECLARE_HYPERCALL_BUFFER_SHADOW(type, name, buffer) \
    type *(name) = (type *)(buffer)->hbuf; \
    __attribute__((unused)) xc_hypercall_buffer_t XC__HYPERCALL_BUFFER_NAME(name) = { \
        (void *)-1, (buffer), 0, (void *)-1, 0}
#define DECLARE_HYPERCALL_BUFFER_ARGUMENT(name) \
    xc_hypercall_buffer_t XC__HYPERCALL_BUFFER_NAME(name) = { \
        (void *)-1, (name), 0, (void *)-1, 0}

#define HYPERCALL_BUFFER_AS_ARG(name) ((unsigned long)HYPERCALL_BUFFER(name)->hbuf)

/* Puts the buffer of @name, at its element @offset, into a guest handle. */
#undef set_xen_guest_handle
#define set_xen_guest_handle(handle, name) \
    set_xen_guest_handle_raw(handle, HYPERCALL_BUFFER(name)->hbuf)
#define set_xen_guest_handle_offset(handle, name, offset) \
    set_xen_guest_handle_raw(handle, (void *)((char *)HYPERCALL_BUFFER(name)->hbuf + \
                                              sizeof(*(name)) * (offset)))

/* For set_xen_guest_handle(), where there is no buffer. */
extern xc_hypercall_buffer_t XC__HYPERCALL_BUFFER_NAME(HYPERCALL_BUFFER_NULL);

/*
 * Allocate @size bytes, or whole pages (@nr_pages > 0), as @b; NULL with ENOMEM,
 * EINVAL, or what xencall_alloc_buffer() says. Free them; nothing allocated: nothing
 * happens. Threads: as the interface. Keep errno on success.
 */
void *xc__hypercall_buffer_alloc(xc_interface *xch, xc_hypercall_buffer_t *b, size_t size);
void xc__hypercall_buffer_free(xc_interface *xch, xc_hypercall_buffer_t *b);
void *xc__hypercall_buffer_alloc_pages(xc_interface *xch, xc_hypercall_buffer_t *b,
                                       int nr_pages);
void xc__hypercall_buffer_free_pages(xc_interface *xch, xc_hypercall_buffer_t *b, int nr_pages);

#define xc_hypercall_buffer_alloc(xch, name, size) \
    xc__hypercall_buffer_alloc(xch, HYPERCALL_BUFFER(name), size)
#define xc_hypercall_buffer_free(xch, name) \
    xc__hypercall_buffer_free(xch, HYPERCALL_BUFFER(name))
#define xc_hypercall_buffer_alloc_pages(xch, name, nr) \
    xc__hypercall_buffer_alloc_pages(xch, HYPERCALL_BUFFER(name), nr)
#define xc_hypercall_buffer_free_pages(xch, name, nr) \
    do { \
        if (name) \
            xc__hypercall_buffer_free_pages(xch, HYPERCALL_BUFFER(name), nr); \
    } while (0)

/* ---- several at once ---- */

struct xc_hypercall_buffer_array;
typedef struct xc_hypercall_buffer_array xc_hypercall_buffer_array_t;

/*
 * An array of @n buffers, none allocated yet; NULL with ENOMEM. Allocate number
 * @index of it, which must not be yet: NULL with EINVAL, or as above. Get what was
 * allocated: NULL with EINVAL if there is none. Destroy it with all its buffers.
 */
xc_hypercall_buffer_array_t *xc_hypercall_buffer_array_create(xc_interface *xch, unsigned n);
void *xc__hypercall_buffer_array_alloc(xc_interface *xch, xc_hypercall_buffer_array_t *array,
                                       unsigned index, xc_hypercall_buffer_t *hbuf,
                                       size_t size);
void *xc__hypercall_buffer_array_get(xc_interface *xch, xc_hypercall_buffer_array_t *array,
                                     unsigned index, xc_hypercall_buffer_t *hbuf);
void xc_hypercall_buffer_array_destroy(xc_interface *xch, xc_hypercall_buffer_array_t *array);

#define xc_hypercall_buffer_array_alloc(xch, array, index, name, size) \
    xc__hypercall_buffer_array_alloc(xch, array, index, HYPERCALL_BUFFER(name), size)
#define xc_hypercall_buffer_array_get(xch, array, index, name, size) \
    xc__hypercall_buffer_array_get(xch, array, index, HYPERCALL_BUFFER(name))

#ifdef __cplusplus
}
#endif

#endif
