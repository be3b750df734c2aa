/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Resources that Xen keeps for a domain: mapped, sized, released. */
#include "harness.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sys/mman.h>
#include <xen/memory.h>

#include "fake_privcmd.h"

enum { RW = PROT_READ | PROT_WRITE, PAGE_SIZE = 4096, TYPE = 1, ID = 7, FRAMES = 3 };

static struct uapi_privcmd_mmap_resource last_request;
static uint64_t resource_frames = FRAMES;

static int map_frames(int fd, void *argument, void *user)
{
    struct uapi_privcmd_mmap_resource *request = argument;

    (void)fd;
    (void)user;
    last_request = *request;
    if (!request->addr && !request->num)
        request->num = resource_frames;
    return 0;
}

static xenforeignmemory_handle *open_with_resources(void)
{
    xenforeignmemory_handle *fmem = fake_privcmd_open();

    fakexen_on_ioctl(UAPI_PRIVCMD_MMAP_RESOURCE, map_frames, NULL);
    return fmem;
}

/* A kernel that answers @failure to the resource ioctl, @unknown to unknown ones. */
static xenforeignmemory_handle *open_on_kernel(int *failure, int *unknown)
{
    xenforeignmemory_handle *fmem;

    fake_privcmd_start();
    fakexen_on_ioctl(UAPI_PRIVCMD_MMAP_RESOURCE, fail_with, failure);
    fakexen_on_ioctl(UAPI_PRIVCMD_UNIMPLEMENTED, fail_with, unknown);
    fmem = xenforeignmemory_open(NULL, 0);
    assert_non_null(fmem);
    return fmem;
}

static void *try_to_map(xenforeignmemory_handle *fmem, unsigned long frame,
                        unsigned long nr_frames, int flags)
{
    void *hint = NULL, *addr = hint;
    void *fres = xenforeignmemory_map_resource(fmem, FAKE_DOMID, TYPE, ID, frame, nr_frames,
                                               &addr, RW, flags);

    assert_true(fres || addr == hint);
    return fres;
}

TEST(a_resource_is_mapped_where_paddr_says)
{
    xenforeignmemory_handle *fmem = open_with_resources();
    xenforeignmemory_resource_handle *fres;
    void *addr = NULL;

    fres = xenforeignmemory_map_resource(fmem, FAKE_DOMID, TYPE, ID, 2, FRAMES, &addr, RW, 0);
    assert_non_null(fres);
    assert_true(is_mapped_as(addr, "rw-s"));
    assert_true(is_mapped_as((char *)addr + (FRAMES - 1) * PAGE_SIZE, "rw-s"));
    assert_int_equal(last_request.dom, FAKE_DOMID);
    assert_int_equal(last_request.type, TYPE);
    assert_int_equal(last_request.id, ID);
    assert_int_equal(last_request.idx, 2);
    assert_int_equal(last_request.num, FRAMES);
    assert_true(last_request.addr == (uintptr_t)addr);
    assert_int_equal(xenforeignmemory_unmap_resource(fmem, fres), 0);
    assert_true(is_hole(addr));
    xenforeignmemory_close(fmem);
}

TEST(a_hint_is_followed_where_there_is_room)
{
    xenforeignmemory_handle *fmem = open_with_resources();
    xenforeignmemory_resource_handle *fres;
    void *place = mmap(NULL, PAGE_SIZE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *addr = place;

    munmap(place, PAGE_SIZE);
    fres = xenforeignmemory_map_resource(fmem, FAKE_DOMID, TYPE, ID, 0, 1, &addr, PROT_READ,
                                         MAP_SHARED);
    assert_non_null(fres);
    assert_ptr_equal(addr, place);
    assert_true(is_mapped_as(addr, "r--s"));
    xenforeignmemory_unmap_resource(fmem, fres);
    xenforeignmemory_close(fmem);
}

TEST(only_MAP_SHARED_and_MAP_PRIVATE_are_flags)
{
    static const int bad[] = {MAP_FIXED, MAP_SHARED | MAP_FIXED, MAP_ANONYMOUS, 4, -1, INT32_MIN};
    static const int good[] = {0, MAP_SHARED, MAP_PRIVATE, MAP_SHARED | MAP_PRIVATE};
    xenforeignmemory_handle *fmem = open_with_resources();

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_fails_with(try_to_map(fmem, 0, 1, bad[i]), NULL, EINVAL);
    assert_int_equal(fakexen_count(FAKEXEN_MMAP), 0);
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        xenforeignmemory_resource_handle *fres = try_to_map(fmem, 0, 1, good[i]);

        assert_non_null(fres);
        assert_int_equal(xenforeignmemory_unmap_resource(fmem, fres), 0);
    }
    xenforeignmemory_close(fmem);
}

/* Upstream takes this for a question after the size, and drops the answer. */
TEST(no_frames_is_EINVAL)
{
    xenforeignmemory_handle *fmem = open_with_resources();

    assert_fails_with(try_to_map(fmem, 0, 0, 0), NULL, EINVAL);
    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_MMAP_RESOURCE), 0);
    xenforeignmemory_close(fmem);
}

/* Upstream shifts and truncates without a look. */
TEST(numbers_that_would_wrap_are_refused)
{
    xenforeignmemory_handle *fmem = open_with_resources();

    assert_fails_with(try_to_map(fmem, 0, (SIZE_MAX >> 12) + 2, 0), NULL, ENOMEM);
    assert_fails_with(try_to_map(fmem, 0, ULONG_MAX, 0), NULL, ENOMEM);
    assert_int_equal(fakexen_count(FAKEXEN_MMAP), 0);
#if ULONG_MAX > UINT32_MAX
    assert_fails_with(try_to_map(fmem, (1ul << 32) + 1, 1, 0), NULL, EINVAL);
    assert_int_equal(fakexen_count(FAKEXEN_MMAP), 0);
#endif
    xenforeignmemory_close(fmem);
}

TEST(a_failure_leaves_nothing_mapped)
{
    static int failures[] = {ESRCH, EPERM, ENOMEM, EINVAL, EOPNOTSUPP}, failure, unknown = ENOTTY;
    xenforeignmemory_handle *fmem = open_on_kernel(&failure, &unknown);

    for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
        failure = failures[i];
        assert_fails_with(try_to_map(fmem, 0, FRAMES, 0), NULL, failure);
        assert_int_equal(fakexen_mappings(), 0);
    }
    xenforeignmemory_close(fmem);
}

TEST(a_failing_mmap_is_passed_on)
{
    xenforeignmemory_handle *fmem = open_with_resources();

    fakexen_fail_next(FAKEXEN_MMAP, EAGAIN, 1, 0);
    assert_fails_with(try_to_map(fmem, 0, FRAMES, 0), NULL, EAGAIN);
    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_MMAP_RESOURCE), 0);
    xenforeignmemory_close(fmem);
}

TEST(a_kernel_that_knows_no_resources_is_EOPNOTSUPP)
{
    static int unknown_errnos[] = {ENOTTY, EINVAL, ENOSYS};
    static int unknown;
    size_t size = 42;

    fake_privcmd_start();
    fakexen_on_ioctl(UAPI_PRIVCMD_MMAP_RESOURCE, fail_with, &unknown);
    fakexen_on_ioctl(UAPI_PRIVCMD_UNIMPLEMENTED, fail_with, &unknown);
    for (size_t i = 0; i < sizeof(unknown_errnos) / sizeof(unknown_errnos[0]); i++) {
        xenforeignmemory_handle *fmem;

        unknown = unknown_errnos[i];
        fmem = xenforeignmemory_open(NULL, 0);
        assert_fails_with(try_to_map(fmem, 0, 1, 0), NULL, EOPNOTSUPP);
        assert_fails_with(xenforeignmemory_resource_size(fmem, FAKE_DOMID, TYPE, ID, &size), -1,
                          EOPNOTSUPP);
        assert_int_equal(size, 42);
        assert_int_equal(fakexen_mappings(), 0);
        xenforeignmemory_close(fmem);
    }
}

/* Upstream asks an unknown ioctl at every open, whether it matters or not. */
TEST(the_kernel_is_probed_when_it_matters_and_only_once)
{
    static int failure = EINVAL, unknown = ENOTTY;
    xenforeignmemory_handle *fmem = open_on_kernel(&failure, &unknown);

    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_UNIMPLEMENTED), 0);
    failure = EPERM;
    assert_fails_with(try_to_map(fmem, 0, 1, 0), NULL, EPERM);
    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_UNIMPLEMENTED), 0);
    failure = EINVAL;
    for (int i = 0; i < 3; i++)
        assert_fails_with(try_to_map(fmem, 0, 1, 0), NULL, EINVAL);
    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_UNIMPLEMENTED), 1);
    xenforeignmemory_close(fmem);
}

static int accept_anything(int fd, void *argument, void *user)
{
    (void)fd;
    (void)argument;
    (void)user;
    return 0;
}

/* Upstream cannot even open where this ioctl, which nobody needs, succeeds. */
TEST(a_kernel_that_accepts_the_probe_is_no_obstacle)
{
    static int failure = EINVAL, unknown = 0;
    xenforeignmemory_handle *fmem;

    fake_privcmd_start();
    fakexen_on_ioctl(UAPI_PRIVCMD_MMAP_RESOURCE, fail_with, &failure);
    fakexen_on_ioctl(UAPI_PRIVCMD_UNIMPLEMENTED, accept_anything, &unknown);
    fmem = xenforeignmemory_open(NULL, 0);
    assert_non_null(fmem);
    assert_fails_with(try_to_map(fmem, 0, 1, 0), NULL, EINVAL);
    xenforeignmemory_close(fmem);
}

TEST(an_interrupted_request_is_repeated)
{
    xenforeignmemory_handle *fmem = open_with_resources();
    xenforeignmemory_resource_handle *fres;
    size_t size;

    fakexen_fail_next(FAKEXEN_IOCTL, EINTR, 2, 0);
    fres = try_to_map(fmem, 0, 1, 0);
    assert_non_null(fres);
    fakexen_fail_next(FAKEXEN_IOCTL, EINTR, 2, 0);
    assert_int_equal(xenforeignmemory_resource_size(fmem, FAKE_DOMID, TYPE, ID, &size), 0);
    xenforeignmemory_unmap_resource(fmem, fres);
    xenforeignmemory_close(fmem);
}

TEST(releasing_no_resource_is_a_success)
{
    xenforeignmemory_handle *fmem = open_with_resources();

    assert_int_equal(xenforeignmemory_unmap_resource(fmem, NULL), 0);
    xenforeignmemory_close(fmem);
}

TEST(a_size_is_bytes_and_maps_nothing)
{
    xenforeignmemory_handle *fmem = open_with_resources();
    size_t size = 0;

    assert_int_equal(xenforeignmemory_resource_size(fmem, FAKE_DOMID, TYPE, ID, &size), 0);
    assert_int_equal(size, FRAMES * PAGE_SIZE);
    assert_int_equal(last_request.dom, FAKE_DOMID);
    assert_int_equal(last_request.type, TYPE);
    assert_int_equal(last_request.id, ID);
    assert_int_equal(last_request.idx, 0);
    assert_int_equal(fakexen_count(FAKEXEN_MMAP), 0);
    xenforeignmemory_close(fmem);
}

TEST(a_failing_size_leaves_the_callers_variable)
{
    static int failure = ESRCH, unknown = ENOTTY;
    xenforeignmemory_handle *fmem = open_on_kernel(&failure, &unknown);
    size_t size = 42;

    assert_fails_with(xenforeignmemory_resource_size(fmem, FAKE_DOMID, TYPE, ID, &size), -1, ESRCH);
    assert_int_equal(size, 42);
    xenforeignmemory_close(fmem);
}

/* Linux 6.1 hands on what Xen answered, and upstream makes 16 TiB of it. */
TEST(a_refusal_that_looks_like_a_size_is_its_errno)
{
    xenforeignmemory_handle *fmem = open_with_resources();
    size_t size = 42;

    resource_frames = (uint32_t)-EOPNOTSUPP;
    assert_fails_with(xenforeignmemory_resource_size(fmem, FAKE_DOMID, TYPE, ID, &size), -1,
                      EOPNOTSUPP);
    assert_int_equal(size, 42);
    resource_frames = UINT32_MAX - 4095;
    assert_int_equal(xenforeignmemory_resource_size(fmem, FAKE_DOMID, TYPE, ID, &size), 0);
    xenforeignmemory_close(fmem);
}

/* Upstream shifts the upper bits out. */
TEST(a_size_beyond_size_t_is_EOVERFLOW)
{
    xenforeignmemory_handle *fmem = open_with_resources();
    size_t size = 42;

    resource_frames = UINT64_MAX >> 4;
    assert_fails_with(xenforeignmemory_resource_size(fmem, FAKE_DOMID, TYPE, ID, &size), -1,
                      EOVERFLOW);
    assert_int_equal(size, 42);
    xenforeignmemory_close(fmem);
}

TEST(map_and_unmap_cost_three_system_calls)
{
    xenforeignmemory_handle *fmem = open_with_resources();
    unsigned before = fakexen_count_all();

    xenforeignmemory_unmap_resource(fmem, try_to_map(fmem, 0, FRAMES, 0));
    assert_int_equal(fakexen_count_all() - before, 3);
    xenforeignmemory_close(fmem);
}

static void *learn_unknown_errno(void *fmem)
{
    for (int i = 0; i < 200; i++)
        if (try_to_map(fmem, 0, 1, 0) || errno != EOPNOTSUPP)
            return fmem;
    return NULL;
}

TEST(threads_may_learn_the_kernels_manners_at_once)
{
    static int failure = ENOTTY;
    xenforeignmemory_handle *fmem = open_on_kernel(&failure, &failure);
    pthread_t threads[4];
    void *wrong;

    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, learn_unknown_errno, fmem);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
    xenforeignmemory_close(fmem);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_resource_is_mapped_where_paddr_says),
        cmocka_unit_test(a_hint_is_followed_where_there_is_room),
        cmocka_unit_test(only_MAP_SHARED_and_MAP_PRIVATE_are_flags),
        cmocka_unit_test(no_frames_is_EINVAL),
        cmocka_unit_test(numbers_that_would_wrap_are_refused),
        cmocka_unit_test(a_failure_leaves_nothing_mapped),
        cmocka_unit_test(a_failing_mmap_is_passed_on),
        cmocka_unit_test(a_kernel_that_knows_no_resources_is_EOPNOTSUPP),
        cmocka_unit_test(the_kernel_is_probed_when_it_matters_and_only_once),
        cmocka_unit_test(a_kernel_that_accepts_the_probe_is_no_obstacle),
        cmocka_unit_test(an_interrupted_request_is_repeated),
        cmocka_unit_test(releasing_no_resource_is_a_success),
        cmocka_unit_test(a_size_is_bytes_and_maps_nothing),
        cmocka_unit_test(a_failing_size_leaves_the_callers_variable),
        cmocka_unit_test(a_refusal_that_looks_like_a_size_is_its_errno),
        cmocka_unit_test(a_size_beyond_size_t_is_EOVERFLOW),
        cmocka_unit_test(map_and_unmap_cost_three_system_calls),
        cmocka_unit_test(threads_may_learn_the_kernels_manners_at_once),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
