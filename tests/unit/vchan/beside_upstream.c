/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ours at one end, upstream's real libxenvchan.so.4.17 at the other, over the same
 * stand-ins: the wire is theirs, in either role and with every size of ring.
 */
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

static void *symbol(const char *name)
{
    void *found = dlsym(theirs.library, name);

    assert_non_null(found);
    return found;
}

static void load_upstream(void)
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
static void set_their_blocking(struct libxenvchan *ctrl, int blocking)
{
    unsigned char *flags = (unsigned char *)ctrl + 28;

    *flags = (unsigned char)(blocking ? *flags | 4 : *flags & ~4);
    *flags &= (unsigned char)~2; /* server_persist, which they do not set up */
}

struct ends {
    xenvchan *ours;
    struct libxenvchan *upstream;
};

static struct ends open_ends(int we_serve, size_t read_min, size_t write_min)
{
    struct ends ends;

    load_upstream();
    start();
    if (we_serve) {
        ends.ours = serve(read_min, write_min, 0);
        fakestore_set_domid(CLIENT_DOMID);
        ends.upstream = theirs.client_init(NULL, SERVER_DOMID, PATH);
    } else {
        ends.upstream = theirs.server_init(NULL, CLIENT_DOMID, PATH, read_min, write_min);
        ends.ours = connect_within(0, 0);
    }
    assert_non_null(ends.ours);
    assert_non_null(ends.upstream);
    set_their_blocking(ends.upstream, 1);
    return ends;
}

static size_t total_of(size_t read_min, size_t write_min)
{
    return (read_min + write_min) * 2 + 50000;
}

struct job {
    struct libxenvchan *upstream;
    size_t total;
};

/* Reads all that we send, and sends it back. */
static void *their_echo(void *arg)
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

static void *our_writer(void *arg)
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

static void read_all_back(const struct our_job *job)
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

static void talk(int we_serve, size_t read_min, size_t write_min)
{
    struct ends ends = open_ends(we_serve, read_min, write_min);
    struct job job = {ends.upstream, total_of(read_min, write_min)};
    struct our_job our_job = {ends.ours, job.total};
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

TEST(our_server_with_upstreams_client_in_the_page) { talk(1, 1024, 2048); }
TEST(our_server_with_upstreams_client_beside_the_page) { talk(1, 4096, 1000); }
TEST(our_server_with_upstreams_client_largest_rings) { talk(1, 1 << 20, 1 << 20); }
TEST(our_client_with_upstreams_server_in_the_page) { talk(0, 1024, 2048); }
TEST(our_client_with_upstreams_server_the_other_way) { talk(0, 2048, 1024); }
TEST(our_client_with_upstreams_server_beside_the_page) { talk(0, 30000, 4096); }
TEST(our_client_with_upstreams_server_largest_rings) { talk(0, 1 << 20, 1 << 20); }

TEST(upstreams_close_is_EPIPE_to_ours)
{
    struct ends ends = open_ends(1, 0, 0);
    char data[4];

    assert_int_equal(theirs.write(ends.upstream, "bye", 3), 3);
    theirs.close(ends.upstream);
    assert_int_equal(xenvchan_wait(ends.ours, 1000), 1);
    assert_int_equal(xenvchan_read(ends.ours, data, 3), 3);
    assert_fails_with(xenvchan_read(ends.ours, data, 3), -1, EPIPE);
    xenvchan_close(ends.ours);
    fakedomains_stop();
}

TEST(upstreams_server_that_closes_is_EPIPE_to_our_client)
{
    struct ends ends = open_ends(0, 0, 0);
    char data[4];

    theirs.close(ends.upstream);
    assert_fails_with(xenvchan_read(ends.ours, data, 3), -1, EPIPE);
    xenvchan_close(ends.ours);
    fakedomains_stop();
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_server_with_upstreams_client_in_the_page),
        cmocka_unit_test(our_server_with_upstreams_client_beside_the_page),
        cmocka_unit_test(our_server_with_upstreams_client_largest_rings),
        cmocka_unit_test(our_client_with_upstreams_server_in_the_page),
        cmocka_unit_test(our_client_with_upstreams_server_the_other_way),
        cmocka_unit_test(our_client_with_upstreams_server_beside_the_page),
        cmocka_unit_test(our_client_with_upstreams_server_largest_rings),
        cmocka_unit_test(upstreams_close_is_EPIPE_to_ours),
        cmocka_unit_test(upstreams_server_that_closes_is_EPIPE_to_our_client),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
