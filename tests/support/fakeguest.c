/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fakeguest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fakexen.h"
#include "uapi_privcmd.h"

struct fakeguest_asked fakeguest_asked;
static uint8_t *memory;
static size_t frames_there;
static unsigned owner;

/* A shared mapping's pages are there once more at @address. */
static int show(uint64_t address, uint64_t frame)
{
    void *place = (void *)(uintptr_t)address;

    if (frame >= frames_there)
        return -EINVAL;
    return mremap(memory + frame * FAKEGUEST_PAGE, 0, FAKEGUEST_PAGE,
                  MREMAP_MAYMOVE | MREMAP_FIXED, place) == place ? 0 : -errno;
}

static int map_batch(int fd, void *argument, void *user)
{
    struct uapi_privcmd_mmapbatch_v2 *batch = argument;

    (void)fd;
    (void)user;
    fakeguest_asked.requests++;
    fakeguest_asked.domid = batch->dom;
    fakeguest_asked.count = batch->num;
    for (uint32_t i = 0; i < batch->num; i++) {
        if (i < 16)
            fakeguest_asked.frames[i] = batch->arr[i];
        batch->err[i] = batch->dom == owner
                            ? show(batch->addr + (uint64_t)i * FAKEGUEST_PAGE, batch->arr[i])
                            : -EINVAL;
    }
    return 0;
}

uint8_t *fakeguest_start(unsigned domid, size_t frames)
{
    if (memory)
        munmap(memory, frames_there * FAKEGUEST_PAGE);
    memory = mmap(NULL, frames * FAKEGUEST_PAGE, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        perror("fakeguest: mmap");
        abort();
    }
    owner = domid;
    frames_there = frames;
    fakeguest_asked = (struct fakeguest_asked){0};
    fakexen_on_ioctl(UAPI_PRIVCMD_MMAPBATCH_V2, map_batch, NULL);
    return memory;
}
