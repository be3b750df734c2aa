/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One end of a channel on a real Xen, on either library.
 *
 * usage: vchan-end LIBRARY ROLE WHAT DOMID PATH [READ_MIN WRITE_MIN [BYTES]]
 *
 * LIBRARY  new: xenvchan_* of libxenvchan.so.1; or the path of a libxenvchan.so.4.NN,
 *          ours or upstream's, which is loaded. vchan-end-old is for those alone: it
 *          needs none of ours, whose libraries upstream's do not stand in for
 * ROLE     server, client
 * WHAT     echo: sends back what it gets, until the peer goes, and says how that was
 *          talk: sends BYTES in pieces of all sizes, and compares what comes back
 *          die:  says that it dies, and does, with half a message under way
 *          wait: waits for the peer to go, and says how and how late after its last word
 */
#include <dlfcn.h>
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libxenvchan.h>
#ifndef OLD_FACE_ONLY
#include <xenvchan.h>
#endif

enum { PATIENCE_MS = 30000, LAST_WORD = 8 };

static const char *library;
static bool is_server;
static unsigned domid;
static const char *path;
static size_t read_min = 1024, write_min = 2048;
static size_t total = 100000;

/* What both libraries can do, in the words of this program. */
static struct {
    ssize_t (*read)(void *end, void *data, size_t size);
    ssize_t (*write)(void *end, const void *data, size_t size);
    void (*close)(void *end);
} does;
static void *end;

#ifdef OLD_FACE_ONLY
static void open_new(void)
{
    errx(EXIT_FAILURE, "vchan-end-old has no new face");
}
#else
static void open_new(void)
{
    struct xenvchan_options options = {.size = sizeof(options),
                                       .read_min = read_min,
                                       .write_min = write_min,
                                       .connect_timeout_ms = PATIENCE_MS};

    does.read = (ssize_t(*)(void *, void *, size_t))xenvchan_read;
    does.write = (ssize_t(*)(void *, const void *, size_t))xenvchan_write;
    does.close = (void (*)(void *))xenvchan_close;
    end = is_server ? xenvchan_server_open(domid, path, &options)
                    : xenvchan_client_open(domid, path, &options);
    if (!end)
        err(EXIT_FAILURE, "cannot open the channel");
    if (xenvchan_wait_for_peer(end, PATIENCE_MS) != 1)
        err(EXIT_FAILURE, "the peer does not come");
}
#endif

/* ---- the old face ---- */

static struct {
    struct libxenvchan *(*server)(void *, int, const char *, size_t, size_t);
    struct libxenvchan *(*client)(void *, int, const char *);
    int (*read)(struct libxenvchan *, void *, size_t);
    int (*write)(struct libxenvchan *, const void *, size_t);
    void (*close)(struct libxenvchan *);
} old;

static void *symbol(const char *name)
{
    static void *loaded;
    void *found;

    if (!loaded)
        loaded = dlopen(library, RTLD_NOW);
    found = loaded ? dlsym(loaded, name) : NULL;
    if (!found)
        errx(EXIT_FAILURE, "%s", dlerror());
    return found;
}

static ssize_t old_read(void *ctrl, void *data, size_t size)
{
    return old.read(ctrl, data, size);
}

static ssize_t old_write(void *ctrl, const void *data, size_t size)
{
    return old.write(ctrl, data, size);
}

static void old_close(void *ctrl)
{
    old.close(ctrl);
}

static struct libxenvchan *connect_patiently(void)
{
    struct libxenvchan *ctrl = NULL;

    for (int tries = 0; !ctrl && tries < PATIENCE_MS / 50; tries++) {
        ctrl = old.client(NULL, (int)domid, path);
        if (!ctrl)
            usleep(50000);
    }
    return ctrl;
}

static void open_old(void)
{
    struct libxenvchan *ctrl;

    old.server = (__typeof__(old.server))symbol("libxenvchan_server_init");
    old.client = (__typeof__(old.client))symbol("libxenvchan_client_init");
    old.read = (__typeof__(old.read))symbol("libxenvchan_read");
    old.write = (__typeof__(old.write))symbol("libxenvchan_write");
    old.close = (__typeof__(old.close))symbol("libxenvchan_close");
    does.read = old_read;
    does.write = old_write;
    does.close = old_close;
    ctrl = is_server ? old.server(NULL, (int)domid, path, read_min, write_min)
                     : connect_patiently();
    if (!ctrl)
        err(EXIT_FAILURE, "cannot open the channel");
    ctrl->blocking = -1;
    ctrl->server_persist = 0;
    end = ctrl;
}

/* ---- what an end does ---- */

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static unsigned char byte_at(size_t position)
{
    return (unsigned char)(position * 2654435761u >> 13);
}

static void echo(void)
{
    static unsigned char data[100000];
    ssize_t size;

    while ((size = does.read(end, data, sizeof(data))) > 0)
        if (does.write(end, data, (size_t)size) != size)
            err(EXIT_FAILURE, "cannot send back");
    printf("ended: %s\n", strerrorname_np(errno));
}

/* Both rings hold so much, so that it can go to and fro in one thread. */
static size_t piece(unsigned *seed, size_t left)
{
    size_t most = read_min < write_min ? read_min : write_min;
    size_t size = 1 + (size_t)rand_r(seed) % (most >> (unsigned)rand_r(seed) % 8);

    return size < left ? size : left;
}

static void send_piece(size_t from, size_t size)
{
    static unsigned char data[1 << 20];

    for (size_t i = 0; i < size; i++)
        data[i] = byte_at(from + i);
    if (does.write(end, data, size) != (ssize_t)size)
        err(EXIT_FAILURE, "cannot write after %zu bytes", from);
}

static void compare_piece(size_t from, size_t size)
{
    static unsigned char data[1 << 20];

    for (size_t got = 0; got < size;) {
        ssize_t some = does.read(end, data, size - got);

        if (some <= 0)
            err(EXIT_FAILURE, "cannot read after %zu bytes", from + got);
        for (ssize_t i = 0; i < some; i++)
            if (data[i] != byte_at(from + got + (size_t)i))
                errx(EXIT_FAILURE, "byte %zu is wrong", from + got);
        got += (size_t)some;
    }
}

static void talk(void)
{
    unsigned seed = 1;

    for (size_t done = 0; done < total;) {
        size_t size = piece(&seed, total - done);

        send_piece(done, size);
        compare_piece(done, size);
        done += size;
    }
    printf("%zu bytes went there and back\n", total);
}

static _Noreturn void die(void)
{
    sleep(1); /* the peer may still be opening */
    if (does.write(end, "goodbye!", LAST_WORD) == LAST_WORD)
        kill(getpid(), SIGKILL);
    err(EXIT_FAILURE, "cannot say goodbye");
}

static void wait_for_end(void)
{
    char data[LAST_WORD];
    double since = now();
    ssize_t size;

    while ((size = does.read(end, data, sizeof(data))) > 0)
        since = now();
    printf("ended: %s after %.3f s, at %.2f\n", strerrorname_np(errno), now() - since, now());
}

int main(int argc, char **argv)
{
    const char *what;

    if (argc < 6)
        errx(EXIT_FAILURE, "usage: vchan-end LIBRARY ROLE WHAT DOMID PATH [READ_MIN WRITE_MIN [BYTES]]");
    library = argv[1];
    is_server = strcmp(argv[2], "server") == 0;
    what = argv[3];
    domid = (unsigned)atoi(argv[4]);
    path = argv[5];
    if (argc > 7) {
        read_min = (size_t)atol(argv[6]);
        write_min = (size_t)atol(argv[7]);
    }
    if (argc > 8)
        total = (size_t)atol(argv[8]);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (strcmp(library, "new") == 0)
        open_new();
    else
        open_old();
    if (strcmp(what, "echo") == 0)
        echo();
    else if (strcmp(what, "talk") == 0)
        talk();
    else if (strcmp(what, "die") == 0)
        die();
    else
        wait_for_end();
    does.close(end);
}
