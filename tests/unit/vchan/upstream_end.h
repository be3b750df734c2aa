/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Upstream's real libxenvchan at one end of a channel, ours at the other. */
#ifndef XENLIBS_TESTS_VCHAN_UPSTREAM_END_H
#define XENLIBS_TESTS_VCHAN_UPSTREAM_END_H

#include <dlfcn.h>

#include "vchan_tests.h"

#define UPSTREAM "/usr/lib/x86_64-linux-gnu/libxenvchan.so.4.17"

struct libxenvchan; /* theirs; only seen through their functions */

static struct {
    void *library;
    struct libxenvchan *(*server_init)(void *, int, const char *, size_t, size_t);
    struct libxenvchan *(*client_init)(void *, int, const char *);
    void (*close)(struct libxenvchan *);
    int (*read)(struct libxenvchan *, void *, size_t);
    int (*write)(struct libxenvchan *, const void *, size_t);
    int (*wait)(struct libxenvchan *);
    int (*fd)(struct libxenvchan *);
    int (*is_open)(struct libxenvchan *);
} theirs;

static inline void *symbol(const char *name)
{
    void *found = dlsym(theirs.library, name);

    assert_non_null(found);
    return found;
}

static inline void load_upstream(void)
{
    theirs.library = dlopen(UPSTREAM, RTLD_NOW | RTLD_LOCAL);
    if (!theirs.library)
        skip_because("upstream's libxenvchan.so.4.17 is not installed (libxen-dev)");
    theirs.server_init = (__typeof__(theirs.server_init))symbol("libxenvchan_server_init");
    theirs.client_init = (__typeof__(theirs.client_init))symbol("libxenvchan_client_init");
    theirs.close = (__typeof__(theirs.close))symbol("libxenvchan_close");
    theirs.read = (__typeof__(theirs.read))symbol("libxenvchan_read");
    theirs.write = (__typeof__(theirs.write))symbol("libxenvchan_write");
    theirs.wait = (__typeof__(theirs.wait))symbol("libxenvchan_wait");
    theirs.fd = (__typeof__(theirs.fd))symbol("libxenvchan_fd_for_select");
    theirs.is_open = (__typeof__(theirs.is_open))symbol("libxenvchan_is_open");
}

/* Their `blocking` is bit 2 of the byte after three pointers and the port. */
static inline void set_their_blocking(struct libxenvchan *ctrl, int blocking)
{
    unsigned char *flags = (unsigned char *)ctrl + 28;

    *flags = (unsigned char)(blocking ? *flags | 4 : *flags & ~4);
    *flags &= (unsigned char)~2; /* server_persist, which they do not set up */
}

struct ends {
    xenvchan *ours;
    struct libxenvchan *upstream;
};

struct job {
    struct libxenvchan *upstream;
    size_t total;
};

/* Reads all that we send, and sends it back. */
static inline void *their_echo(void *arg)
{
    static __thread unsigned char data[30000];
    const struct job *job = arg;

    for (size_t echoed = 0; echoed < job->total;) {
        int done = theirs.read(job->upstream, data, sizeof(data));

        if (done <= 0 || theirs.write(job->upstream, data, (size_t)done) != done)
            return "upstream failed";
        echoed += (size_t)done;
    }
    return NULL;
}

struct our_job {
    xenvchan *ours;
    size_t total;
};

static inline void *our_writer(void *arg)
{
    const struct our_job *job = arg;
    unsigned char data[7777];
    unsigned seed = 9;

    for (size_t sent = 0; sent < job->total;) {
        size_t size = 1 + (size_t)rand_r(&seed) % sizeof(data);

        if (size > job->total - sent)
            size = job->total - sent;
        for (size_t i = 0; i < size; i++)
            data[i] = byte_at(sent + i);
        if (xenvchan_write(job->ours, data, size) != (ssize_t)size)
            return "write failed";
        sent += size;
    }
    return NULL;
}

static inline void read_all_back(const struct our_job *job)
{
    unsigned char data[5555];

    for (size_t received = 0; received < job->total;) {
        ssize_t done = xenvchan_read(job->ours, data, sizeof(data));

        assert_true(done > 0);
        for (ssize_t i = 0; i < done; i++)
            if (data[i] != byte_at(received + (size_t)i))
                fail_msg("byte %zu is wrong", received + (size_t)i);
        received += (size_t)done;
    }
}

static inline void talk_through(struct ends ends, size_t total)
{
    struct job job = {ends.upstream, total};
    struct our_job our_job = {ends.ours, total};
    pthread_t echo, writer;
    void *complaint;

    pthread_create(&echo, NULL, their_echo, &job);
    pthread_create(&writer, NULL, our_writer, &our_job);
    read_all_back(&our_job);
    pthread_join(writer, &complaint);
    assert_null(complaint);
    pthread_join(echo, &complaint);
    assert_null(complaint);
    xenvchan_close(ends.ours);
    assert_int_equal(theirs.is_open(ends.upstream), 0);
    theirs.close(ends.upstream);
    fakedomains_stop();
}

#endif
