/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenstore: reads, writes and watches the database that all domains of a host
 * share, and through which they find each other.
 *
 * xenstored keeps a tree of nodes. A path that starts with a slash is absolute;
 * any other is relative to the caller's own part, /local/domain/<domid>. A node
 * has a value of bytes, permissions and children. This library talks to xenstored
 * over its socket (where it runs: usually dom0) or through the kernel's device
 * (everywhere else).
 *
 * Limits: a request and its reply hold 4096 bytes (XENSTORE_PAYLOAD_MAX), path,
 * value and NULs together; an absolute path has at most 3072 bytes, a relative
 * one 2048. Through the kernel's device a request holds 4080 bytes only.
 *
 * What holds for every function:
 *   Logging: none of them logs.
 *   Errors: NULL, false, -1 or (for transactions) 0, with errno. Beside what each
 *     function lists there are
 *       what xenstored answers: ENOENT (no such node), EACCES (no permission),
 *         EINVAL (a malformed path or argument; also any answer that has no errno
 *         here), ENOMEM, ENOSPC, E2BIG, EBUSY, EPERM and ENOSYS (a quota is used
 *         up; a request that this xenstored does not know or does not allow), EIO
 *       E2BIG   the request is too long; nothing was sent
 *       ENOMEM  no memory for the request or the result; the connection is intact,
 *               the request may have been carried out
 *       and what breaks the connection (below).
 *   Broken connections: every call that waits ends, and fails with
 *       EBADF   xenstored is gone, or a reply is not of the type of its request
 *       E2BIG   xenstored announced more bytes than a message has
 *       EPROTO  a reply to no request, or an event that is none
 *       ENOMEM  no memory for an event, which would be lost otherwise
 *     or with what the system call gave. From then on every call on the handle
 *     fails with EBADF and sends nothing, after the events that had arrived were
 *     taken. xs_fileno() stays readable. The handle can only be closed; its
 *     watches and transactions are gone.
 *   Results: what a function returns is one block from malloc(3), and the caller
 *     frees it with free(3), unless it is said otherwise. A value is followed by a
 *     NUL that its length does not count. On failure *num and *len are untouched.
 *   Handles: must come from xs_open() or one of its other names and not be closed
 *     yet. Only the closing functions take NULL. Strings are never NULL.
 *   Signals: a call that a signal interrupts goes on; none fails with EINTR.
 *     SIGPIPE is never raised, and no signal's disposition is touched.
 *   Threads: a handle may be used by any number of threads at once, over its one
 *     connection. There is no thread of the library's: a thread that waits reads,
 *     and gives each reply to whoever asked, each event to the queue. Each event
 *     goes to one thread. Closing is the exception: no other thread may be using
 *     the handle.
 *   Cancellation (pthread_cancel(3)): a thread that waits for an event may be cancelled;
 *     nothing is lost by it. The other functions are no cancellation points.
 *   After fork(2): the connection is the parent's. The child may call xs_close() or
 *     xs_daemon_destroy_postfork() on an inherited handle and nothing else.
 *   execve(2) closes the connection.
 *   Restriction: xentoolcore_restrict_all() breaks every connection.
 *   Blocking: until xenstored has answered, which usually takes microseconds.
 *   Beneath: a request is one sendmsg(2), and its reply one recv(2) if xenstored wrote
 *     it in one piece; the same with watches as without. For the kernel's device it
 *     is one write(2) and one read(2).
 */
#ifndef XENSTORE_H
#define XENSTORE_H

#include <xenstore_lib.h>

#ifdef __cplusplus
extern "C" {
#endif

struct xs_handle;

/* A transaction, or XBT_NULL for none: the request stands for itself. */
typedef uint32_t xs_transaction_t;
#define XBT_NULL 0

/*
 * Flags of xs_open(). The first two have no effect; programs still use them.
 *
 * UNWATCH_FILTER: xs_unwatch() also takes back the events of that watch which
 * have arrived but were not taken. It goes by token and path, so a program must
 * not give one token to watches on a node and on a node beneath it.
 */
#define XS_OPEN_READONLY (1UL << 0)
#define XS_OPEN_SOCKETONLY (1UL << 1)
#define XS_UNWATCH_FILTER (1UL << 2)

/* A bit of xs_get_features_supported(): xs_watch_depth() works. */
#ifndef XENSTORE_SERVER_FEATURE_WATCHDEPTH
#define XENSTORE_SERVER_FEATURE_WATCHDEPTH 4
#endif

/* ---- connections ---- */

/**
 * xs_open() - connect to xenstored
 * @flags: XS_UNWATCH_FILTER or 0; other bits are ignored
 *
 * Tries xs_daemon_socket(). If nothing answers there: $XENSTORED_PATH if that is
 * set, else /dev/xen/xenbus, else /proc/xen/xenbus.
 *
 * Return: a handle, to be closed with xs_close(), or NULL with errno:
 *   ENOENT      no socket and no device: xenstored does not run here, and this is
 *               no Xen domain or the driver (xenfs, xen-xenbus) is not loaded
 *   ECONNREFUSED  the socket is there, but no xenstored listens, and no device
 *   EACCES, EPERM  the caller may not connect
 *   ENAMETOOLONG  the socket's path is longer than a socket's may be
 *   ENOMEM      no memory for the handle
 *   EMFILE, ENFILE  too many open files
 *   EBADF       xentoolcore_restrict_all() ran in another thread meanwhile
 *
 * Blocking: while xenstored's queue of connections is full. Beneath: stat(2),
 * socket(2) and connect(2), or open(2).
 */
struct xs_handle *xs_open(unsigned long flags);

/* Old names of xs_open(0). */
struct xs_handle *xs_daemon_open(void);
struct xs_handle *xs_domain_open(void);
struct xs_handle *xs_daemon_open_readonly(void);

/**
 * xs_close() - end the connection and free the handle
 * @h: the handle, or NULL
 *
 * xenstored drops the watches and unfinished transactions of the connection.
 * Events that were not taken and replies that were not collected are thrown away,
 * and so are submitted requests that were not sent yet: collect what matters.
 * Keeps errno. A child process may close a handle it inherited; the parent's
 * connection stays as it was.
 *
 * Blocking: only while xentoolcore_restrict_all() runs in another thread.
 */
void xs_close(struct xs_handle *h);

/* Old name of xs_close(). */
void xs_daemon_close(struct xs_handle *h);

/**
 * xs_daemon_destroy_postfork() - free an inherited handle in a child process
 * @h: the handle, or NULL
 *
 * As xs_close(), even if other threads of the parent were using the handle at the
 * time of fork(2).
 */
void xs_daemon_destroy_postfork(struct xs_handle *h);

/**
 * xs_restrict() - does nothing
 * @h: the handle
 * @domid: ignored
 *
 * Return: false with errno ENOSYS. xenstored dropped this request in Xen 4.11; see
 * xentoolcore_restrict_all().
 */
bool xs_restrict(struct xs_handle *h, unsigned int domid);

/* ---- nodes ---- */

/**
 * xs_directory() - list the children of a node
 * @h: the handle
 * @t: a transaction or XBT_NULL
 * @path: the node
 * @num: where the number of children is put
 *
 * A list that is too long for one reply is fetched in parts, and from the start
 * again when it changes in between.
 *
 * Return: the names, in one block with the array; or NULL with errno:
 *   E2BIG       the list is too long, and this xenstored knows no parts: an
 *               oxenstored sends all of it at once, which breaks the connection
 *   EPROTO      a part of the list was malformed; the connection is intact
 */
char **xs_directory(struct xs_handle *h, xs_transaction_t t, const char *path,
                    unsigned int *num);

/**
 * xs_read() - read the value of a node
 * @h: the handle
 * @t: a transaction or XBT_NULL
 * @path: the node
 * @len: where the length of the value in bytes is put, or NULL
 *
 * Return: the value, or NULL with errno
 */
void *xs_read(struct xs_handle *h, xs_transaction_t t, const char *path,
              unsigned int *len);

/**
 * xs_write() - write the value of a node
 * @h: the handle
 * @t: a transaction or XBT_NULL
 * @path: the node; it and what is missing above it are made
 * @data: the value
 * @len: its length in bytes
 *
 * Return: true, or false with errno
 */
bool xs_write(struct xs_handle *h, xs_transaction_t t, const char *path,
              const void *data, unsigned int len);

/**
 * xs_mkdir() - make a node with an empty value
 * @h: the handle
 * @t: a transaction or XBT_NULL
 * @path: the node
 *
 * A node that exists is left alone; that is a success.
 *
 * Return: true, or false with errno
 */
bool xs_mkdir(struct xs_handle *h, xs_transaction_t t, const char *path);

/**
 * xs_rm() - remove a node with all that is beneath it
 * @h: the handle
 * @t: a transaction or XBT_NULL
 * @path: the node
 *
 * Return: true, also if the node does not exist but its parent does; or false
 * with errno
 */
bool xs_rm(struct xs_handle *h, xs_transaction_t t, const char *path);

/**
 * xs_get_permissions() - read who may use a node
 * @h: the handle
 * @t: a transaction or XBT_NULL
 * @path: the node
 * @num: where the number of entries is put
 *
 * The first entry names the owner, who may do anything, and what all domains may
 * that no other entry names. dom0 may do anything everywhere.
 *
 * Return: the entries; or NULL with errno:
 *   EINVAL      the reply is no list of permissions, too
 */
struct xs_permissions *xs_get_permissions(struct xs_handle *h, xs_transaction_t t,
                                          const char *path, unsigned int *num);

/**
 * xs_set_permissions() - decide who may use a node
 * @h: the handle, of the node's owner or a privileged domain
 * @t: a transaction or XBT_NULL
 * @path: the node
 * @perms: the entries, in the order of xs_get_permissions()
 * @num_perms: how many; at least one
 *
 * Return: true, or false with errno:
 *   EINVAL      @perms has other bits than XS_PERM_READ and XS_PERM_WRITE, or
 *               @num_perms is 0; nothing was sent
 */
bool xs_set_permissions(struct xs_handle *h, xs_transaction_t t, const char *path,
                        struct xs_permissions *perms, unsigned int num_perms);

/**
 * xs_path_is_subpath() - whether a node is another one or beneath it
 * @parent: the upper path, without a slash at its end
 * @child: the lower path
 *
 * Compares the texts; a relative path is never beneath an absolute one.
 */
bool xs_path_is_subpath(const char *parent, const char *child);

/* ---- watches ---- */

/**
 * xs_watch() - be told when a node changes
 * @h: the handle
 * @path: the node: watched with all that is beneath it. Or "@introduceDomain" or
 *        "@releaseDomain": a domain came, or stopped or went
 * @token: any text, which comes with each event
 *
 * An event follows at once, whether or not the node exists. An event says that
 * there was a change since the last one, not what it was, and several changes may
 * give one event.
 *
 * Return: true, or false with errno:
 *   EEXIST      this handle has this watch already
 */
bool xs_watch(struct xs_handle *h, const char *path, const char *token);

/**
 * xs_watch_depth() - be told when a node changes, or what is close beneath it
 * @h: the handle
 * @path: as for xs_watch(); with @depth 1, "@introduceDomain" and
 *        "@releaseDomain" give events with the domain's number in the path
 * @token: as for xs_watch()
 * @depth: 0 for the node alone, 1 for its children too, and so on
 *
 * Whether xenstored can do this is asked once for each handle.
 *
 * Return: true, or false with errno:
 *   EOPNOTSUPP  this xenstored cannot; it is older than Xen 4.22
 *   EEXIST      this handle has this watch already
 */
bool xs_watch_depth(struct xs_handle *h, const char *path, const char *token,
                    unsigned int depth);

/**
 * xs_watch_try_depth() - xs_watch_depth() if xenstored can, else xs_watch()
 *
 * Arguments and result are those of xs_watch_depth(), without EOPNOTSUPP. Events
 * may come from deeper than asked. Not for "@introduceDomain" and "@releaseDomain".
 */
bool xs_watch_try_depth(struct xs_handle *h, const char *path, const char *token,
                        unsigned int depth);

/**
 * xs_unwatch() - be told no more
 * @h: the handle
 * @path: as it was given to xs_watch()
 * @token: as it was given to xs_watch()
 *
 * Events that have arrived stay in the queue, unless the handle was opened with
 * XS_UNWATCH_FILTER.
 *
 * Return: true, or false with errno:
 *   ENOENT      this handle has no such watch
 */
bool xs_unwatch(struct xs_handle *h, const char *path, const char *token);

/**
 * xs_fileno() - the descriptor to wait on for events
 * @h: the handle
 *
 * Readable (POLLIN) when xs_check_watch() and xs_read_watch() have an event, and
 * when the connection is broken. Wait for it with poll(2), select(2) or epoll(7),
 * do nothing else with it, and then call xs_check_watch() until it gives EAGAIN.
 *
 * Two cases in which it is readable for something else, so that only
 * xs_check_watch() will do, not xs_read_watch(): replies to submitted requests
 * (xs_submit() and its like) arrive while nobody collects them; and one thread
 * polls without ever calling this library, while one other thread calls it.
 *
 * The descriptor is the same at each call and belongs to the handle.
 *
 * Return: the descriptor, or -1 with errno:
 *   EMFILE, ENFILE, ENOMEM  as of epoll_create1(2) and eventfd(2)
 *   ENOSPC      the user has too many descriptors in epoll sets
 *
 * Blocking: no. Beneath: at the first call epoll_create1(2), eventfd(2) and two
 * epoll_ctl(2). Handles whose descriptor nobody asks for have none.
 */
int xs_fileno(struct xs_handle *h);

/**
 * xs_check_watch() - take an event if there is one
 * @h: the handle
 *
 * Return: an array with the path that changed (XS_WATCH_PATH) and the token
 * (XS_WATCH_TOKEN), in one block; or NULL with errno:
 *   EAGAIN      there is none
 *
 * Blocking: no. Beneath: none when one is queued; else one recv(2), for all that
 * have arrived.
 */
char **xs_check_watch(struct xs_handle *h);

/**
 * xs_read_watch() - wait for an event and take it
 * @h: the handle
 * @num: where the number of strings is put: 2, as of today
 *
 * Return: as xs_check_watch(), but never EAGAIN
 *
 * Blocking: without limit, also if there is no watch at all.
 */
char **xs_read_watch(struct xs_handle *h, unsigned int *num);

/* ---- transactions ---- */

/**
 * xs_transaction_start() - begin a transaction
 * @h: the handle
 *
 * Requests in the transaction see the tree as it is now, changed by themselves
 * only; all of their changes take place when it ends, or none. Any thread may use
 * it, on this handle. How many may be open at once is limited (10 by default, not
 * for dom0).
 *
 * Return: the transaction, or XBT_NULL (0) with errno:
 *   EPROTO      the reply is no number; the connection is intact
 */
xs_transaction_t xs_transaction_start(struct xs_handle *h);

/**
 * xs_transaction_end() - carry a transaction out, or drop it
 * @h: the handle
 * @t: the transaction; it is gone, whatever is returned
 * @abort: true drops it
 *
 * Return: true, or false with errno:
 *   EAGAIN      somebody else changed what it read or wrote: nothing was carried
 *               out; begin again from xs_transaction_start()
 *   ENOENT      there is no such transaction; nothing was sent if it is XBT_NULL
 */
bool xs_transaction_end(struct xs_handle *h, xs_transaction_t t, bool abort);

/* ---- domains; xenstored serves most of these to dom0 only (EACCES) ---- */

/**
 * xs_introduce_domain() - tell xenstored of a new domain
 * @h: the handle
 * @domid: the domain
 * @mfn: the machine frame of the page through which it talks to xenstored
 * @eventchn: the domain's port of the event channel for it
 *
 * Return: true, or false with errno
 */
bool xs_introduce_domain(struct xs_handle *h, unsigned int domid, unsigned long mfn,
                         unsigned int eventchn);

/**
 * xs_set_target() - let a domain do what another one may
 * @h: the handle
 * @domid: a domain that serves @target, such as its device model's
 * @target: the domain whose permissions it gets in addition
 *
 * Return: true, or false with errno
 */
bool xs_set_target(struct xs_handle *h, unsigned int domid, unsigned int target);

/**
 * xs_resume_domain() - tell xenstored that a domain runs on after a suspend
 * @h: the handle
 * @domid: the domain
 *
 * Return: true, or false with errno
 */
bool xs_resume_domain(struct xs_handle *h, unsigned int domid);

/**
 * xs_release_domain() - tell xenstored to let go of a domain
 * @h: the handle
 * @domid: the domain
 *
 * Return: true, or false with errno
 */
bool xs_release_domain(struct xs_handle *h, unsigned int domid);

/**
 * xs_get_domain_path() - what relative paths of a domain are relative to
 * @h: the handle
 * @domid: the domain; it need not exist
 *
 * Return: the path, "/local/domain/<domid>"; or NULL with errno
 */
char *xs_get_domain_path(struct xs_handle *h, unsigned int domid);

/**
 * xs_is_domain_introduced() - whether xenstored knows a domain
 * @h: the handle
 * @domid: the domain
 *
 * Return: true or false. Also false, with errno, when it cannot be told; errno is 0
 * when xenstored said no.
 */
bool xs_is_domain_introduced(struct xs_handle *h, unsigned int domid);

/**
 * xs_suspend_evtchn_port() - the event channel by which a domain is told to suspend
 * @domid: the domain
 *
 * Opens a connection of its own for it.
 *
 * Return: the port, or -1 with an errno of xs_open() or xs_read() (ENOENT: the
 * domain offers none), or EINVAL: the node holds no port
 */
int xs_suspend_evtchn_port(int domid);

/* ---- xenstored itself; for dom0 ---- */

/**
 * xs_control_command() - have xenstored carry out a command
 * @h: the handle
 * @cmd: its name; "help" lists them
 * @data: its arguments, each with its NUL
 * @len: the length of all of @data, 0 for none
 *
 * Return: what the command gave, as text; or NULL with errno
 *
 * Blocking: as long as the command takes.
 */
char *xs_control_command(struct xs_handle *h, const char *cmd, void *data,
                         unsigned int len);

/* Old name of xs_control_command(). */
char *xs_debug_command(struct xs_handle *h, const char *cmd, void *data,
                       unsigned int len);

/**
 * xs_get_features_supported() - what xenstored can do
 * @h: the handle
 * @features: where XENSTORE_SERVER_FEATURE_* bits are put
 *
 * Asks once for each handle.
 *
 * Return: true, or false with errno:
 *   ENOSYS      xenstored is older than Xen 4.21, whether it says so or, as some
 *               oxenstoreds, nothing at all
 *   EPROTO      the reply is no number; the connection is intact
 */
bool xs_get_features_supported(struct xs_handle *h, unsigned int *features);

/**
 * xs_get_features_domain() - what of it a domain is shown
 * @h: the handle
 * @domid: the domain
 * @features: as for xs_get_features_supported()
 *
 * Return: as xs_get_features_supported()
 */
bool xs_get_features_domain(struct xs_handle *h, unsigned int domid,
                            unsigned int *features);

/**
 * xs_set_features_domain() - decide what of it a domain is shown
 * @h: the handle
 * @domid: a domain that was not introduced yet (EBUSY)
 * @features: bits that xenstored supports (EINVAL)
 *
 * Return: true, or false with errno; ENOSYS as for xs_get_features_supported()
 */
bool xs_set_features_domain(struct xs_handle *h, unsigned int domid,
                            unsigned int features);

/**
 * xs_get_quota_names() - list what xenstored can limit
 * @h: the handle
 * @num: where the number of names is put
 *
 * Return: the names ("nodes", "watches", ...), in one block with the array; or
 * NULL with errno:
 *   ENOSYS      xenstored is older than Xen 4.22
 */
const char **xs_get_quota_names(struct xs_handle *h, unsigned int *num);

/**
 * xs_get_global_quota() - the limit that new domains get
 * @h: the handle
 * @quota: one of xs_get_quota_names()
 * @value: where the limit is put; 0 is none
 *
 * Return: true, or false with errno:
 *   ENOSYS      as for xs_get_quota_names()
 *   EINVAL      there is no such quota
 *   EPROTO      the reply is no number; the connection is intact
 */
bool xs_get_global_quota(struct xs_handle *h, const char *quota, unsigned int *value);

/* Sets what xs_get_global_quota() gets, with the same errnos but EPROTO. */
bool xs_set_global_quota(struct xs_handle *h, const char *quota, unsigned int value);

/* The same for the domain @domid, which must exist (ENOENT). */
bool xs_get_domain_quota(struct xs_handle *h, unsigned int domid, const char *quota,
                         unsigned int *value);
bool xs_set_domain_quota(struct xs_handle *h, unsigned int domid, const char *quota,
                         unsigned int value);

/* ---- xenlibs' own: node XENLIBS_1.0 ---- */

/**
 * xs_wait_watch() - wait for an event, but not for ever
 * @h: the handle
 * @timeout_ms: milliseconds; 0 only looks, a negative number waits without limit
 *
 * Return: as xs_check_watch(), with ETIMEDOUT for EAGAIN
 *
 * Blocking: up to @timeout_ms.
 */
char **xs_wait_watch(struct xs_handle *h, int timeout_ms);

#ifdef __cplusplus
}
#endif

#include <xenstore_requests.h>

#endif /* XENSTORE_H */
