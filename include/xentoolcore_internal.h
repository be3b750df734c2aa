/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The contract between libxentoolcore and libraries that open Xen handles.
 * Programs have no use for it.
 *
 * The layout of Xentoolcore__Active_Handle is shared with libraries built
 * elsewhere and never changes. A library embeds one in its own handle and
 * keeps this order, so that a concurrent xentoolcore_restrict_all() never
 * meets a descriptor that is not ours any more:
 *
 *   open:  allocate, fill in restrict_callback and an invalid descriptor,
 *          register, and only then open the device;
 *   close: deregister, and only then close the device.
 */
#ifndef XENTOOLCORE_INTERNAL_H
#define XENTOOLCORE_INTERNAL_H

#include <stdint.h>

/* <xenctrl.h>, which may follow, needs all of Xen's names, not only a guest's. */
#if !defined(__XEN_TOOLS__) && !defined(__XEN_INTERFACE_VERSION__)
#define __XEN_TOOLS__ 1
#endif
#include <xen/xen.h>

#ifdef __cplusplus
extern "C" {
#endif

struct Xentoolcore__Active_Handle;

/*
 * Confines the handle that embeds @ah to @domid. Returns 0, or -1 with errno.
 * Runs with the registry locked: it must neither register nor deregister.
 * A handle whose device is not open yet, or not any more, is a success; so is
 * one that is restricted to @domid already.
 */
typedef int Xentoolcore__Restrict_Callback(struct Xentoolcore__Active_Handle *ah,
                                           domid_t domid);

typedef struct Xentoolcore__Active_Handle {
    Xentoolcore__Restrict_Callback *restrict_callback; /* set by the library */
    /* The registry's links: the next handle, and what points at this one. */
    struct {
        struct Xentoolcore__Active_Handle *le_next;
        struct Xentoolcore__Active_Handle **le_prev;
    } entry;
} Xentoolcore__Active_Handle;

/**
 * xentoolcore__register_active_handle() - enter a handle into the registry
 * @ah: embedded in the library's handle; restrict_callback is set
 *
 * Cannot fail. Threads: safe. Blocking: while restrict_all runs elsewhere.
 */
void xentoolcore__register_active_handle(Xentoolcore__Active_Handle *ah);

/**
 * xentoolcore__deregister_active_handle() - take a handle out again
 * @ah: registered before, exactly once
 *
 * Cannot fail, keeps errno. Threads: safe. Fork: allowed in the child.
 */
void xentoolcore__deregister_active_handle(Xentoolcore__Active_Handle *ah);

/**
 * xentoolcore__restrict_by_dup2_null() - make a descriptor good for nothing
 * @fd: a descriptor, or a negative number for none
 *
 * Puts /dev/null, opened for reading, in the place of @fd. Whether @fd is
 * close-on-exec does not change.
 *
 * Return: 0 (also for a negative @fd), or -1 with EBADF (@fd is not open) or the
 * errno of open(2) or dup3(2); @fd is then what it was.
 */
int xentoolcore__restrict_by_dup2_null(int fd);

#ifdef __cplusplus
}
#endif

#endif /* XENTOOLCORE_INTERNAL_H */
