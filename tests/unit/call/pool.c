/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pool: what it keeps, what it lets go, and many threads at it. */
#include "harness.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakexen.h"
#include "xencall.h"

enum { PAGE = 4096, LARGEST_PAGES = 1024, KEPT_PER_SIZE = 16, TOTAL_PAGES = 4096 };

static xencall_handle *open_handle(bool with_device, unsigned flags)
{
    xencall_handle *xcall;

    fakexen_add_device("/dev/xen/privcmd");
    if (with_device)
        fakexen_add_device("/dev/xen/hypercall");
    xcall = xencall_open(NULL, flags);
    assert_non_null(xcall);
    return xcall;
}

static void fill_pool(xencall_handle *xcall, size_t nr_pages, size_t count)
{
    void *buffers[64];

    for (size_t i = 0; i < count; i++)
        assert_non_null(buffers[i] = xencall_alloc_buffer_pages(xcall, nr_pages));
    for (size_t i = 0; i < count; i++)
        xencall_free_buffer_pages(xcall, buffers[i], nr_pages);
}

TEST(every_size_up_to_4_mib_is_kept)
{
    xencall_handle *xcall = open_handle(true, 0);

    for (size_t nr_pages = 1; nr_pages <= LARGEST_PAGES; nr_pages++) {
        void *buffer = xencall_alloc_buffer_pages(xcall, nr_pages);
        unsigned maps;

        xencall_free_buffer_pages(xcall, buffer, nr_pages);
        maps = fakexen_count(FAKEXEN_MMAP);
        buffer = xencall_alloc_buffer_pages(xcall, nr_pages);
        /* The pool is full by the time that the sizes get large. */
        if (nr_pages < 300)
            assert_int_equal(fakexen_count(FAKEXEN_MMAP), maps);
        memset(buffer, 1, nr_pages * PAGE);
        xencall_free_buffer_pages(xcall, buffer, nr_pages);
    }
    xencall_close(xcall);
    assert_int_equal(fakexen_mappings(), 0);
}

TEST(the_largest_size_is_kept)
{
    xencall_handle *xcall = open_handle(true, 0);

    fill_pool(xcall, LARGEST_PAGES, 1);
    assert_int_equal(fakexen_mappings(), 1);
    fill_pool(xcall, LARGEST_PAGES, 1);
    assert_int_equal(fakexen_count(FAKEXEN_MMAP), 1);
    fill_pool(xcall, LARGEST_PAGES + 1, 1);
    assert_int_equal(fakexen_mappings(), 1);
    xencall_close(xcall);
}

/* How many pages the one mapping of fakexen's memory has. */
static size_t mapped_pages(void)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    unsigned long start, end;
    size_t nr_pages = 0;
    char line[512];

    assert_non_null(maps);
    while (fgets(line, sizeof(line), maps))
        if (strstr(line, "memfd:fakexen") && sscanf(line, "%lx-%lx ", &start, &end) == 2)
            nr_pages += (end - start) / PAGE;
    fclose(maps);
    return nr_pages;
}

TEST(rounding_up_adds_a_quarter_at_most)
{
    xencall_handle *xcall = open_handle(true, 0);

    for (size_t nr_pages = 1; nr_pages <= LARGEST_PAGES; nr_pages++) {
        char *buffer = xencall_alloc_buffer_pages(xcall, nr_pages);
        size_t mapped = mapped_pages();

        assert_true(mapped >= nr_pages);
        assert_true(4 * (mapped - nr_pages) <= nr_pages);
        if (nr_pages <= 8 || (nr_pages & (nr_pages - 1)) == 0)
            assert_int_equal(mapped, nr_pages);
        xencall_free_buffer_pages(xcall, buffer, nr_pages);
        xencall_close(xcall); /* empties the pool */
        assert_non_null(xcall = xencall_open(NULL, 0));
    }
    xencall_close(xcall);
}

TEST(a_size_is_kept_sixteen_times)
{
    xencall_handle *xcall = open_handle(true, 0);

    fill_pool(xcall, 1, 40);
    assert_int_equal(fakexen_mappings(), KEPT_PER_SIZE);
    xencall_close(xcall);
}

TEST(the_pool_keeps_16_mib_at_most)
{
    xencall_handle *xcall = open_handle(true, 0);

    fill_pool(xcall, LARGEST_PAGES, 6);
    assert_int_equal(fakexen_mappings(), TOTAL_PAGES / LARGEST_PAGES);
    fill_pool(xcall, 1, 1);
    assert_int_equal(fakexen_mappings(), TOTAL_PAGES / LARGEST_PAGES);
    xencall_close(xcall);
    assert_int_equal(fakexen_mappings(), 0);
}

/* RLIMIT_MEMLOCK may be used up by what the pool keeps. */
TEST(the_pool_is_given_up_when_memory_runs_out)
{
    xencall_handle *xcall = open_handle(true, 0);
    void *buffer;

    fill_pool(xcall, 8, 4);
    fakexen_fail_next(FAKEXEN_MMAP, EAGAIN, 1, 0);
    errno = EXDEV;
    buffer = xencall_alloc_buffer_pages(xcall, 100);
    assert_non_null(buffer);
    assert_int_equal(errno, EXDEV);
    assert_int_equal(fakexen_mappings(), 1);
    xencall_free_buffer_pages(xcall, buffer, 100);
    xencall_close(xcall);
}

TEST(an_absurd_size_does_not_cost_the_pool)
{
    xencall_handle *xcall = open_handle(true, 0);

    fill_pool(xcall, 8, 4);
    assert_fails_with(xencall_alloc_buffer_pages(xcall, SIZE_MAX / PAGE), NULL, ENOMEM);
    assert_int_equal(fakexen_mappings(), 4);
    xencall_close(xcall);
}

/* ---- random use ---- */

struct held {
    unsigned char *buffer;
    size_t size;
    size_t nr_pages; /* 0: from xencall_alloc_buffer */
    unsigned char fill;
};

static bool all_bytes_are(const unsigned char *bytes, size_t size, unsigned char value)
{
    return size == 0 || (bytes[0] == value && memcmp(bytes, bytes + 1, size - 1) == 0);
}

static size_t random_size(unsigned *seed)
{
    size_t bits = (size_t)rand_r(seed) % 19;

    return (size_t)rand_r(seed) % ((size_t)1 << bits) + 1;
}

static bool allocate(xencall_handle *xcall, struct held *held, unsigned *seed)
{
    held->size = random_size(seed);
    held->nr_pages = 0;
    if (rand_r(seed) % 2) {
        held->nr_pages = (held->size + PAGE - 1) / PAGE;
        held->size = held->nr_pages * PAGE;
        held->buffer = xencall_alloc_buffer_pages(xcall, held->nr_pages);
    } else {
        held->buffer = xencall_alloc_buffer(xcall, held->size);
    }
    if (!held->buffer || (uintptr_t)held->buffer % (held->nr_pages ? PAGE : 16) ||
        !all_bytes_are(held->buffer, held->size, 0))
        return false;
    held->fill = (unsigned char)(rand_r(seed) % 255 + 1);
    memset(held->buffer, held->fill, held->size);
    return true;
}

/* False if somebody else wrote to the buffer, such as its neighbour's owner. */
static bool release(xencall_handle *xcall, struct held *held)
{
    bool untouched = all_bytes_are(held->buffer, held->size, held->fill);

    if (held->nr_pages)
        xencall_free_buffer_pages(xcall, held->buffer, held->nr_pages);
    else
        xencall_free_buffer(xcall, held->buffer);
    held->buffer = NULL;
    return untouched;
}

static bool use_at_random(xencall_handle *xcall, unsigned seed, int rounds)
{
    struct held held[48] = {0};
    const unsigned count = sizeof(held) / sizeof(held[0]);
    bool good = true;

    for (int i = 0; good && i < rounds; i++) {
        struct held *one = &held[(unsigned)rand_r(&seed) % count];

        good = one->buffer ? release(xcall, one) : allocate(xcall, one, &seed);
    }
    for (unsigned i = 0; i < count; i++)
        if (held[i].buffer)
            good &= release(xcall, &held[i]);
    return good;
}

TEST(random_use_of_device_buffers)
{
    xencall_handle *xcall = open_handle(true, 0);

    assert_true(use_at_random(xcall, 1, 6000));
    xencall_close(xcall);
    assert_int_equal(fakexen_mappings(), 0);
}

TEST(random_use_of_locked_buffers)
{
    xencall_handle *xcall = open_handle(false, XENCALL_OPENFLAG_NON_REENTRANT);
    unsigned maps = fakexen_count_anonymous(FAKEXEN_MMAP);
    unsigned unmaps = fakexen_count_anonymous(FAKEXEN_MUNMAP);

    assert_true(use_at_random(xcall, 2, 6000));
    xencall_close(xcall);
    maps = fakexen_count_anonymous(FAKEXEN_MMAP) - maps;
    unmaps = fakexen_count_anonymous(FAKEXEN_MUNMAP) - unmaps;
    assert_true(maps > 0);
    assert_int_equal(unmaps, maps);
}

struct job {
    xencall_handle *xcall;
    unsigned seed;
    bool good;
};

static void *run_job(void *argument)
{
    struct job *job = argument;

    job->good = use_at_random(job->xcall, job->seed, 1500);
    return NULL;
}

TEST(threads_share_a_handle)
{
    enum { THREADS = 8 };
    xencall_handle *xcall = open_handle(true, 0);
    pthread_t threads[THREADS];
    struct job jobs[THREADS];

    for (unsigned i = 0; i < THREADS; i++) {
        jobs[i] = (struct job){xcall, 100 + i, false};
        pthread_create(&threads[i], NULL, run_job, &jobs[i]);
    }
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (unsigned i = 0; i < THREADS; i++)
        assert_true(jobs[i].good);
    xencall_close(xcall);
    assert_int_equal(fakexen_mappings(), 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_up_to_4_mib_is_kept),
        cmocka_unit_test(the_largest_size_is_kept),
        cmocka_unit_test(rounding_up_adds_a_quarter_at_most),
        cmocka_unit_test(a_size_is_kept_sixteen_times),
        cmocka_unit_test(the_pool_keeps_16_mib_at_most),
        cmocka_unit_test(the_pool_is_given_up_when_memory_runs_out),
        cmocka_unit_test(an_absurd_size_does_not_cost_the_pool),
        cmocka_unit_test(random_use_of_device_buffers),
        cmocka_unit_test(random_use_of_locked_buffers),
        cmocka_unit_test(threads_share_a_handle),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
