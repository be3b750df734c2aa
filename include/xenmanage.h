/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenmanage: which domains there are, what state each is in, and what has
 * changed; in <xenmanage/domain.h> and <xenmanage/host.h> what Xen tells of domains,
 * the host and its processors, and prints; in <xenmanage/feature.h> what can be done
 * here. All this without an interface that changes with Xen.
 *
 * For the control domain and for a domain that runs a store daemon; others are
 * refused by Xen. Works on every Xen from 4.14 on. Since 4.21 Xen has a stable
 * operation for this. On older releases the same questions are answered from
 * the older, versioned interface, in the form that the running release has;
 * where less can be told there, the functions below say so under "Before 4.21".
 *
 * Which release is running is learnt by the first handle that needs to know,
 * once per process. An errno is never the sign of a wrong version: EACCES and
 * EPERM mean that something is not permitted.
 *
 * Fork: a child must not use an inherited handle, with one exception: it may
 * close it. All descriptors are close-on-exec.
 */
#ifndef XENMANAGE_H
#define XENMANAGE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Only callers with a logger of their own need <xentoollog.h>. */
struct xentoollog_logger;

typedef struct xenmanage_handle xenmanage_handle;

/**
 * xenmanage_open() - open a handle
 * @logger:     takes this library's messages and must outlive the handle; or
 *              NULL: errors go to stderr
 * @open_flags: 0
 *
 * After xentoolcore_restrict_all() everything asked through the handle fails
 * with EPERM.
 *
 * Return: the handle, or NULL with errno; a failure of privcmd is also logged.
 *   EINVAL          @open_flags is not 0
 *   ENOENT, ENXIO, ENODEV
 *                   not on Xen, or the kernel's xen-privcmd is not loaded
 *   EACCES, EPERM   no right to open privcmd
 *   EMFILE, ENFILE  no descriptor left
 *   ENOMEM, EAGAIN  no memory, or none that may be locked
 * Free it with xenmanage_close(). Success keeps errno.
 *
 * Blocking: while xentoolcore_restrict_all() runs elsewhere. Threads: safe, as
 * is every function on the handle; they take turns. Fork: see the top.
 * Beneath: open(2) twice and mmap(2).
 */
xenmanage_handle *xenmanage_open(struct xentoollog_logger *logger, unsigned int open_flags);

/**
 * xenmanage_close() - close a handle
 * @hdl: may be NULL
 *
 * Close what xenmanage_changes_open() made of it before.
 *
 * Return: 0, always. Keeps errno.
 *
 * Blocking: as xenmanage_open(). Threads: no other thread may still use @hdl.
 * Fork: allowed in the child; the parent's handle is not affected.
 */
int xenmanage_close(xenmanage_handle *hdl);

/* What is true of a domain. */
#define XENMANAGE_GETDOMSTATE_STATE_EXIST 0x0001    /* there is such a domain */
#define XENMANAGE_GETDOMSTATE_STATE_SHUTDOWN 0x0002 /* it has shut down, or is suspended */
#define XENMANAGE_GETDOMSTATE_STATE_DYING 0x0004    /* it is being destroyed */
#define XENMANAGE_GETDOMSTATE_STATE_DEAD 0x0008     /* all but gone: a page is still in use */

/* What a domain is entitled to. */
#define XENMANAGE_GETDOMSTATE_CAP_CONTROL 0x0001  /* it controls other domains */
#define XENMANAGE_GETDOMSTATE_CAP_HARDWARE 0x0002 /* it has the hardware */
#define XENMANAGE_GETDOMSTATE_CAP_XENSTORE 0x0004 /* it is a domain that serves xenstore */

/**
 * xenmanage_get_domain_info() - tell the state of one domain
 * @domid:     below 0x7FF0
 * @state:     where to store XENMANAGE_GETDOMSTATE_STATE_* bits, or NULL
 * @caps:      where to store XENMANAGE_GETDOMSTATE_CAP_* bits, or NULL
 * @unique_id: where to store a number that no other domain has while this Xen
 *             runs, also none that gets the same domid later; or NULL
 *
 * Before 4.21: DYING is never set: a domain that is being destroyed has its
 * earlier state until it is DEAD. CONTROL and HARDWARE are those of domid 0,
 * since Xen does not tell them. @unique_id is made of the domid and the UUID
 * that the domain was created with: it changes when another domain gets the
 * domid, unless that one was given the same UUID.
 *
 * Return: 0; or -1 with errno, with nothing stored:
 *   EINVAL   @hdl is NULL, or @domid is not that of an ordinary domain
 *   ESRCH    there is no such domain
 *   EPERM    this domain may not ask; or the handle is restricted
 *   EACCES   the hypervisor's policy (FLASK) forbids it
 *   ENOTSUP  Xen is older than 4.14
 *   ENOMEM, EAGAIN  several threads ask at once, and there is no memory for
 *            another buffer, or none that may be locked
 *   EFAULT, EINTR   as xencall0() says; try again
 *
 * Blocking: no. Threads: safe. Fork: not in the child. Beneath: one hypercall,
 * and nothing is allocated; XEN_DOMCTL_get_domain_state, before 4.21
 * XEN_DOMCTL_getdomaininfo.
 */
int xenmanage_get_domain_info(xenmanage_handle *hdl, unsigned int domid, unsigned int *state,
                              unsigned int *caps, uint64_t *unique_id);

/**
 * xenmanage_poll_changed_domain() - take the next domain that has changed
 * @domid: where to store its domid
 * @state, @caps, @unique_id: as for xenmanage_get_domain_info(); all 0 for a
 *         domain that is gone
 *
 * Call it until it says ENOENT. A domain comes up when it was created, has
 * shut down, is dying, is dead or gone; never twice for one change. The first
 * calls give all domains there are. When a domid belongs to another domain
 * than before, it comes up once, with the new unique_id.
 *
 * Since 4.21 Xen keeps the note of what has changed, one for the whole system,
 * for the domain that has bound VIRQ_DOM_EXC: there this is for the store
 * daemon. **Any other program in that domain would take the changes away from
 * it.** Use xenmanage_changes_open() instead, which harms nobody.
 *
 * Before 4.21: any privileged program may call it. The handle remembers the
 * domains that it has seen, and compares. So a domain that comes and goes
 * between two calls is never seen, and DYING neither. That a domid went to
 * another domain with the same UUID is seen by the processor time that the
 * domain has used, as long as the new one has used less.
 *
 * Return: 0; or -1 with errno, with nothing stored and nothing lost:
 *   ENOENT   nothing has changed since
 *   EINVAL   @hdl or @domid is NULL
 *   EPERM    this domain may not ask; or the handle is restricted
 *   EACCES   since 4.21: the domain has not bound VIRQ_DOM_EXC; or the
 *            hypervisor's policy (FLASK) forbids it
 *   ENOMEM, EAGAIN  no memory, or none that may be locked
 *   EFAULT, EINTR   as xencall0() says; try again
 *   ENOTSUP  Xen is older than 4.14
 *
 * Blocking: no, except for other threads' use of the handle. Threads: safe.
 * Fork: not in the child. Beneath: XEN_DOMCTL_get_domain_state. Before 4.21:
 * nothing while changes are left from the last look; else
 * XEN_SYSCTL_getdomaininfolist, once for each 32 domains.
 */
int xenmanage_poll_changed_domain(xenmanage_handle *hdl, unsigned int *domid,
                                  unsigned int *state, unsigned int *caps,
                                  uint64_t *unique_id);

/* ---- beyond upstream: XENLIBS_1.0 ---- */

/* Hears that domains have changed, and tells which. */
typedef struct xenmanage_changes xenmanage_changes;

/* Where the news comes from. */
enum xenmanage_changes_source {
    /*
     * xenstored, which announces domains that it gets to know and domains that
     * have shut down or died. Any number of programs can listen.
     */
    XENMANAGE_CHANGES_FROM_STORE = 0,
    /*
     * Xen itself: the interrupt VIRQ_DOM_EXC. Only one program in the system
     * can have it, and the store daemon cannot work without it. For a store
     * daemon.
     */
    XENMANAGE_CHANGES_FROM_VIRQ = 1
};

struct xenmanage_changes_options {
    size_t size;                          /* sizeof(struct xenmanage_changes_options) */
    enum xenmanage_changes_source source; /* XENMANAGE_CHANGES_FROM_STORE unless set */
};

/**
 * xenmanage_changes_open() - listen for changes of domains
 * @hdl:     must outlive the result
 * @options: read during the call only; NULL for the defaults
 *
 * Return: what the three functions below take, or NULL with errno:
 *   EINVAL   @hdl is NULL, the options' size is too small, or there is no such
 *            source
 *   E2BIG    the caller's header knows of more than this library does, and it
 *            is used
 *   EEXIST, EBUSY
 *            VIRQ_DOM_EXC belongs to another program, or to another domain
 *   ENOENT, ECONNREFUSED
 *            no xenstored is running, or not on Xen
 *   EPERM, EACCES   no right to it; or the process is restricted
 *   EBADF    xenstored ended meanwhile, or the process is being restricted
 *   EPROTO, also E2BIG   xenstored does not keep to its protocol
 *   EMFILE, ENFILE, ENOSPC, ENOMEM
 *            no descriptor, port, room in an epoll set, or memory left
 * Free it with xenmanage_changes_close(). Success keeps errno.
 *
 * Blocking: until xenstored has answered. Threads: safe. Fork: not in the
 * child. Beneath: a connection to xenstored with watches on @introduceDomain
 * and @releaseDomain; or /dev/xen/evtchn.
 */
xenmanage_changes *xenmanage_changes_open(xenmanage_handle *hdl,
                                          const struct xenmanage_changes_options *options);

/**
 * xenmanage_changes_fd() - the descriptor that tells of changes
 *
 * Poll it for POLLIN, and do nothing else with it. When it is readable, call
 * xenmanage_changes_next() until that says ENOENT; only then is it quiet again.
 * It may be readable although nothing has changed.
 *
 * Return: the descriptor; or -1 with errno:
 *   EINVAL  @changes is NULL
 * Threads: safe.
 */
int xenmanage_changes_fd(xenmanage_changes *changes);

/**
 * xenmanage_changes_next() - take the next domain that has changed
 * @domid, @state, @caps, @unique_id: as for xenmanage_poll_changed_domain()
 *
 * What each @changes tells is its own: nothing is taken away from the store
 * daemon, from another @changes, or from xenmanage_poll_changed_domain(). The
 * exception is XENMANAGE_CHANGES_FROM_VIRQ since Xen 4.21, which takes the
 * changes that xenmanage_poll_changed_domain() would.
 *
 * Call it until ENOENT once after opening, which gives all domains there are,
 * and whenever the descriptor is readable.
 *
 * What it compares is what can be seen now: with XENMANAGE_CHANGES_FROM_STORE
 * on any Xen, with XENMANAGE_CHANGES_FROM_VIRQ before 4.21, a domain that came
 * and went between two looks is never seen. xenstored announces a new domain
 * when the toolstack introduces it, so it may have existed for a while; and
 * nothing announces that a DEAD domain is finally gone: that comes up with the
 * next change, so take DEAD for the end.
 *
 * Return: 0; or -1 with errno, with nothing stored and nothing lost:
 *   ENOENT   nothing has changed since
 *   EINVAL   @changes or @domid is NULL
 *   EPERM    this domain may not ask; or the process is restricted
 *   EACCES   the hypervisor's policy (FLASK) forbids it
 *   ENOMEM, EAGAIN  no memory, or none that may be locked
 *   EFAULT, EINTR   as xencall0() says; try again
 *   ENOTSUP  Xen is older than 4.14, or so new that this library does not know
 *            its list of domains
 *   EBADF    xenstored is gone, and no news will come: close @changes, and open
 *            another when xenstored runs again
 *   E2BIG, EPROTO   the same: xenstored does not keep to its protocol
 *
 * Blocking: no, except for other threads' use of the handle. Threads: safe.
 * Fork: not in the child. Beneath: read(2) for each piece of news; then
 * XEN_SYSCTL_getdomaininfolist, once for each 32 domains, since 4.21 followed
 * by one XEN_DOMCTL_get_domain_state for each domain.
 */
int xenmanage_changes_next(xenmanage_changes *changes, unsigned int *domid,
                           unsigned int *state, unsigned int *caps, uint64_t *unique_id);

/**
 * xenmanage_changes_close() - stop listening
 * @changes: may be NULL
 *
 * Return: 0, always. Keeps errno.
 *
 * Blocking: no. Threads: no other thread may still use @changes. Fork: allowed
 * in the child; the parent is not affected.
 */
int xenmanage_changes_close(xenmanage_changes *changes);

#ifdef __cplusplus
}
#endif

#include <xenmanage/domain.h>
#include <xenmanage/feature.h>
#include <xenmanage/host.h>

#endif /* XENMANAGE_H */
