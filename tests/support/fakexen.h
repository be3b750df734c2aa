/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Stands in for the devices under /dev/xen in a unit test.
 *
 * Linked into a test program it takes the place of libc's open, ioctl, mmap,
 * read, write and their like, for the libraries too, and passes on whatever
 * does not concern Xen. A device opened through it is real in all but its
 * ioctls: evtchn and xenbus are each one end of a socket pair, whose other end the
 * test holds (poll, EAGAIN and short reads come from the kernel); the others are
 * memory files, so that mapping them works (hypercall: each mapping is a new one).
 *
 * A test says what each ioctl does, makes calls fail, and reads the counters.
 * One process has one set of devices; the harness gives each test a process.
 */
#ifndef XENLIBS_TESTS_FAKEXEN_H
#define XENLIBS_TESTS_FAKEXEN_H

#include <stddef.h>
#include <sys/types.h>

enum fakexen_call {
    FAKEXEN_OPEN,
    FAKEXEN_CLOSE,
    FAKEXEN_IOCTL,
    FAKEXEN_MMAP,
    FAKEXEN_MUNMAP,
    FAKEXEN_READ,
    FAKEXEN_WRITE,
    FAKEXEN_MADVISE,
    FAKEXEN_CALLS
};

/*
 * Makes the devices exist: @path is "/dev/xen/evtchn" and so on, or
 * "/proc/xen/privcmd". A device not made gives ENOENT.
 */
void fakexen_add_device(const char *path);

/* Opening @path fails with @errnoval from now on (0: works again). */
void fakexen_fail_open(const char *path, int errnoval);

/*
 * What ioctl @request does, on any device that has ioctls (hypercall has none).
 * The handler returns what ioctl(2) would: a result, or -1 with errno set.
 * Without a handler: ENOTTY. @fd is the descriptor that was used.
 */
typedef int fakexen_ioctl_fn(int fd, void *argument, void *user);
void fakexen_on_ioctl(unsigned long request, fakexen_ioctl_fn *handler, void *user);

/*
 * The next @times calls of this kind on a Xen device (mmap: also anonymous
 * ones, of which library buffers are made) fail with @errnoval; the first
 * @after of them still work.
 */
void fakexen_fail_next(enum fakexen_call call, int errnoval, int times, int after);

/* How many calls of each kind were made on Xen's devices so far. */
unsigned fakexen_count(enum fakexen_call call);
/* All of them together: the system calls that an operation costs. */
unsigned fakexen_count_all(void);
/* How often one ioctl was made. */
unsigned fakexen_count_ioctl(unsigned long request);
/* The same for anonymous memory, which no device is behind. */
unsigned fakexen_count_anonymous(enum fakexen_call call);

/*
 * For a test with several ends: all devices but evtchn and hypercall show one memory
 * from now on, so that what is mapped at one offset of one is there on another too.
 * Returns a descriptor of it, for the test to close.
 */
int fakexen_share_memory(void);

/*
 * What else a test wants to hear of: a write to an evtchn device, which then goes no
 * further and has moved all it was given; a mapping of a device that is about to go,
 * and a device that is about to be closed. NULL: nothing.
 */
struct fakexen_hooks {
    void (*evtchn_written)(int fd, const void *buffer, size_t size);
    void (*unmapped)(int fd, off_t offset);
    void (*closed)(int fd);
};
void fakexen_set_hooks(const struct fakexen_hooks *hooks);

/* The test's end of one evtchn device, or -1. */
int fakexen_evtchn_peer_of(int fd);

/* The test's end of the evtchn device that was opened last, until that is closed; or -1. */
int fakexen_evtchn_peer(void);
/* The same for xenbus; a test has only one of the two open. */
int fakexen_xenbus_peer(void);

/* How often @path was opened, or tried to be. */
unsigned fakexen_count_opens(const char *path);

/* Where on a device the mapping at @address starts, and its bytes; 0, or -1. */
int fakexen_find_mapping(const void *address, off_t *offset, size_t *bytes);

/* How many descriptors of Xen's devices are open, and how many mappings. */
unsigned fakexen_open_fds(void);
unsigned fakexen_mappings(void);

#endif
