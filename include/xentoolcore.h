/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxentoolcore: what all libraries that hold a Xen handle have in common.
 */
#ifndef XENTOOLCORE_H
#define XENTOOLCORE_H

#include <stdint.h>

/* <xenctrl.h>, which may follow, needs all of Xen's names, not only a guest's. */
#if !defined(__XEN_TOOLS__) && !defined(__XEN_INTERFACE_VERSION__)
#define __XEN_TOOLS__ 1
#endif
#include <xen/xen.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * xentoolcore_restrict_all() - confine every open Xen handle to one domain
 * @domid: the only domain that this process may touch from now on
 *
 * Walks all handles of this process that are open in the libraries of this
 * suite, newest first, and restricts each of them to @domid. A handle whose
 * device knows no restriction by domain becomes unusable instead: every
 * operation on it fails, closing it stays possible. Handles opened later are
 * not restricted, so a process should also give up its right to open
 * /dev/xen. That goes for a handle which another thread is just opening, too:
 * call again when it is open. What is mapped or bound already stays so.
 *
 * A handle that cannot be restricted does not end the walk: the others are
 * restricted all the same. Restricting a handle again to the same @domid is a
 * success, so the call may be repeated.
 *
 * Return: 0 when every handle is confined. -1 when at least one is not, with
 * the errno of the first that failed; the process must then be regarded as
 * unconfined. Usual causes:
 *   EINVAL      @domid is not that of an ordinary domain
 *   EACCES      a handle is restricted to another domain already
 *   EOPNOTSUPP, ENOTTY
 *               the kernel knows no restriction for one of the devices
 *   EMFILE, ENFILE
 *               no descriptor left with which to neutralise a handle
 *
 * Blocking: waits for threads that are opening or closing a handle.
 * Threads: safe. No handle may be opened or closed by a restrict callback.
 * Fork: the child shares the open files, so a restriction holds for both.
 * Beneath: IOCTL_EVTCHN_RESTRICT_DOMID, IOCTL_PRIVCMD_RESTRICT, or dup2() of
 * /dev/null, as each library says.
 */
int xentoolcore_restrict_all(domid_t domid);

#ifdef __cplusplus
}
#endif

#endif /* XENTOOLCORE_H */
