/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenforeignmemory: the memory of other domains, mapped into this process.
 *
 * Guest frames (map) and what Xen itself keeps for a guest, such as its grant
 * table (map_resource). Pages are Xen's, 4096 bytes, whatever the host uses.
 * The caller's domain must be privileged over the other one, as dom0 is.
 *
 * Threads: a handle may be used by many at once, save for closing it. Nothing
 * is locked.
 *
 * Fork: a child may close an inherited handle, or exec, and nothing else: it
 * must neither use the handle or its mappings nor unmap them, and opens a
 * handle of its own. Exec: descriptor and mappings are gone in the new program.
 */
#ifndef XENFOREIGNMEMORY_H
#define XENFOREIGNMEMORY_H

#include <stddef.h>
#include <stdint.h>

/* <xenctrl.h>, which may follow, needs all of Xen's names, not only a guest's. */
#if !defined(__XEN_TOOLS__) && !defined(__XEN_INTERFACE_VERSION__)
#define __XEN_TOOLS__ 1
#endif
#include <xen/xen.h>

#ifdef __cplusplus
extern "C" {
#endif

struct xentoollog_logger;

typedef struct xenforeignmemory_handle xenforeignmemory_handle;

/**
 * xenforeignmemory_open() - open a handle
 * @logger:     takes what the library has to say, which is why an open failed;
 *              stays the caller's and must outlive the handle. NULL: stderr
 * @open_flags: no flag is defined; ignored, 0 is best
 *
 * Return: the handle, to be given to xenforeignmemory_close(), or NULL with
 * errno, which is also logged:
 *   ENOENT, ENXIO, ENODEV
 *               no Xen beneath, or its driver is not loaded
 *   EACCES, EPERM
 *               this user may not open the device
 *   EMFILE, ENFILE
 *               no descriptor left
 *   ENOMEM      no memory
 *
 * Blocking: no. Threads: safe. Beneath: open of /dev/xen/privcmd, else of
 * /proc/xen/privcmd; one system call where the first exists.
 */
xenforeignmemory_handle *xenforeignmemory_open(struct xentoollog_logger *logger,
                                               unsigned open_flags);

/**
 * xenforeignmemory_close() - close a handle
 * @fmem: NULL is allowed and does nothing
 *
 * Mappings stay until they are unmapped or the process ends. The handle is gone
 * whatever is returned.
 *
 * Return: 0 with errno kept, or -1 with the errno of close(2).
 * Blocking: while xentoolcore_restrict_all() runs elsewhere. Fork: allowed in
 * the child. Beneath: close(2).
 */
int xenforeignmemory_close(xenforeignmemory_handle *fmem);

/**
 * xenforeignmemory_map() - map frames of a domain
 * @dom:   the domain whose frames they are
 * @prot:  PROT_READ, PROT_WRITE, as for mmap(2)
 * @pages: how many, at least 1
 * @arr:   the frame numbers: guest frames (gfn) of a translated guest, machine
 *         frames of a PV guest; mapped one after the other
 * @err:   NULL, or room for @pages results: 0, or a negative errno value
 *
 * Without @err it is all or nothing. With @err the mapping may be partial, down
 * to no page at all: look at each entry, and do not touch a page that failed.
 *
 * A frame that is paged out is asked for again, with growing pauses, until it
 * is there or the handle's paging timeout has passed; it then counts as failed
 * with ETIMEDOUT. See xenforeignmemory_set_paging_timeout().
 *
 * Return: the address, to be given to xenforeignmemory_unmap(), or NULL with
 * errno; nothing is then mapped, and @err holds nothing of use:
 *   EINVAL      @pages is 0, or @dom has more than 16 bits; or a frame (without
 *               @err) or the request as a whole is not acceptable to Xen
 *   ENOMEM      no memory or no room for @pages, or more than 2^32 - 1 of them
 *   EPERM       the handle is restricted to another domain, or Xen denies it
 *   ESRCH       there is no domain @dom
 *   ETIMEDOUT   without @err: a frame is still paged out
 *   EFAULT      @arr or @err is not memory of ours
 * Without @err, errno is that of the first page that failed, which may be any
 * that Xen gives for a frame.
 *
 * Blocking: as the paging timeout allows; signals do not end the wait.
 * Allocation: without @err above 256 pages, and on kernels before Linux 3.8.
 * Not logged.
 * Beneath: mmap(2), IOCTL_PRIVCMD_MMAPBATCH_V2 (IOCTL_PRIVCMD_MMAPBATCH where
 * that is unknown); munmap(2) on failure.
 */
void *xenforeignmemory_map(xenforeignmemory_handle *fmem, uint32_t dom, int prot,
                           size_t pages, const xen_pfn_t arr[], int err[]);

/**
 * xenforeignmemory_map2() - map frames of a domain at a chosen place
 * @addr:  where to map, a hint as for mmap(2), or NULL
 * @flags: flags of mmap(2) besides MAP_SHARED, which is always set
 *
 * Otherwise as xenforeignmemory_map(), which is this with NULL and 0. In
 * addition:
 *   EINVAL      MAP_FIXED and @addr is not page aligned
 *   EEXIST      MAP_FIXED_NOREPLACE and something is mapped there
 *
 * With MAP_FIXED whatever was mapped at @addr is gone as soon as the range is
 * claimed. A failure after that leaves a hole there, not the old contents.
 */
void *xenforeignmemory_map2(xenforeignmemory_handle *fmem, uint32_t dom, void *addr,
                            int prot, int flags, size_t pages, const xen_pfn_t arr[],
                            int err[]);

/**
 * xenforeignmemory_unmap() - unmap what map or map2 returned
 * @addr:  the address, or one within the mapping
 * @pages: how many pages from there
 *
 * Return: 0 with errno kept, or -1 with errno:
 *   EINVAL      @addr is not page aligned, @pages is 0 or beyond all memory
 *   ENOMEM      the mapping would have to be split, and there are too many
 *
 * Blocking: no. Not allowed in a child after fork. Beneath: munmap(2), nothing
 * else, so a caller may as well use that.
 */
int xenforeignmemory_unmap(xenforeignmemory_handle *fmem, void *addr, size_t pages);

/**
 * xenforeignmemory_restrict() - confine a handle to one domain
 * @domid: the only domain whose memory the handle maps from now on
 *
 * Cannot be undone. Restricting again to the same domain succeeds. Mappings
 * stay. The same happens to every handle in xentoolcore_restrict_all().
 *
 * Return: 0, or -1 with errno:
 *   EINVAL      restricted to another domain already
 *   ENOTTY, EINVAL
 *               the kernel (before Linux 4.11) cannot restrict
 *
 * Blocking: no. Fork: the restriction holds for whoever shares the descriptor.
 * Beneath: IOCTL_PRIVCMD_RESTRICT.
 */
int xenforeignmemory_restrict(xenforeignmemory_handle *fmem, domid_t domid);

typedef struct xenforeignmemory_resource_handle xenforeignmemory_resource_handle;

/**
 * xenforeignmemory_map_resource() - map something that Xen keeps for a domain
 * @domid:     the domain
 * @type:      XENMEM_resource_* of <xen/memory.h>: grant table, ioreq server, …
 * @id:        which of that type, as <xen/memory.h> says for each
 * @frame:     the first frame of the resource to map
 * @nr_frames: how many, at least 1
 * @paddr:     in: where to map, a hint as for mmap(2), or NULL in it.
 *             out: where it is; left alone on failure
 * @prot:      PROT_READ, PROT_WRITE, as for mmap(2)
 * @flags:     MAP_SHARED, MAP_PRIVATE, both or 0: always shared
 *
 * Return: a handle of the mapping, to be given to
 * xenforeignmemory_unmap_resource(), or NULL with errno; nothing is then mapped:
 *   EINVAL      other @flags, @nr_frames is 0, @frame has more than 32 bits, or
 *               the resource has no such frames, @type or @id
 *   EOPNOTSUPP  the kernel (before Linux 4.18) maps no resources; or an old Xen
 *               that has no such @type
 *   ENOMEM      no memory or no room for @nr_frames, or more than 2^32 - 1
 *   EPERM       the handle is restricted to another domain, or Xen denies it
 *   ESRCH       there is no domain @domid
 *
 * Blocking: no. Allocation: the returned handle. Not logged.
 * Beneath: mmap(2), IOCTL_PRIVCMD_MMAP_RESOURCE; munmap(2) on failure, and once
 * per handle an ioctl that no kernel has, to learn how this one says so.
 */
xenforeignmemory_resource_handle *xenforeignmemory_map_resource(
    xenforeignmemory_handle *fmem, domid_t domid, unsigned int type, unsigned int id,
    unsigned long frame, unsigned long nr_frames, void **paddr, int prot, int flags);

/**
 * xenforeignmemory_unmap_resource() - unmap a resource and free its handle
 * @fres: NULL is allowed and does nothing; gone whatever is returned
 *
 * Return: 0 with errno kept, or -1 with the errno of munmap(2), ENOMEM.
 * Blocking: no. Not allowed in a child after fork. Beneath: munmap(2).
 */
int xenforeignmemory_unmap_resource(xenforeignmemory_handle *fmem,
                                    xenforeignmemory_resource_handle *fres);

/**
 * xenforeignmemory_resource_size() - how large a resource is
 * @size: out: bytes, a multiple of 4096; left alone on failure
 *
 * @domid, @type and @id as for xenforeignmemory_map_resource().
 *
 * Return: 0, or -1 with errno:
 *   EINVAL      no such @id, or (Xen 4.20) no such @type; or an old kernel that
 *               maps resources but does not tell their size
 *   EOVERFLOW   more bytes than a size_t counts
 *   EOPNOTSUPP, EPERM, ESRCH
 *               as for xenforeignmemory_map_resource()
 *
 * Xen 4.14 does not look at what is asked for: it gives its limit for one call.
 *
 * Blocking: no. Beneath: IOCTL_PRIVCMD_MMAP_RESOURCE without an address.
 */
int xenforeignmemory_resource_size(xenforeignmemory_handle *fmem, domid_t domid,
                                   unsigned int type, unsigned int id, size_t *size);

/* ---- beyond upstream: XENLIBS_1.0 ---- */

/**
 * xenforeignmemory_set_paging_timeout() - how long map waits for paged-out frames
 * @timeout_ms: milliseconds; 0 asks once and does not wait, -1 waits for ever
 *
 * A new handle has 10 seconds. Holds for each call of map or map2 that starts
 * afterwards.
 *
 * Return: 0, or -1 with EINVAL: @timeout_ms is below -1.
 * Blocking: no. Beneath: nothing.
 */
int xenforeignmemory_set_paging_timeout(xenforeignmemory_handle *fmem, int timeout_ms);

/**
 * xenforeignmemory_get_paging_timeout() - the handle's paging timeout
 *
 * Return: milliseconds, or -1 for "for ever". Cannot fail.
 * Blocking: no. Beneath: nothing.
 */
int xenforeignmemory_get_paging_timeout(xenforeignmemory_handle *fmem);

/**
 * xenforeignmemory_open_on() - open a handle over an open privcmd
 * @logger, @open_flags: as for xenforeignmemory_open()
 * @privcmd_fd:          a descriptor of privcmd. It stays the caller's, who closes
 *                       it after the handle
 *
 * For programs and libraries that use one descriptor for several purposes, as
 * libxenctrl does. The handle does not register with libxentoolcore: whoever owns
 * the descriptor does, and confines it. xenforeignmemory_restrict() confines it
 * for all its uses; hypercalls over it then fail with EPERM.
 *
 * Return: the handle, to be given to xenforeignmemory_close(), which leaves the
 * descriptor open; or NULL with errno:
 *   EBADF   @privcmd_fd is negative. What else it may be is not looked at: mapping
 *           says ENODEV or ENOTTY if it is not privcmd
 *   ENOMEM  no memory
 *
 * Blocking: no. Threads: safe. Beneath: nothing.
 */
xenforeignmemory_handle *xenforeignmemory_open_on(struct xentoollog_logger *logger,
                                                  unsigned open_flags, int privcmd_fd);

#ifdef __cplusplus
}
#endif

#endif /* XENFOREIGNMEMORY_H */
