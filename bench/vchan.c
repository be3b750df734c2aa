/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vchan real|stand-in: how many messages a second go through a channel, from one
 * thread of this domain to another. Prints `rate NAME PER_SECOND`.
 *
 * On the stand-in devices and store are those of tests/support, in this process.
 */
#include "marks.h"
#include "measure.h"

#include <libxenvchan.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum { RING = 1 << 18, LARGEST = 1 << 16, THIS_DOMAIN = 0, LOOK_AT_CLOCK = 64 };

#define PLACE "data/xenlibs-bench"
#define RUN_TICKS 600000000u /* a few tenths of a second */

/* Only the program for the stand-in has it. */
__attribute__((weak)) void fakedomains_start(void);

static struct libxenvchan *server, *client;
static char outgoing[LARGEST], incoming[LARGEST];
static size_t message_size;
static bool answers; /* whether the receiver sends each message back */

static void open_channel(void)
{
    server = libxenvchan_server_init(NULL, THIS_DOMAIN, PLACE, RING, RING);
    if (!server)
        measure_fail("libxenvchan_server_init");
    client = libxenvchan_client_init(NULL, THIS_DOMAIN, PLACE);
    if (!client)
        measure_fail("libxenvchan_client_init");
    server->blocking = client->blocking = -1;
    server->server_persist = 0;
}

static void send_message(struct libxenvchan *end, const char *message)
{
    if (libxenvchan_send(end, message, message_size) != (int)message_size)
        measure_fail("libxenvchan_send");
}

static void receive_message(struct libxenvchan *end, char *message)
{
    if (libxenvchan_recv(end, message, message_size) != (int)message_size)
        measure_fail("libxenvchan_recv");
}

/* The last message has a first byte of 1. */
static void *receive_all(void *unused)
{
    static char message[LARGEST];

    (void)unused;
    do {
        receive_message(server, message);
        if (answers)
            send_message(server, message);
    } while (!message[0]);
    return NULL;
}

static void send_one(bool last)
{
    outgoing[0] = last;
    send_message(client, outgoing);
    if (answers)
        receive_message(client, incoming);
}

/* Messages per tick. */
static double run(void)
{
    uint64_t start = measure_now_ticks();
    unsigned long sent = 1;
    pthread_t receiver;

    if (pthread_create(&receiver, NULL, receive_all, NULL))
        measure_fail("pthread_create");
    while (sent % LOOK_AT_CLOCK || measure_now_ticks() - start < RUN_TICKS) {
        send_one(false);
        sent++;
    }
    send_one(true);
    pthread_join(receiver, NULL);
    return (double)sent / (double)(measure_now_ticks() - start);
}

static double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        size_t size;
        bool answers;
    } runs[] = {
        {"vchan-64", 64, false},
        {"vchan-4096", 4096, false},
        {"vchan-65536", 65536, false},
        {"vchan-64-and-back", 64, true},
    };
    enum { RUNS = sizeof(runs) / sizeof(runs[0]) };
    double per_tick[RUNS], start_s, ticks_per_second;
    uint64_t start;

    measure_ground(&argc, &argv);
    make_mark(MARK_LET_GO, NULL, 0);
    measure_print_libraries();
    if (fakedomains_start)
        fakedomains_start();
    open_channel();
    start_s = seconds_now();
    start = measure_now_ticks();
    for (int i = 0; i < RUNS; i++) {
        message_size = runs[i].size;
        answers = runs[i].answers;
        per_tick[i] = run();
    }
    ticks_per_second = (double)(measure_now_ticks() - start) / (seconds_now() - start_s);
    for (int i = 0; i < RUNS; i++)
        printf("rate %s %.0f\n", runs[i].name, per_tick[i] * ticks_per_second);
    libxenvchan_close(client);
    libxenvchan_close(server);
    return 0;
}
