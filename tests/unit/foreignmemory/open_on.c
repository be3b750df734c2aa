/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A handle over a descriptor that is the caller's. */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "fake_privcmd.h"
#include "xentoolcore.h"

static int restricted_fd = -1;

static int note_descriptor(int fd, void *argument, void *user)
{
    (void)argument;
    (void)user;
    restricted_fd = fd;
    return 0;
}

static int open_privcmd(void)
{
    fake_privcmd_start();
    fakexen_on_ioctl(UAPI_PRIVCMD_RESTRICT, note_descriptor, NULL);
    int fd = open(XENLIBS_DEVICE_PRIVCMD, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

TEST(opening_and_closing_cost_nothing_and_leave_the_descriptor)
{
    int fd = open_privcmd();

    unsigned before = fakexen_count_all();
    errno = EXDEV;
    xenforeignmemory_handle *fmem = xenforeignmemory_open_on(NULL, 0, fd);
    assert_non_null(fmem);
    assert_int_equal(xenforeignmemory_get_paging_timeout(fmem), 10000);
    assert_int_equal(xenforeignmemory_close(fmem), 0);
    assert_int_equal(errno, EXDEV);
    assert_int_equal(fakexen_count_all(), before);
    assert_int_equal(fakexen_open_fds(), 1);
    assert_int_equal(close(fd), 0);
}

TEST(frames_are_mapped_over_it)
{
    int fd = open_privcmd();
    xenforeignmemory_handle *fmem = xenforeignmemory_open_on(NULL, 0, fd);
    xen_pfn_t gfn = 1;

    void *addr = xenforeignmemory_map(fmem, FAKE_DOMID, PROT_READ, 1, &gfn, NULL);
    assert_non_null(addr);
    assert_int_equal(fake_last_batch.dom, FAKE_DOMID);
    assert_int_equal(xenforeignmemory_unmap(fmem, addr, 1), 0);
    xenforeignmemory_close(fmem);
    close(fd);
}

TEST(restrict_all_leaves_the_descriptor_to_its_owner)
{
    int fd = open_privcmd();
    xenforeignmemory_handle *fmem = xenforeignmemory_open_on(NULL, 0, fd);

    assert_int_equal(xentoolcore_restrict_all(FAKE_DOMID), 0);
    assert_int_equal(restricted_fd, -1);
    assert_int_equal(xenforeignmemory_restrict(fmem, FAKE_DOMID), 0);
    assert_int_equal(restricted_fd, fd);
    xenforeignmemory_close(fmem);
    close(fd);
}

TEST(no_descriptor_is_EBADF)
{
    assert_fails_with(xenforeignmemory_open_on(NULL, 0, -1), NULL, EBADF);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_and_closing_cost_nothing_and_leave_the_descriptor),
        cmocka_unit_test(frames_are_mapped_over_it),
        cmocka_unit_test(restrict_all_leaves_the_descriptor_to_its_owner),
        cmocka_unit_test(no_descriptor_is_EBADF),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
