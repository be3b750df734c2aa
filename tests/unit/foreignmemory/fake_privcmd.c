/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "harness.h"

#include "fake_privcmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fake_frame fake_frames[FAKE_FRAMES];
struct fake_batch_request fake_last_batch;
static int old_kernel_unknown_errno;

/* 0, or the negative errno of this try. */
static int try_frame(xen_pfn_t gfn)
{
    struct fake_frame *frame = &fake_frames[gfn % FAKE_FRAMES];

    frame->asked++;
    if (frame->tries_left) {
        frame->tries_left -= frame->tries_left > 0;
        return -ENOENT;
    }
    frame->mapped = !frame->error;
    return -frame->error;
}

static bool any_mapped_already(const xen_pfn_t *gfns, uint32_t num)
{
    for (uint32_t i = 0; i < num; i++)
        if (fake_frames[gfns[i] % FAKE_FRAMES].mapped)
            return true;
    return false;
}

static int answer(int errnoval)
{
    errno = errnoval;
    return -1;
}

static int map_batch_v2(int fd, void *argument, void *user)
{
    const struct uapi_privcmd_mmapbatch_v2 *request = argument;
    bool paged_out = false;

    (void)fd;
    (void)user;
    fake_last_batch =
        (struct fake_batch_request){request->num, request->dom, request->addr};
    if (any_mapped_already(request->arr, request->num))
        return answer(EINVAL);
    for (uint32_t i = 0; i < request->num; i++) {
        request->err[i] = try_frame(request->arr[i]);
        paged_out |= request->err[i] == -ENOENT;
    }
    return paged_out ? answer(ENOENT) : 0;
}

static int map_batch_v1(int fd, void *argument, void *user)
{
    struct uapi_privcmd_mmapbatch *request = argument;
    bool paged_out = false;

    (void)fd;
    (void)user;
    fake_last_batch =
        (struct fake_batch_request){(uint32_t)request->num, request->dom, request->addr};
    if (any_mapped_already(request->arr, (uint32_t)request->num))
        return answer(EINVAL);
    for (int32_t i = 0; i < request->num; i++) {
        int error = try_frame(request->arr[i]);

        if (error == -ENOENT)
            request->arr[i] |= UAPI_PRIVCMD_MMAPBATCH_PAGED_ERROR;
        else if (error)
            request->arr[i] |= UAPI_PRIVCMD_MMAPBATCH_MFN_ERROR;
        paged_out |= error == -ENOENT;
    }
    return paged_out ? answer(ENOENT) : 0;
}

int fail_with(int fd, void *argument, void *user)
{
    (void)fd;
    (void)argument;
    return answer(*(const int *)user);
}

void fake_privcmd_start(void)
{
    fakexen_add_device("/dev/xen/privcmd");
    fakexen_on_ioctl(UAPI_PRIVCMD_MMAPBATCH_V2, map_batch_v2, NULL);
}

void fake_privcmd_start_old(int unknown_errno)
{
    old_kernel_unknown_errno = unknown_errno;
    fakexen_add_device("/dev/xen/privcmd");
    fakexen_on_ioctl(UAPI_PRIVCMD_MMAPBATCH, map_batch_v1, NULL);
    fakexen_on_ioctl(UAPI_PRIVCMD_MMAPBATCH_V2, fail_with, &old_kernel_unknown_errno);
    fakexen_on_ioctl(UAPI_PRIVCMD_UNIMPLEMENTED, fail_with, &old_kernel_unknown_errno);
}

xenforeignmemory_handle *fake_privcmd_open(void)
{
    xenforeignmemory_handle *fmem;

    fake_privcmd_start();
    fmem = xenforeignmemory_open(NULL, 0);
    assert_non_null(fmem);
    return fmem;
}

void fake_gfns(xen_pfn_t *gfns, size_t count, xen_pfn_t first)
{
    for (size_t i = 0; i < count; i++)
        gfns[i] = first + i;
}

/* Copies the permissions of the mapping that holds @addr; false if none does. */
static bool find_mapping(const void *addr, char permissions[5])
{
    FILE *maps = fopen("/proc/self/maps", "re");
    bool found = false;
    unsigned long start, end;
    char line[512];

    assert_non_null(maps);
    while (!found && fgets(line, sizeof(line), maps))
        found = sscanf(line, "%lx-%lx %4s", &start, &end, permissions) == 3 &&
                (uintptr_t)addr >= start && (uintptr_t)addr < end;
    fclose(maps);
    return found;
}

bool is_mapped_as(const void *addr, const char *permissions)
{
    char found[5];

    return find_mapping(addr, found) && strcmp(found, permissions) == 0;
}

bool is_hole(const void *addr)
{
    char found[5];

    return !find_mapping(addr, found);
}
