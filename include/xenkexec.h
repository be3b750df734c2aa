/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenkexec: another kernel for the host, to be started in place of Xen and all its
 * domains: on request, or when the host crashes.
 *
 * For the control domain; others are refused by Xen. Works on every Xen from 4.14 on,
 * by hypercalls that are the same on all of them; xenkexec_nr_cpus() is the one
 * question that needs more.
 *
 * What holds for every function:
 *   Errors: -1 or NULL, with errno. Success keeps errno. Beside what is listed, each
 *     function that asks Xen fails with
 *       EINVAL   the handle is NULL
 *       EPERM    this domain may not ask; or the handle is restricted, see
 *                xentoolcore_restrict_all()
 *       EACCES   the hypervisor's policy (FLASK) forbids it
 *       ENOSYS   this Xen was built without kexec
 *       ENOMEM, EAGAIN
 *                no memory for a buffer, or none that may be locked
 *       EFAULT, EINTR
 *                as xencall0() says; nothing was done, try again
 *   Threads: safe, on one handle too; only xenkexec_close() needs it to be unused.
 *   Blocking: no longer than Xen takes.
 *   Fork: a child must not use an inherited handle, with one exception: it may close
 *     it. All descriptors are close-on-exec.
 */
#ifndef XENKEXEC_H
#define XENKEXEC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Only callers with a logger of their own need <xentoollog.h>. */
struct xentoollog_logger;

typedef struct xenkexec_handle xenkexec_handle;

/**
 * xenkexec_open() - open a handle
 * @logger:     takes this library's messages and must outlive the handle; or
 *              NULL: errors go to stderr
 * @open_flags: 0
 *
 * Return: the handle, or NULL with errno; a failure of privcmd is also logged.
 *   EINVAL          @open_flags is not 0
 *   ENOENT, ENXIO, ENODEV
 *                   not on Xen, or the kernel's xen-privcmd is not loaded
 *   EACCES, EPERM   no right to open privcmd
 *   EMFILE, ENFILE  no descriptor left
 *   ENOMEM, EAGAIN  no memory, or none that may be locked
 * Free it with xenkexec_close().
 *
 * Blocking: while xentoolcore_restrict_all() runs elsewhere.
 * Beneath: open(2) twice and mmap(2).
 */
xenkexec_handle *xenkexec_open(struct xentoollog_logger *logger, unsigned int open_flags);

/**
 * xenkexec_close() - close a handle
 * @hdl: may be NULL
 *
 * What is loaded stays loaded.
 *
 * Return: 0, always. Keeps errno.
 *
 * Blocking: as xenkexec_open(). Fork: allowed in the child; the parent's handle is
 * not affected.
 */
int xenkexec_close(xenkexec_handle *hdl);

/* When a kernel is started. Xen keeps one of each. */
#define XENKEXEC_TYPE_DEFAULT 0u /* by xenkexec_exec() */
#define XENKEXEC_TYPE_CRASH 1u   /* when Xen or the control domain crashes */

/* No image has more segments than this. */
#define XENKEXEC_MAX_SEGMENTS 15u

/* A piece of the machine's memory, and what the new kernel shall find there. */
struct xenkexec_segment {
    const void *buffer;   /* NULL: the memory is only made accessible, as it is */
    uint64_t buffer_size; /* in bytes, up to @size; what is left of @size becomes zero */
    uint64_t address;     /* in the machine; a multiple of 4096 */
    uint64_t size;        /* in bytes, a multiple of 4096, and not 0 */
};

/* A kernel, with all that it needs. Set size to sizeof(struct xenkexec_image). */
struct xenkexec_image {
    size_t size;
    unsigned int type;     /* XENKEXEC_TYPE_* */
    unsigned int machine;  /* how it begins: EM_X86_64 or EM_386 of <elf.h> */
    uint64_t entry;        /* the machine address at which it begins */
    const struct xenkexec_segment *segments;
    size_t nr_segments;    /* 1 to XENKEXEC_MAX_SEGMENTS */
};

/**
 * xenkexec_load() - load a kernel
 * @image: read during the call only, and so are its segments and their buffers
 *
 * The segments of one for XENKEXEC_TYPE_DEFAULT may lie anywhere in RAM, and are moved
 * there when it is started. One for XENKEXEC_TYPE_CRASH lies in the crash area, which
 * exists if Xen was booted with crashkernel=, and is moved there at once. Segments
 * without a buffer may lie elsewhere in either.
 *
 * It takes the place of the one of that type that is loaded already, or else nothing
 * has changed.
 *
 * Xen (4.14 to 4.20, where it was tried) keeps the pages of one for XENKEXEC_TYPE_DEFAULT
 * wherever it has memory free, from high addresses downwards; and if one lands where
 * another is to go that was kept before, that is lost. The kernel then starts with a wrong
 * page, and **unloading it panics the host**. So let its addresses be low.
 *
 * Return: 0, or -1 with errno:
 *   EINVAL         a type or machine that is unknown; no segment, or too many of them;
 *                  a segment that is empty, not of whole pages, smaller than
 *                  its buffer, reaches the last address there is, or overlaps another;
 *                  no buffer, but a size of one; @image->size is too small. The log says which
 *                  segment it is
 *   E2BIG          @image is longer than this library knows, and asks for more than it
 *                  knows
 *   EADDRNOTAVAIL  a crash image, or the address that it begins at, does not lie
 *                  within the crash area
 *   ENOMEM         also: Xen has no memory for it
 *   EBUSY          a kernel is being started
 *
 * Needs memory for a copy of the buffers, until it returns. Beneath:
 * KEXEC_CMD_kexec_load, and once more if KEXEC_CMD_kexec_status then denies it.
 */
int xenkexec_load(xenkexec_handle *hdl, const struct xenkexec_image *image);

/**
 * xenkexec_unload() - forget a kernel
 * @type: XENKEXEC_TYPE_*
 *
 * Return: 0, also if none was loaded; or -1 with errno:
 *   EINVAL  also: @type is unknown
 *   EBUSY   a kernel is being started
 *
 * Beneath: KEXEC_CMD_kexec_unload, and once more if KEXEC_CMD_kexec_status then denies
 * it.
 */
int xenkexec_unload(xenkexec_handle *hdl, unsigned int type);

/**
 * xenkexec_status() - is a kernel loaded?
 * @type: XENKEXEC_TYPE_*
 *
 * Xen itself loses count when a kernel takes the place of another, and from then on
 * tells the opposite. xenkexec_load() and xenkexec_unload() set that right; what other
 * programs leave wrong stays so until either is called.
 *
 * Return: 1 if there is one, 0 if not; or -1 with errno:
 *   EINVAL  also: @type is unknown
 *
 * Beneath: KEXEC_CMD_kexec_status.
 */
int xenkexec_status(xenkexec_handle *hdl, unsigned int type);

/**
 * xenkexec_exec() - start a kernel, now
 * @type: XENKEXEC_TYPE_*; XENKEXEC_TYPE_CRASH behaves as if the host had crashed
 *
 * **Does not return if it works.** Xen, this domain and all others end at once, as
 * they are: nothing is written to disk, no domain is told, no device is shut down.
 * That is the caller's to do before, with sync(2) to begin with.
 *
 * Return: -1 with errno:
 *   EINVAL  also: @type is unknown
 *   ENOENT  no kernel of that type is loaded
 *   EIO     Xen says that it is done, and it is not
 *
 * Beneath: KEXEC_CMD_kexec.
 */
int xenkexec_exec(xenkexec_handle *hdl, unsigned int type);

/* Areas of the machine's memory. */
#define XENKEXEC_RANGE_CRASH 0u      /* set aside for a crash kernel */
#define XENKEXEC_RANGE_XEN 1u        /* Xen itself */
#define XENKEXEC_RANGE_CPU 2u        /* where a CPU's registers are noted in a crash */
#define XENKEXEC_RANGE_XENHEAP 3u    /* Xen's heap, where that is in one piece */
#define XENKEXEC_RANGE_EFI_MEMMAP 5u /* the firmware's memory map, where Xen keeps it */
#define XENKEXEC_RANGE_VMCOREINFO 6u /* what tools must know to read Xen's memory */

/**
 * xenkexec_get_range() - where something lies in the machine's memory
 * @range: XENKEXEC_RANGE_*
 * @cpu:   for XENKEXEC_RANGE_CPU: which one, below xenkexec_nr_cpus(); else 0
 * @start: where to store its machine address
 * @size:  where to store its size in bytes; 0: there is no such thing here, such as a
 *         crash area if Xen was booted without crashkernel=
 *
 * Return: 0; or -1 with errno, with nothing stored:
 *   EINVAL  also: @start or @size is NULL, @cpu is not 0 although @range is of no CPU;
 *           Xen was booted without crashkernel= and notes no CPU's registers; or Xen
 *           knows no such range, as none on x86 knows XENHEAP and EFI_MEMMAP
 *   ERANGE  there is no such CPU
 *
 * Beneath: KEXEC_CMD_kexec_get_range.
 */
int xenkexec_get_range(xenkexec_handle *hdl, unsigned int range, unsigned int cpu,
                       uint64_t *start, uint64_t *size);

/* What a region of the machine's memory is, as the firmware says. */
#define XENKEXEC_MEMORY_RAM 1u
#define XENKEXEC_MEMORY_RESERVED 2u
#define XENKEXEC_MEMORY_ACPI 3u     /* ACPI's tables: RAM, once they are read */
#define XENKEXEC_MEMORY_NVS 4u      /* ACPI's own, to be kept */
#define XENKEXEC_MEMORY_UNUSABLE 5u /* RAM with errors */

struct xenkexec_memory {
    uint64_t start; /* machine address */
    uint64_t size;  /* in bytes */
    uint32_t type;  /* XENKEXEC_MEMORY_*, or another number of the firmware's */
    uint32_t pad;   /* 0 */
};

/**
 * xenkexec_get_memory_map() - the machine's memory
 * @regions: where to store up to @room regions; may be NULL if that is 0
 *
 * Ordered by address, without overlaps. What is not listed is not RAM.
 *
 * Return: how many regions there are, of which the first @room are stored; or -1 with
 * errno, with nothing stored:
 *   EINVAL     also: @regions is NULL, and @room is not 0
 *   EOVERFLOW  there are more than 8191 of them, or Xen cannot list them
 *
 * Beneath: XENMEM_machine_memory_map, again with more room as long as Xen wants it.
 */
int xenkexec_get_memory_map(xenkexec_handle *hdl, struct xenkexec_memory *regions,
                            size_t room);

/**
 * xenkexec_nr_cpus() - how many numbers CPUs can have
 *
 * CPUs are numbered from 0; not every number below this one need be a CPU that is
 * online, or there at all.
 *
 * Return: the number, 1 or more; or -1 with errno:
 *   ENOTSUP  Xen is older than 4.14, or so new that this library does not know
 *            this interface of it
 *
 * Beneath: XEN_SYSCTL_physinfo, in the form that the running release has; which that
 * is, is asked once per process.
 */
int xenkexec_nr_cpus(xenkexec_handle *hdl);

#ifdef __cplusplus
}
#endif

#endif /* XENKEXEC_H */
