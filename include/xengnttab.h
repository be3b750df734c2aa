/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxengnttab: pages that are shared between domains by grants.
 *
 * A domain grants a page of its own to another domain and gets a grant
 * reference for it, a small number that it passes on by some other way, such as
 * xenstore. The other domain maps the page or copies from and to it. Both sides
 * are here, each with its own kind of handle:
 *
 *   gntshr  gives out new pages, through /dev/xen/gntalloc;
 *   gnttab  uses the pages of others, through /dev/xen/gntdev.
 *
 * Neither needs privcmd, so both work in an ordinary guest.
 *
 * Memory shared with another domain can change at any moment: read a value once
 * into a local, check that, then use it.
 *
 * What holds for every function here:
 *
 * Units: a page has 4096 bytes, whatever page size the kernel uses; counts are
 *   in pages.
 * Errors: -1 or NULL with errno; then nothing was changed. What fails is also
 *   logged, at level error, save where it says otherwise.
 * Threads: a handle may be used by several threads at once. Closing it may not
 *   overlap with any other use.
 * Fork: a child may only close a handle that it inherited, and must not touch
 *   the mappings made with it. exec(2) closes the handle.
 * Restriction: after xentoolcore_restrict_all() whatever asks the driver for
 *   something fails with ENOTTY. What is mapped stays usable; taking it down and
 *   closing the handle work.
 */
#ifndef XENGNTTAB_H
#define XENGNTTAB_H

#include <stdint.h>

/* <xenctrl.h>, which may follow, needs all of Xen's names, not only a guest's. */
#if !defined(__XEN_TOOLS__) && !defined(__XEN_INTERFACE_VERSION__)
#define __XEN_TOOLS__ 1
#endif
#include <xen/grant_table.h>
#include <xen/event_channel.h>

#ifdef __cplusplus
extern "C" {
#endif

/* From xentoollog.h, which only callers with a logger need. */
struct xentoollog_logger;

/* ---- gnttab: the pages of others ---- */

typedef struct xengntdev_handle xengnttab_handle;

/**
 * xengnttab_open() - get a handle with which to map and copy granted pages
 * @logger: hears of failures; borrowed, and must outlive the handle.
 *          NULL: they go to stderr
 * @open_flags: 0; not looked at
 *
 * Return: the handle, for xengnttab_close(). NULL with errno, not logged:
 *   ENOMEM  no memory for the handle
 *   or an errno of open(2): ENOENT when the driver xen-gntdev is not loaded or
 *   this is no Xen domain, EACCES without the right to open the device, EMFILE
 *
 * Blocking: no. Beneath: open(2) of /dev/xen/gntdev, close-on-exec.
 */
xengnttab_handle *xengnttab_open(struct xentoollog_logger *logger, unsigned open_flags);

/**
 * xengnttab_close() - give up a handle
 * @xgt: the handle, gone afterwards in any case; NULL does nothing
 *
 * Mappings are not taken down: they stay usable until munmap(2) or the end of
 * the process, and then their grants are released too. Never logs.
 *
 * Return: 0, or -1 with an errno of close(2).
 *
 * Blocking: while xentoolcore_restrict_all() runs. Fork: allowed in the child.
 */
int xengnttab_close(xengnttab_handle *xgt);

/**
 * xengnttab_fd() - the descriptor of /dev/xen/gntdev behind a handle
 * @xgt: the handle, which keeps the descriptor
 *
 * For ioctls and mappings that this library does not offer. Polling it is of no
 * use. Pages mapped with it can be taken down by xengnttab_unmap().
 *
 * Return: the descriptor. Cannot fail.
 */
int xengnttab_fd(xengnttab_handle *xgt);

/**
 * xengnttab_map_grant_ref() - map one granted page
 * @xgt: the handle
 * @domid: the domain that granted it
 * @ref: its grant reference
 * @prot: PROT_READ or PROT_READ | PROT_WRITE, as for mmap(2)
 *
 * Return: where the page is, until xengnttab_unmap(@xgt, page, 1). NULL with
 * errno, and nothing mapped:
 *   EINVAL     @domid is no number of a domain; or Xen refused the reference:
 *              it is not granted to us, or only for reading
 *   ETIMEDOUT  the page is paged out and did not come back in time, see
 *              xengnttab_set_paging_timeout()
 *   ENOMEM     no memory, or no free pages in this domain to map over
 *   ENOTTY     the handle is restricted
 *   or another errno of the driver's ioctl(2) or mmap(2)
 *
 * Blocking: only for pages that are paged out.
 * Beneath: IOCTL_GNTDEV_MAP_GRANT_REF and mmap(2), 2 system calls.
 */
void *xengnttab_map_grant_ref(xengnttab_handle *xgt, uint32_t domid, uint32_t ref, int prot);

/**
 * xengnttab_map_grant_refs() - map granted pages of several domains, side by side
 * @xgt: the handle
 * @count: how many pages, at least 1
 * @domids: @count domains, one for each reference
 * @refs: @count grant references
 * @prot: as for xengnttab_map_grant_ref()
 *
 * All of them or none. The arrays are only read, and the caller's.
 *
 * Return: the first page, until xengnttab_unmap() with the same @count. NULL
 * with errno as xengnttab_map_grant_ref() has it, and:
 *   EINVAL  @count is 0, more than 16777216 (524288 in a 32-bit program), or above the driver's limit for one
 *           request (65536 unless its parameter `limit` says otherwise); an
 *           array is NULL
 *
 * Beneath: as above; 2 system calls for any number of pages up to 16000.
 */
void *xengnttab_map_grant_refs(xengnttab_handle *xgt, uint32_t count, uint32_t *domids,
                               uint32_t *refs, int prot);

/**
 * xengnttab_map_domain_grant_refs() - map granted pages of one domain, side by side
 * @xgt: the handle
 * @count: how many pages, at least 1
 * @domid: the domain that granted all of them
 * @refs: @count grant references
 * @prot: as for xengnttab_map_grant_ref()
 *
 * In all else as xengnttab_map_grant_refs().
 */
void *xengnttab_map_domain_grant_refs(xengnttab_handle *xgt, uint32_t count,
                                      uint32_t domid, uint32_t *refs, int prot);

/**
 * xengnttab_map_grant_ref_notify() - map one page, and tell the peer when that ends
 * @xgt: the handle
 * @domid: the domain that granted it
 * @ref: its grant reference
 * @prot: as for xengnttab_map_grant_ref()
 * @notify_offset: the byte of the page to clear; all ones, or any number beyond
 *                 the page, for none
 * @notify_port: the local event channel to send an event on; all ones for none
 *
 * When the page is unmapped, in order or because the process died, the kernel
 * first clears the byte and then sends the event. A protocol therefore keeps a
 * state byte of each side in the page, in which 0 means gone. It helps between
 * peers that mean well; a hostile one need not let go.
 *
 * Return: as xengnttab_map_grant_ref(); when the notification cannot be set,
 * NULL, and the page is not mapped:
 *   EINVAL  @notify_port is not bound through /dev/xen/evtchn, or a byte is to be
 *           cleared and @prot lacks PROT_WRITE
 *
 * Beneath: as above and IOCTL_GNTDEV_SET_UNMAP_NOTIFY, 3 system calls.
 */
void *xengnttab_map_grant_ref_notify(xengnttab_handle *xgt, uint32_t domid, uint32_t ref,
                                     int prot, uint32_t notify_offset,
                                     evtchn_port_t notify_port);

/**
 * xengnttab_unmap() - take a mapping down
 * @xgt: the handle it was made with
 * @start_address: what the map function returned
 * @count: how many pages it was made with: a mapping goes as a whole
 *
 * A peer for whom a notification was set is notified. Never logs. A mapping that
 * was already taken down by munmap(2) must not be passed: something else may be
 * at its address by now.
 *
 * Return: 0, or -1 with errno:
 *   EINVAL  @start_address is NULL or not the start of a mapping made with @xgt,
 *           or @count is not its size; nothing was unmapped
 *   or an errno of munmap(2), and the mapping stays
 *   or of the driver's ioctl(2), when the pages are unmapped but the driver
 *   keeps their slots until the handle is closed
 *
 * Blocking: no.
 * Beneath: munmap(2) and IOCTL_GNTDEV_UNMAP_GRANT_REF, 2 system calls. First
 * IOCTL_GNTDEV_GET_OFFSET_FOR_VADDR if the library did not make the mapping.
 */
int xengnttab_unmap(xengnttab_handle *xgt, void *start_address, uint32_t count);

/**
 * xengnttab_set_max_grants() - set how many grants a handle may map
 * @xgt: a handle just opened
 * @nr_grants: that many
 *
 * Of use only on old kernels, and only before anything else is done with the
 * handle. Later ones have no such limit, and this then succeeds without effect.
 *
 * Return: 0, or -1 with the errno of the driver.
 *
 * Blocking: no. Beneath: IOCTL_GNTDEV_SET_MAX_GRANTS.
 */
int xengnttab_set_max_grants(xengnttab_handle *xgt, uint32_t nr_grants);

/**
 * xengnttab_set_paging_timeout() - set how long mapping waits for paged-out pages
 * @xgt: the handle
 * @timeout_ms: milliseconds; 0 not to wait at all, -1 to wait for ever
 *
 * A granted page may be paged out by the domain's pager. Xen then fetches it,
 * and mapping waits for that, for 10 seconds unless told otherwise, and gives up
 * with ETIMEDOUT. Counts from the next map call on. Ours: XENLIBS_1.0. Does not
 * log.
 *
 * Return: 0, or -1 with errno:
 *   EINVAL  @timeout_ms is below -1
 *
 * Blocking: no. Beneath: nothing.
 */
int xengnttab_set_paging_timeout(xengnttab_handle *xgt, int timeout_ms);

/**
 * xengnttab_get_paging_timeout() - how long mapping waits for paged-out pages
 * @xgt: the handle
 *
 * Return: milliseconds; -1: for ever. Cannot fail. Ours: XENLIBS_1.0.
 */
int xengnttab_get_paging_timeout(xengnttab_handle *xgt);

/*
 * One piece for xengnttab_grant_copy(). Each end is local memory, or a part of a
 * granted page if its flag says so; at least one end is granted.
 */
struct xengnttab_grant_copy_segment {
    union xengnttab_copy_ptr {
        void *virt; /* local memory; may cross pages */
        struct {
            uint32_t ref;
            uint16_t offset; /* bytes into the page */
            uint16_t domid;  /* who granted it */
        } foreign;
    } source, dest;
    uint16_t len;   /* bytes; a granted end lies within its page */
    uint16_t flags; /* GNTCOPY_source_gref, GNTCOPY_dest_gref or both */
    int16_t status; /* out: GNTST_okay, or another GNTST_* of what went wrong */
};
typedef struct xengnttab_grant_copy_segment xengnttab_grant_copy_segment_t;

/**
 * xengnttab_grant_copy() - copy from and to granted pages without mapping them
 * @xgt: the handle
 * @count: how many segments
 * @segs: the segments; their status is filled in
 *
 * Success says only that the request was carried out: whether a segment was
 * copied is in its status. One with GNTST_eagain is paged out; copy it again
 * later.
 *
 * Return: 0, or -1 with the errno of the driver, and the statuses mean nothing:
 *   EINVAL  a segment is longer than a page, leaves its granted page, or has no
 *           granted end
 *   EFAULT  @segs or local memory cannot be read or written
 *   ENOMEM  no memory
 *   ENOTTY  the kernel cannot copy grants, or the handle is restricted
 *
 * Blocking: while the kernel retries segments whose page is paged out.
 * Beneath: IOCTL_GNTDEV_GRANT_COPY, 1 system call; allocates nothing.
 */
int xengnttab_grant_copy(xengnttab_handle *xgt, uint32_t count,
                         xengnttab_grant_copy_segment_t *segs);

/* What memory backs a dma-buf; ordinary pages without a flag. */
#define GNTDEV_DMA_FLAG_WC (1 << 0)       /* write-combining DMA memory */
#define GNTDEV_DMA_FLAG_COHERENT (1 << 1) /* coherent DMA memory */

/**
 * xengnttab_dmabuf_exp_from_refs() - make a dma-buf of granted pages
 * @xgt: the handle
 * @domid: the domain that granted them
 * @flags: GNTDEV_DMA_FLAG_*, or 0
 * @count: how many pages, at least 1
 * @refs: @count grant references; only read
 * @fd: out: the dma-buf's descriptor, for the caller to close; set on success only
 *
 * Return: 0, or -1 with errno:
 *   EINVAL  @count is 0 or beyond the driver's limit, @refs is NULL, @domid is
 *           no number of a domain, @flags contradict each other, or Xen refused
 *           a reference
 *   ENOMEM  no memory
 *   ENOTTY  the kernel has no dma-bufs for grants (Debian's has none), or the
 *           handle is restricted
 *   or another errno of the driver
 *
 * Blocking: no. Beneath: IOCTL_GNTDEV_DMABUF_EXP_FROM_REFS.
 */
int xengnttab_dmabuf_exp_from_refs(xengnttab_handle *xgt, uint32_t domid, uint32_t flags,
                                   uint32_t count, const uint32_t *refs, uint32_t *fd);

/**
 * xengnttab_dmabuf_exp_wait_released() - wait until nobody uses a dma-buf any more
 * @xgt: the handle that made it
 * @fd: its descriptor, as a number: it may be closed already
 * @wait_to_ms: how many milliseconds to wait; 0 only looks
 *
 * Return: 0 when it is released, or was not there at all; -1 with errno:
 *   ETIMEDOUT  it is still in use; logged as other failures are
 *   ENOTTY     as xengnttab_dmabuf_exp_from_refs()
 *
 * Blocking: yes, up to @wait_to_ms. Beneath: IOCTL_GNTDEV_DMABUF_EXP_WAIT_RELEASED.
 */
int xengnttab_dmabuf_exp_wait_released(xengnttab_handle *xgt, uint32_t fd,
                                       uint32_t wait_to_ms);

/**
 * xengnttab_dmabuf_imp_to_refs() - grant the pages of a dma-buf to a domain
 * @xgt: the handle
 * @domid: the domain that may use them
 * @fd: the dma-buf's descriptor
 * @count: how many pages it has, at least 1
 * @refs: out: @count grant references; filled in on success only
 *
 * The grants hold until xengnttab_dmabuf_imp_release().
 *
 * Return: 0, or -1 with errno:
 *   EINVAL  @count is 0 or not the size of the buffer, @refs is NULL, or @domid
 *           is no number of a domain
 *   ENOMEM  no memory
 *   ENOTTY  as xengnttab_dmabuf_exp_from_refs()
 *   or another errno of the driver or of the buffer's own driver
 *
 * Blocking: no. Beneath: IOCTL_GNTDEV_DMABUF_IMP_TO_REFS.
 */
int xengnttab_dmabuf_imp_to_refs(xengnttab_handle *xgt, uint32_t domid, uint32_t fd,
                                 uint32_t count, uint32_t *refs);

/**
 * xengnttab_dmabuf_imp_release() - take back the grants of a dma-buf
 * @xgt: the handle with which they were made
 * @fd: the dma-buf's descriptor
 *
 * Return: 0, or -1 with errno:
 *   ENOENT  no grants were made for @fd with this handle
 *   ENOTTY  as xengnttab_dmabuf_exp_from_refs()
 *
 * Blocking: no. Beneath: IOCTL_GNTDEV_DMABUF_IMP_RELEASE.
 */
int xengnttab_dmabuf_imp_release(xengnttab_handle *xgt, uint32_t fd);

/* ---- gntshr: pages for others ---- */

typedef struct xengntdev_handle xengntshr_handle;

/**
 * xengntshr_open() - get a handle with which to share new pages
 * @logger: hears of failures; borrowed, and must outlive the handle.
 *          NULL: they go to stderr
 * @open_flags: 0; not looked at
 *
 * Return: the handle, for xengntshr_close(). NULL with errno, not logged:
 *   ENOMEM  no memory for the handle
 *   or an errno of open(2): ENOENT when the driver xen-gntalloc is not loaded or
 *   this is no Xen domain, EACCES without the right to open the device, EMFILE
 *
 * Blocking: no. Beneath: open(2) of /dev/xen/gntalloc, close-on-exec.
 */
xengntshr_handle *xengntshr_open(struct xentoollog_logger *logger, unsigned open_flags);

/**
 * xengntshr_close() - give up a handle
 * @xgs: the handle, gone afterwards in any case; NULL does nothing
 *
 * Shared pages stay mapped and granted until munmap(2) or the end of the
 * process. Never logs.
 *
 * Return: 0, or -1 with an errno of close(2).
 *
 * Blocking: while xentoolcore_restrict_all() runs. Fork: allowed in the child.
 */
int xengntshr_close(xengntshr_handle *xgs);

/**
 * xengntshr_fd() - the descriptor of /dev/xen/gntalloc behind a handle
 * @xgs: the handle, which keeps the descriptor
 *
 * Return: the descriptor. Cannot fail.
 */
int xengntshr_fd(xengntshr_handle *xgs);

/**
 * xengntshr_share_pages() - get new pages and grant them to a domain
 * @xgs: the handle
 * @domid: the domain that may map and copy them
 * @count: how many pages, at least 1
 * @refs: out: @count grant references; filled in on success only
 * @writable: whether @domid may write to them; not 0 for yes
 *
 * The pages are zeroed, and readable and writable here.
 *
 * Return: the first page, until xengntshr_unshare(). NULL with errno, and
 * nothing granted:
 *   EINVAL  @count is below 1 or more than 16777216, @refs is NULL, or @domid is
 *           no number of a domain
 *   ENOSPC  above the driver's limit on the pages of all processes (1024 unless
 *           its parameter `limit` says otherwise), or no grant reference is free
 *   ENOMEM  no memory
 *   ENOTTY  the handle is restricted
 *   or another errno of the driver's ioctl(2) or mmap(2)
 *
 * Blocking: no.
 * Beneath: IOCTL_GNTALLOC_ALLOC_GREF, mmap(2), IOCTL_GNTALLOC_DEALLOC_GREF,
 * after which only the mapping keeps the grant. 3 system calls.
 */
void *xengntshr_share_pages(xengntshr_handle *xgs, uint32_t domid, int count,
                            uint32_t *refs, int writable);

/**
 * xengntshr_share_page_notify() - share one page, and tell the peer when that ends
 * @xgs: the handle
 * @domid: the domain that may map and copy it
 * @ref: out: its grant reference; set on success only
 * @writable: whether @domid may write to it; not 0 for yes
 * @notify_offset: as for xengnttab_map_grant_ref_notify()
 * @notify_port: the same
 *
 * Return: the page, as xengntshr_share_pages() with 1. When the notification
 * cannot be set, NULL, and nothing is granted:
 *   EINVAL  @notify_port is not bound through /dev/xen/evtchn
 *
 * Beneath: as above and IOCTL_GNTALLOC_SET_UNMAP_NOTIFY, 4 system calls.
 */
void *xengntshr_share_page_notify(xengntshr_handle *xgs, uint32_t domid, uint32_t *ref,
                                  int writable, uint32_t notify_offset,
                                  evtchn_port_t notify_port);

/**
 * xengntshr_unshare() - take shared pages back
 * @xgs: the handle they were shared with
 * @start_address: what the share function returned
 * @count: how many pages
 *
 * As long as the peer has a page mapped the kernel keeps its memory and its
 * reference aside, and frees them later. Does not log.
 *
 * Return: 0, or -1 with errno:
 *   EINVAL  @start_address is NULL or not the start of a page, or @count is 0 or
 *           more than 16777216
 *
 * Blocking: no. Beneath: munmap(2), 1 system call.
 */
int xengntshr_unshare(xengntshr_handle *xgs, void *start_address, uint32_t count);

#ifdef __cplusplus
}
#endif

#endif /* XENGNTTAB_H */
