/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The interface: opening and closing it, what lies beneath, what went wrong. */
#ifndef XENCTRL_HANDLE_H
#define XENCTRL_HANDLE_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

enum xc_open_flags {
    XC_OPENFLAG_DUMMY = 1 << 0,         /* opens nothing; every operation: EBADF */
    XC_OPENFLAG_NON_REENTRANT = 1 << 1, /* the caller keeps threads apart */
};

/**
 * xc_interface_open() - open an interface to the running Xen
 * @logger:          takes messages and must outlive the interface; NULL: stderr
 * @dombuild_logger: for libxenguest, which writes a file without one
 * @open_flags:      XC_OPENFLAG_*
 *
 * The interface registers with libxentoolcore: after xentoolcore_restrict_all() it
 * maps memory of that domain and makes device-model operations on it; all else
 * fails with EPERM.
 *
 * Return: the interface, or NULL with errno; a failure is also logged.
 *   ENOENT, ENXIO, ENODEV  not on Xen, or the kernel's xen-privcmd is not loaded
 *   EACCES, EPERM          no right to open privcmd
 *   EMFILE, ENFILE         no descriptor left
 *   EINVAL                 a flag that has no meaning
 *   ENOMEM
 * Success keeps errno. Blocking: while xentoolcore_restrict_all() runs
 * elsewhere. Beneath: open(2), twice: one privcmd serves all that is beneath.
 */
xc_interface *xc_interface_open(xentoollog_logger *logger, xentoollog_logger *dombuild_logger,
                                unsigned open_flags);

/**
 * xc_interface_close() - close an interface
 * @xch: may be NULL
 *
 * Buffers that are still allocated stay mapped. After fork: a child may call it.
 * Return: 0. Keeps errno.
 */
int xc_interface_close(xc_interface *xch);

/*
 * The handles beneath, for use with their own libraries as long as the interface
 * is open. They share one descriptor: confining one of them confines all, and
 * hypercalls over it end. The device model's is opened when it is first asked for:
 * NULL with errno, as xendevicemodel_open_on().
 */
struct xencall_handle *xc_interface_xcall_handle(xc_interface *xch);
struct xenforeignmemory_handle *xc_interface_fmem_handle(xc_interface *xch);
struct xendevicemodel_handle *xc_interface_dmod_handle(xc_interface *xch);

/* ---- errors ---- */

enum xc_error_code {
    XC_ERROR_NONE = 0,
    XC_INTERNAL_ERROR = 1,
    XC_INVALID_KERNEL = 2,
    XC_INVALID_PARAM = 3,
    XC_OUT_OF_MEMORY = 4,
};
typedef enum xc_error_code xc_error_code;

#define XC_MAX_ERROR_MSG_LEN 1024
typedef struct xc_error {
    enum xc_error_code code;
    char message[XC_MAX_ERROR_MSG_LEN];
} xc_error;

/**
 * xc_get_last_error() - what went wrong last
 *
 * Return: what the last failing function of @handle noted, or a note with
 * XC_ERROR_NONE. It belongs to the interface; the next failure, in any thread,
 * replaces it.
 */
const xc_error *xc_get_last_error(xc_interface *handle);

/* Forget it. */
void xc_clear_last_error(xc_interface *xch);

/* A few words for an XC_* code; a constant. */
const char *xc_error_code_to_desc(int code);

/* A few words for an errno, in the thread's own memory: valid until its next call. */
const char *xc_strerror(xc_interface *xch, int errcode);

#ifdef __cplusplus
}
#endif

#endif
