/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxendevicemodel: what a device model needs to emulate devices for an HVM
 * or PVH guest: ioreq servers, interrupts, the guest's memory and its state.
 *
 * Every operation names its domain. It returns 0, or -1 with errno; results are
 * written on success only, and errno is kept then. Next to those listed with
 * each, an operation may fail with
 *   EPERM       the handle is restricted to another domain, or Xen denies the
 *               caller to act for this one
 *   ESRCH       there is no such domain, or it is dying
 *   EINVAL      the domain is neither HVM nor PVH (or, for some operations, has
 *               no virtual CPU yet); or Xen finds an argument out of range
 *   EOPNOTSUPP  this Xen has no such operation
 *   ENOMEM      Xen or the kernel has no memory for it
 *   EFAULT      the caller's buffer is not memory of its own
 *   E2BIG       the kernel passes no buffer that large on a restricted handle
 * and, on kernels before Linux 4.11, with the errnos of xencall_open(), see
 * below. Operations never log, and never allocate from the heap once the
 * handle for hypercalls is open.
 *
 * Beneath: one IOCTL_PRIVCMD_DM_OP. Kernels that lack it get the hypercall
 * dm_op through a handle of libxencall, which the first operation opens. The
 * functions marked "by hypercall" need that handle on every kernel. It reaches
 * all domains, so a restricted handle has none: these functions then fail with
 * EPERM, for its own domain too. A program that gives up the right to open
 * devices without restricting the handle calls one of them before.
 *
 * Blocking: as long as Xen takes. Threads: safe, save for closing. Fork: a
 * child may close an inherited handle, or exec, and nothing else. Exec: the
 * descriptors are close-on-exec.
 */
#ifndef XENDEVICEMODEL_H
#define XENDEVICEMODEL_H

#include <stddef.h>
#include <stdint.h>

/* <xenctrl.h>, which may follow, needs all of Xen's names, not only a guest's. */
#if !defined(__XEN_TOOLS__) && !defined(__XEN_INTERFACE_VERSION__)
#define __XEN_TOOLS__ 1
#endif
#include <xen/xen.h>
#include <xen/hvm/dm_op.h>
#include <xen/hvm/hvm_op.h>

#ifdef __cplusplus
extern "C" {
#endif

struct xentoollog_logger;

typedef struct xendevicemodel_handle xendevicemodel_handle;

/**
 * xendevicemodel_open() - open a handle
 * @logger:     takes what the library has to say, which is why an open failed;
 *              stays the caller's and must outlive the handle. NULL: stderr
 * @open_flags: no flag is defined; ignored, 0 is best
 *
 * The handle registers with libxentoolcore: xentoolcore_restrict_all() confines
 * it as xendevicemodel_restrict() does.
 *
 * Return: the handle, to be given to xendevicemodel_close(), with errno kept;
 * or NULL with errno; a device that cannot be opened is also logged:
 *   ENOENT, ENXIO, ENODEV  no Xen beneath, or its driver is not loaded
 *   EACCES, EPERM          this user may not open the device
 *   EMFILE, ENFILE         no descriptor left
 *   ENOMEM                 no memory
 *   EINVAL                 xentoolcore_restrict_all() ran at the same time, and
 *                          the handle could not be confined
 *
 * Blocking: while xentoolcore_restrict_all() runs elsewhere. Threads: safe.
 * Beneath: open of /dev/xen/privcmd, else of /proc/xen/privcmd, and one
 * IOCTL_PRIVCMD_DM_OP to see whether the kernel knows it; one descriptor.
 */
xendevicemodel_handle *xendevicemodel_open(struct xentoollog_logger *logger,
                                           unsigned int open_flags);

/**
 * xendevicemodel_close() - close a handle
 * @dmod: NULL is allowed and does nothing
 *
 * Ioreq servers and all else that was set up for a domain stay. The handle is
 * gone whatever is returned.
 *
 * Return: 0 with errno kept, or -1 with the errno of close(2).
 * Blocking: while xentoolcore_restrict_all() runs elsewhere. Fork: allowed in
 * the child. Beneath: close(2).
 */
int xendevicemodel_close(xendevicemodel_handle *dmod);

/**
 * xendevicemodel_restrict() - confine a handle to one domain
 * @domid: the only domain that the handle acts on from now on
 *
 * Cannot be undone; once more for the same domain succeeds. The handle for
 * hypercalls, if there is one, is put out of use; see the top.
 *
 * Return: 0, or -1 with errno:
 *   EOPNOTSUPP      the kernel has no IOCTL_PRIVCMD_DM_OP
 *   EINVAL          restricted to another domain already
 *   EMFILE, ENFILE  no descriptor left to put the handle for hypercalls out of
 *                   use with; the operations refuse to use it all the same
 *
 * Fork: it holds for all who share the descriptor. Beneath: IOCTL_PRIVCMD_RESTRICT.
 */
int xendevicemodel_restrict(xendevicemodel_handle *dmod, domid_t domid);

/*
 * ---- ioreq servers ----
 * What takes an @id may also fail with
 *   ENOENT  the domain has no such server
 *   EPERM   the server is another domain's
 */

/**
 * xendevicemodel_create_ioreq_server() - have a guest's accesses sent here
 * @handle_bufioreq: HVM_IOREQSRV_BUFIOREQ_OFF (0), _LEGACY (1) or _ATOMIC (2):
 *                   whether writes that need no answer may be buffered, and
 *                   how the ring's write pointer is read. The names are in
 *                   <xen/hvm/hvm_op.h> if __XEN_TOOLS__ is defined
 * @id:              the server's number within the domain, for all below
 *
 * It takes no range and is disabled at first. Xen keeps it until it is
 * destroyed, or the domain is.
 *
 *   EINVAL  @handle_bufioreq is none of the three
 *   ENOSPC  the domain has as many servers as Xen allows, which is eight
 */
int xendevicemodel_create_ioreq_server(xendevicemodel_handle *dmod, domid_t domid,
                                       int handle_bufioreq, ioservid_t *id);

/**
 * xendevicemodel_get_ioreq_server_info() - where a server's requests appear
 * @ioreq_gfn:     the guest frame of the synchronous requests, or NULL
 * @bufioreq_gfn:  that of the buffered ones, or NULL; of no meaning if the
 *                 server has none
 * @bufioreq_port: the port in the guest's device-model domain to bind for
 *                 buffered requests, or NULL; of no meaning likewise
 *
 * With both frames NULL, Xen does not place its pages in the guest: map them by
 * xenforeignmemory_map_resource() with XENMEM_resource_ioreq_server.
 *
 *   ENOMEM  there is no guest frame left to show the pages in
 */
int xendevicemodel_get_ioreq_server_info(xendevicemodel_handle *dmod, domid_t domid,
                                         ioservid_t id, xen_pfn_t *ioreq_gfn,
                                         xen_pfn_t *bufioreq_gfn,
                                         evtchn_port_t *bufioreq_port);

/**
 * xendevicemodel_map_io_range_to_ioreq_server() - have accesses to a range sent
 * xendevicemodel_unmap_io_range_from_ioreq_server() - and no longer
 * @is_mmio:     not 0: guest-physical addresses; 0: I/O ports
 * @start, @end: the first and the last of the range
 *
 * A server gets an access only if all of it lies within one of its ranges.
 *
 *   EEXIST  the range overlaps one of the server's own (map)
 *   ENOENT  also: it has no such range (unmap)
 *   ENOMEM  the server has 256 ranges of the kind already (map)
 *   EINVAL  @start is greater than @end
 */
int xendevicemodel_map_io_range_to_ioreq_server(xendevicemodel_handle *dmod, domid_t domid,
                                                ioservid_t id, int is_mmio, uint64_t start,
                                                uint64_t end);
int xendevicemodel_unmap_io_range_from_ioreq_server(xendevicemodel_handle *dmod, domid_t domid,
                                                    ioservid_t id, int is_mmio,
                                                    uint64_t start, uint64_t end);

/**
 * xendevicemodel_map_mem_type_to_ioreq_server() - have writes to memory sent
 * @type:  HVMMEM_ioreq_server; pages get it by xendevicemodel_set_mem_type()
 * @flags: XEN_DMOP_IOREQ_MEM_ACCESS_WRITE, or 0 to end it and make the pages
 *         ordinary again
 *
 *   EINVAL      another @type or flag, which Xen is not asked; or there is
 *               nothing to end
 *   EBUSY       a server has it already, or pages of one that had it are left
 *   EOPNOTSUPP  the guest runs without hardware-assisted paging
 */
int xendevicemodel_map_mem_type_to_ioreq_server(xendevicemodel_handle *dmod, domid_t domid,
                                                ioservid_t id, uint16_t type, uint32_t flags);

/**
 * xendevicemodel_map_pcidev_to_ioreq_server() - have accesses to the
 *                     configuration space of a PCI function sent
 * xendevicemodel_unmap_pcidev_from_ioreq_server() - and no longer
 *
 *   EINVAL  @device is above 31 or @function above 7; Xen is not asked
 *   EEXIST, ENOENT, ENOMEM  as xendevicemodel_map_io_range_to_ioreq_server()
 */
int xendevicemodel_map_pcidev_to_ioreq_server(xendevicemodel_handle *dmod, domid_t domid,
                                              ioservid_t id, uint16_t segment, uint8_t bus,
                                              uint8_t device, uint8_t function);
int xendevicemodel_unmap_pcidev_from_ioreq_server(xendevicemodel_handle *dmod, domid_t domid,
                                                  ioservid_t id, uint16_t segment,
                                                  uint8_t bus, uint8_t device,
                                                  uint8_t function);

/**
 * xendevicemodel_set_ioreq_server_state() - enable or disable a server
 * @enabled: not 0: requests are sent from now on
 */
int xendevicemodel_set_ioreq_server_state(xendevicemodel_handle *dmod, domid_t domid,
                                          ioservid_t id, int enabled);

/**
 * xendevicemodel_destroy_ioreq_server() - end a server, with its ranges
 *
 * A virtual CPU that then waits for its answer may wait for ever: disable the
 * server, and answer what still waits, first.
 */
int xendevicemodel_destroy_ioreq_server(xendevicemodel_handle *dmod, domid_t domid,
                                        ioservid_t id);

/* ---- interrupts: EINVAL also if an argument is out of range ---- */

/**
 * xendevicemodel_set_pci_intx_level() - set an interrupt pin of a PCI device
 * @segment, @bus: Xen takes 0 only
 * @device:        0 to 31
 * @intx:          0 to 3, for INTA to INTD
 * @level:         1 asserted, 0 not
 */
int xendevicemodel_set_pci_intx_level(xendevicemodel_handle *dmod, domid_t domid,
                                      uint16_t segment, uint8_t bus, uint8_t device,
                                      uint8_t intx, unsigned int level);

/**
 * xendevicemodel_set_isa_irq_level() - set an ISA interrupt line
 * @irq:   0 to 15
 * @level: 1 asserted, 0 not
 */
int xendevicemodel_set_isa_irq_level(xendevicemodel_handle *dmod, domid_t domid, uint8_t irq,
                                     unsigned int level);

/**
 * xendevicemodel_set_irq_level() - set an interrupt line of an Arm guest
 * @irq:   a shared peripheral interrupt
 * @level: 1 asserted, 0 not
 *
 *   EOPNOTSUPP  not on Arm, or Xen before 4.15
 */
int xendevicemodel_set_irq_level(xendevicemodel_handle *dmod, domid_t domid, unsigned int irq,
                                 unsigned int level);

/**
 * xendevicemodel_set_pci_link_route() - route a PCI interrupt link to an ISA line
 * @link: 0 to 3
 * @irq:  1 to 15, or 0 for none
 */
int xendevicemodel_set_pci_link_route(xendevicemodel_handle *dmod, domid_t domid, uint8_t link,
                                      uint8_t irq);

/**
 * xendevicemodel_inject_msi() - send a guest a message-signalled interrupt
 * @msi_addr, @msi_data: what the device would write, and where: 0xfeexxxxx
 *
 *   EINVAL  address and data are no interrupt that Xen can deliver
 */
int xendevicemodel_inject_msi(xendevicemodel_handle *dmod, domid_t domid, uint64_t msi_addr,
                              uint32_t msi_data);

/**
 * xendevicemodel_inject_event() - have a virtual CPU take an event
 * @vcpu:       its number
 * @vector:     the vector
 * @type:       XEN_DMOP_EVENT_*
 * @error_code: or ~0 for none
 * @insn_len:   of the instruction that caused it, in bytes
 * @extra:      the faulting address of a page fault, DR6 bits of a debug trap
 *
 * Taken when it runs next. Whether it makes sense there, Xen does not check.
 *
 *   EINVAL  there is no such virtual CPU
 *   EBUSY   it has not taken the last event yet
 */
int xendevicemodel_inject_event(xendevicemodel_handle *dmod, domid_t domid, int vcpu,
                                uint8_t vector, uint8_t type, uint32_t error_code,
                                uint8_t insn_len, uint64_t extra);

/* ---- the guest's memory ---- */

/**
 * xendevicemodel_track_dirty_vram() - which pages of a range were written to
 * @first_pfn:    the first guest frame
 * @nr:           how many; 0 ends the tracking, @dirty_bitmap may then be NULL
 * @dirty_bitmap: takes a bit a page, lowest first: (@nr + 7) / 8 bytes
 *
 * Gives the pages written to since the last call for the same range, and goes
 * on. A domain has one tracked range: a call for another one ends the tracking
 * of the first, and gives all its pages as dirty.
 *
 * Above 32768 pages the kernel does not pass the bitmap, and the operation goes
 * by hypercall: not on a restricted handle, unless the kernel was given a larger
 * xen_privcmd.dm_op_buf_max_size.
 *
 *   EINVAL  more than 262144 pages, which is Xen's limit
 */
int xendevicemodel_track_dirty_vram(xendevicemodel_handle *dmod, domid_t domid,
                                    uint64_t first_pfn, uint32_t nr,
                                    unsigned long *dirty_bitmap);

/**
 * xendevicemodel_modified_memory() - mark pages dirty that the caller has written
 * xendevicemodel_modified_memory_bulk() - the same for ranges in any number
 * @first_pfn, @nr: the pages; or
 * @extents, @nr:   the ranges, each with first_pfn, nr and a pad of 0; not
 *                  changed
 *
 * For what was written through a mapping, of which Xen knows nothing, while the
 * domain is being migrated; else it costs next to nothing.
 * More than 256 extents take more than one request, from the last to the first;
 * to learn how far a failure came, see xendevicemodel_modified_memory_progress().
 *
 *   EINVAL  a range is empty or beyond the guest's memory
 *
 * Beneath: an IOCTL_PRIVCMD_DM_OP for each 256 extents.
 */
int xendevicemodel_modified_memory(xendevicemodel_handle *dmod, domid_t domid,
                                   uint64_t first_pfn, uint32_t nr);
int xendevicemodel_modified_memory_bulk(xendevicemodel_handle *dmod, domid_t domid,
                                        struct xen_dm_op_modified_memory_extent extents[],
                                        uint32_t nr);

/**
 * xendevicemodel_set_mem_type() - have pages treated in a certain way
 * @mem_type:  HVMMEM_ram_rw, HVMMEM_ram_ro (writes are dropped),
 *             HVMMEM_mmio_dm (accesses go to the device model, for good) or
 *             HVMMEM_ioreq_server (writes go to an ioreq server)
 * @first_pfn: the first guest frame
 * @nr:        how many
 *
 * A failure may come after pages at the front have changed.
 *
 *   EINVAL      no such type, pages that cannot get it, or beyond the guest's
 *               memory, or no ioreq server takes HVMMEM_ioreq_server
 *   EAGAIN      a page is paged out or shared: try again
 *   EOPNOTSUPP  HVMMEM_ioreq_server without hardware-assisted paging
 */
int xendevicemodel_set_mem_type(xendevicemodel_handle *dmod, domid_t domid,
                                hvmmem_type_t mem_type, uint64_t first_pfn, uint32_t nr);

/**
 * xendevicemodel_relocate_memory() - move pages to other guest frames
 * @size: how many, from @src_gfn on; to be at @dst_gfn
 *
 * A failure may come after pages at the front have moved.
 *
 *   EINVAL  there is no page at a frame
 */
int xendevicemodel_relocate_memory(xendevicemodel_handle *dmod, domid_t domid, uint32_t size,
                                   uint64_t src_gfn, uint64_t dst_gfn);

/**
 * xendevicemodel_pin_memory_cacheattr() - fix how memory is cached
 * @start, @end: the first and the last guest frame
 * @type:        XEN_DMOP_MEM_CACHEATTR_*, whatever the guest says; or
 *               XEN_DMOP_DELETE_MEM_CACHEATTR to undo it for the very range
 *
 *   EINVAL  no such type, @start is greater than @end, or beyond the machine's
 *           physical addresses
 *   ENOENT  the range was not pinned (delete)
 *   EBUSY   it overlaps another range that is pinned
 *   ENOSPC  the domain has 64 such ranges already
 */
int xendevicemodel_pin_memory_cacheattr(xendevicemodel_handle *dmod, domid_t domid,
                                        uint64_t start, uint64_t end, uint32_t type);

/* ---- the domain as a whole ---- */

/**
 * xendevicemodel_shutdown() - shut a domain down
 * @reason: SHUTDOWN_* of <xen/sched.h>; Xen takes any
 *
 * The domain stops at once, without being asked.
 */
int xendevicemodel_shutdown(xendevicemodel_handle *dmod, domid_t domid, unsigned int reason);

/**
 * xendevicemodel_nr_vcpus() - how many virtual CPUs a domain was made with
 *
 *   EOPNOTSUPP  Xen before 4.15, which tells toolstacks only, and the handle is
 *               restricted, or not dom0's
 *
 * Xen before 4.15 is asked by hypercall, on a handle that is opened then.
 */
int xendevicemodel_nr_vcpus(xendevicemodel_handle *dmod, domid_t domid, unsigned int *vcpus);

/* ---- beyond upstream: XENLIBS_1.0; "by hypercall": EPERM on a restricted handle ---- */

/** xendevicemodel_reboot() - shut down, for the toolstack to start it again */
int xendevicemodel_reboot(xendevicemodel_handle *dmod, domid_t domid);

/**
 * xendevicemodel_s3_suspend() - put a domain to sleep (ACPI S3)
 * xendevicemodel_s3_awaken() - wake it
 *
 * Suspending stops it with its memory kept and its virtual CPUs reset, as the
 * hardware would after the guest has asked for it; awakening starts it at its
 * reset vector. Doing either twice changes nothing.
 *
 * By hypercall: HVMOP_set_param of HVM_PARAM_ACPI_S_STATE.
 */
int xendevicemodel_s3_suspend(xendevicemodel_handle *dmod, domid_t domid);
int xendevicemodel_s3_awaken(xendevicemodel_handle *dmod, domid_t domid);

/**
 * xendevicemodel_route_pci_intx_to_isa_irq() - as set_pci_link_route()
 * xendevicemodel_mark_memory_region_dirty() - as modified_memory()
 * xendevicemodel_make_ram_region_ro() - as set_mem_type() with HVMMEM_ram_ro
 * xendevicemodel_make_ram_region_rw() - as set_mem_type() with HVMMEM_ram_rw
 *
 * By the name of their purpose.
 */
int xendevicemodel_route_pci_intx_to_isa_irq(xendevicemodel_handle *dmod, domid_t domid,
                                             uint8_t intx, uint8_t isa_irq);
int xendevicemodel_mark_memory_region_dirty(xendevicemodel_handle *dmod, domid_t domid,
                                            uint64_t first_gfn, uint32_t nr);
int xendevicemodel_make_ram_region_ro(xendevicemodel_handle *dmod, domid_t domid,
                                      uint64_t first_gfn, uint32_t nr);
int xendevicemodel_make_ram_region_rw(xendevicemodel_handle *dmod, domid_t domid,
                                      uint64_t first_gfn, uint32_t nr);

/**
 * xendevicemodel_modified_memory_progress() - mark ranges dirty, and how far
 * @extents: the ranges, as for xendevicemodel_modified_memory_bulk()
 * @nr:      how many
 * @left:    how many of them, from the front of the array, are not known to be
 *           done: 0 after success
 *
 * The extents from @left on are marked; of those before it, some may be. To go
 * on after a failure, call again with @nr = *@left. Ranges may be marked twice.
 */
int xendevicemodel_modified_memory_progress(
    xendevicemodel_handle *dmod, domid_t domid,
    const struct xen_dm_op_modified_memory_extent extents[], uint32_t nr, uint32_t *left);

/**
 * xendevicemodel_populate_physmap() - give a domain memory
 * @nr_extents:   how many extents, 1 to INT_MAX
 * @extent_order: each of 2^@extent_order pages
 * @mem_flags:    XENMEMF_* of <xen/memory.h>, or 0
 * @extents:      the first guest frame of each, aligned to its size; not changed
 *
 * Return: how many extents, from the front of the array, have got memory, which
 * may be fewer than asked for: Xen has no more, the domain may have no more, or
 * the next extent is not acceptable. 0 may also mean that there is no such
 * domain: Xen does not tell. -1 with errno when nothing was done:
 *   EINVAL  @nr_extents or @extents is not as above
 *
 * By hypercall: XENMEM_populate_physmap, once for each 2040 extents.
 */
int xendevicemodel_populate_physmap(xendevicemodel_handle *dmod, domid_t domid,
                                    uint32_t nr_extents, unsigned int extent_order,
                                    unsigned int mem_flags, const xen_pfn_t extents[]);

/**
 * xendevicemodel_populate_physmap_exact() - the same, all or nothing
 *
 * What was populated before a failure is given back; where a frame had memory
 * before, that is not restored.
 *
 * Return: 0, or -1 with errno:
 *   ENOMEM         not all could be populated, for one of the reasons above
 *   EINVAL         as above
 *
 * By hypercall: as above, and XENMEM_decrease_reservation.
 */
int xendevicemodel_populate_physmap_exact(xendevicemodel_handle *dmod, domid_t domid,
                                          uint32_t nr_extents, unsigned int extent_order,
                                          unsigned int mem_flags, const xen_pfn_t extents[]);

/**
 * xendevicemodel_add_to_physmap() - place a page of Xen's or of the guest's
 * @space: XENMAPSPACE_shared_info, _grant_table, _gmfn, … of <xen/memory.h>
 * @idx:   which page of that space
 * @gfn:   where the guest is to see it; what was there goes
 *
 *   EINVAL  no such page or space; or XENMAPSPACE_gmfn_range, for which there is
 *           xendevicemodel_relocate_memory()
 *
 * By hypercall: XENMEM_add_to_physmap.
 */
int xendevicemodel_add_to_physmap(xendevicemodel_handle *dmod, domid_t domid,
                                  unsigned int space, unsigned long idx, xen_pfn_t gfn);

/**
 * xendevicemodel_remove_from_physmap() - take the page at a frame away
 *
 *   ENOENT  there is none
 *
 * By hypercall: XENMEM_remove_from_physmap.
 */
int xendevicemodel_remove_from_physmap(xendevicemodel_handle *dmod, domid_t domid,
                                       xen_pfn_t gfn);

/**
 * xendevicemodel_place_video_memory() - show a guest its video memory
 * @from_gfn: where it was populated
 * @to_gfn:   where the guest has put the card's memory
 * @nr:       how many pages, at least 1
 *
 * Moves the pages and pins them to write-back caching, since nothing but RAM is
 * behind them, whatever the guest's memory types say. If the pinning fails, the
 * pages are moved back.
 *
 *   EINVAL  @nr is 0, or a range wraps around
 *   else as xendevicemodel_relocate_memory() and _pin_memory_cacheattr()
 *
 * Beneath: IOCTL_PRIVCMD_DM_OP, twice; three times on failure.
 */
int xendevicemodel_place_video_memory(xendevicemodel_handle *dmod, domid_t domid,
                                      uint64_t from_gfn, uint64_t to_gfn, uint32_t nr);

/**
 * xendevicemodel_remove_video_memory() - take all of it away again, to @to_gfn
 *
 * Unpins and moves the pages. If the moving fails, they are pinned again. Fails
 * as xendevicemodel_place_video_memory() does.
 */
int xendevicemodel_remove_video_memory(xendevicemodel_handle *dmod, domid_t domid,
                                       uint64_t from_gfn, uint64_t to_gfn, uint32_t nr);

/**
 * xendevicemodel_get_hvm_param() - read an HVM parameter of a domain
 * xendevicemodel_set_hvm_param() - set one
 * @param: HVM_PARAM_* of <xen/hvm/params.h>
 *
 *   EINVAL  there is no such parameter, or it does not take the value
 *   EEXIST  it can be set only once (set)
 *   EPERM   also: the parameter is Xen's own
 *
 * By hypercall: HVMOP_get_param, HVMOP_set_param.
 */
int xendevicemodel_get_hvm_param(xendevicemodel_handle *dmod, domid_t domid, uint32_t param,
                                 uint64_t *value);
int xendevicemodel_set_hvm_param(xendevicemodel_handle *dmod, domid_t domid, uint32_t param,
                                 uint64_t value);

/* ---- over devices that are open ---- */

struct xencall_handle;

/**
 * xendevicemodel_open_on() - open a handle over one for hypercalls
 * @logger, @open_flags: as for xendevicemodel_open()
 * @xcall:               a handle of xencall_open() or xencall_open_on(), whose privcmd
 *                       serves the device model too. It stays the caller's, who
 *                       closes it after this one
 *
 * For programs and libraries that have a handle for hypercalls anyway, as
 * libxenctrl does: nothing more is opened, now or later. The handle notes
 * xentoolcore_restrict_all(), and makes no hypercalls after it; the device is
 * confined by whoever owns it. xendevicemodel_restrict() confines the device for
 * all its uses: hypercalls over @xcall then fail with EPERM.
 *
 * Return: the handle, to be given to xendevicemodel_close(), which leaves @xcall
 * open; with errno kept; or NULL with errno:
 *   EBADF   @xcall is NULL
 *   ENOMEM  no memory
 *
 * Blocking: while xentoolcore_restrict_all() runs elsewhere. Threads: safe; if
 * @xcall is not, neither are the operations by hypercall. Beneath: one
 * IOCTL_PRIVCMD_DM_OP, to see whether the kernel knows it.
 */
xendevicemodel_handle *xendevicemodel_open_on(struct xentoollog_logger *logger,
                                              unsigned int open_flags,
                                              struct xencall_handle *xcall);

#ifdef __cplusplus
}
#endif

#include <xendevicemodel_eventfd.h>

#endif /* XENDEVICEMODEL_H */
