/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * watches [--changes N] [--patience SECONDS] [--fault NAME] [MODE]...
 *
 * 100 watches on one handle, each fired 100 times (N) by writes of two threads, one of
 * them on that same handle: 10,000 events, none lost, none doubled. The modes are the
 * ways in which events are taken; none named means all:
 *   polled     poll(2) of xs_fileno(), then xs_check_watch() until there is none
 *   blocking   xs_read_watch()
 *   crowd      xs_read_watch() in four threads: each event goes to one of them
 *   filtered   as polled, while half of the watches are taken away again, with
 *              XS_UNWATCH_FILTER: then no event of theirs may come
 * A fault is made on purpose, to see that it is noticed: lost, doubled, unfiltered.
 * Needs a xenstored to talk to. Prints TAP.
 */
#include "ledger.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <xenstore.h>

enum { CROWD = 4, A_FEW = 50, RUN_SECONDS = 900, QUIET_MS = 200, SHORT_MS = 20 };

static struct {
    unsigned changes, patience;
    const char *fault;
} options = {100, 30, ""};

struct run {
    struct ledger *ledger;
    struct xs_handle *xsh, *other;
    pthread_mutex_t lock; /* of the ledger, when several threads write it */
    atomic_uint requests;
    unsigned wakeups, idle_wakeups;
    bool dropped;
};

static _Noreturn void fail(const char *what)
{
    printf("Bail out! %s: %s\n", what, strerrorname_np(errno));
    exit(EXIT_FAILURE);
}

static bool fault_is(const char *name)
{
    return strcmp(options.fault, name) == 0;
}

/* ---- what fires the watches */

struct writer {
    struct run *run;
    struct xs_handle *xsh;
    unsigned first_change; /* 0 or 1: the even or the odd ones */
    pthread_t id;
};

/* Reads back what it has written, so that replies and events are mixed. */
static void *write_changes(void *argument)
{
    struct writer *writer = argument;

    for (unsigned change = writer->first_change; change < options.changes; change += 2)
        for (unsigned watch = 0; watch < WATCHES; watch++) {
            const char *path = ledger_path(watch, (int)change);
            char *value;

            if (!xs_write(writer->xsh, XBT_NULL, path, path, (unsigned)strlen(path)))
                fail("xs_write");
            value = xs_read(writer->xsh, XBT_NULL, path, NULL);
            if (!value || strcmp(value, path) != 0)
                ledger_complain(writer->run->ledger, "%s holds '%s'", path,
                                value ? value : strerrorname_np(errno));
            free(value);
            atomic_fetch_add(&writer->run->requests, 2);
        }
    return NULL;
}

static void start_writers(struct run *run, struct writer writers[2])
{
    writers[0] = (struct writer){run, run->xsh, 0, 0};
    writers[1] = (struct writer){run, run->other, 1, 0};
    for (int i = 0; i < 2; i++)
        if (pthread_create(&writers[i].id, NULL, write_changes, &writers[i]))
            abort();
}

static void join_writers(struct writer writers[2])
{
    for (int i = 0; i < 2; i++)
        pthread_join(writers[i].id, NULL);
}

/* ---- what takes the events */

static void take(struct run *run, char **event)
{
    if (fault_is("lost") && !run->dropped && run->ledger->taken == 500) {
        run->dropped = true;
        return;
    }
    ledger_take(run->ledger, event[XS_WATCH_PATH], event[XS_WATCH_TOKEN]);
    if (fault_is("doubled") && run->ledger->taken == 500)
        ledger_take(run->ledger, event[XS_WATCH_PATH], event[XS_WATCH_TOKEN]);
}

/* Takes at most @most events that are there; returns how many. */
static unsigned drain(struct run *run, unsigned most)
{
    unsigned taken = 0;
    char **event;

    while (taken < most && (event = xs_check_watch(run->xsh)) != NULL) {
        take(run, event);
        free(event);
        taken++;
    }
    if (taken < most && errno != EAGAIN)
        fail("xs_check_watch");
    return taken;
}

/* True if events came within the time; a false alarm is counted. */
static bool wait_and_drain(struct run *run, unsigned most, unsigned wait_ms)
{
    struct pollfd events = {.fd = xs_fileno(run->xsh), .events = POLLIN};

    for (;;) {
        if (poll(&events, 1, (int)wait_ms) <= 0)
            return false;
        run->wakeups++;
        if (drain(run, most))
            return true;
        run->idle_wakeups++;
    }
}

static void take_polled(struct run *run)
{
    while (!ledger_is_full(run->ledger))
        if (!wait_and_drain(run, ~0u, options.patience * 1000))
            return;
}

static void take_blocking(struct run *run)
{
    unsigned strings;

    alarm(fault_is("lost") ? options.patience : RUN_SECONDS);
    while (!ledger_is_full(run->ledger)) {
        char **event = xs_read_watch(run->xsh, &strings);

        if (!event)
            fail("xs_read_watch");
        take(run, event);
        free(event);
    }
    alarm(RUN_SECONDS);
}

#define STOP_TOKEN "stop"

static void *take_until_stopped(void *argument)
{
    struct run *run = argument;
    bool stopped = false;
    unsigned strings;

    while (!stopped) {
        char **event = xs_read_watch(run->xsh, &strings);

        if (!event)
            fail("xs_read_watch");
        stopped = strcmp(event[XS_WATCH_TOKEN], STOP_TOKEN) == 0;
        pthread_mutex_lock(&run->lock);
        if (!stopped)
            take(run, event);
        pthread_mutex_unlock(&run->lock);
        free(event);
    }
    return NULL;
}

/* Each of the crowd is stopped by an event, which comes behind all others. */
static void take_in_a_crowd(struct run *run, struct writer writers[2])
{
    pthread_t crowd[CROWD];
    char path[LEDGER_TEXT_BYTES];

    for (int i = 0; i < CROWD; i++)
        if (pthread_create(&crowd[i], NULL, take_until_stopped, run))
            abort();
    join_writers(writers);
    for (int i = 0; i < CROWD; i++) {
        snprintf(path, sizeof(path), LEDGER_TOP "-stop/%d", i);
        if (!xs_watch(run->xsh, path, STOP_TOKEN))
            fail("xs_watch");
    }
    for (int i = 0; i < CROWD; i++)
        pthread_join(crowd[i], NULL);
}

static void take_away(struct run *run, unsigned watch)
{
    if (!xs_unwatch(run->xsh, ledger_path(watch, THE_FIRST_EVENT), ledger_token(watch)))
        fail("xs_unwatch");
    run->ledger->closed[watch] = true;
}

/* Takes a few events, then a watch away, and so on; then all the other events. */
static void take_filtered(struct run *run)
{
    for (unsigned watch = 0; watch < WATCHES; watch += 2) {
        take_away(run, watch);
        wait_and_drain(run, A_FEW, SHORT_MS);
    }
    take_polled(run);
}

/* ---- a run */

static void open_run(struct run *run, unsigned long flags)
{
    *run = (struct run){.lock = PTHREAD_MUTEX_INITIALIZER};
    run->ledger = calloc(1, sizeof(*run->ledger));
    run->xsh = xs_open(flags);
    run->other = xs_open(0);
    if (!run->ledger || !run->xsh || !run->other)
        fail("xs_open");
    run->ledger->changes = options.changes;
    if (!xs_rm(run->other, XBT_NULL, LEDGER_TOP))
        fail("xs_rm");
    for (unsigned watch = 0; watch < WATCHES; watch++)
        if (!xs_watch(run->xsh, ledger_path(watch, THE_FIRST_EVENT), ledger_token(watch)))
            fail("xs_watch");
}

/* Whatever was due has been sent by now: what comes later is one too many. */
static void expect_quiet(struct run *run)
{
    struct pollfd events = {.fd = xs_fileno(run->xsh), .events = POLLIN};

    while (poll(&events, 1, QUIET_MS) > 0 && drain(run, ~0u))
        continue;
    drain(run, ~0u);
}

static bool close_run(struct run *run)
{
    bool good;

    expect_quiet(run);
    ledger_balance(run->ledger);
    if (run->idle_wakeups > run->requests)
        ledger_complain(run->ledger, "the descriptor woke its reader %u times for nothing",
                        run->idle_wakeups);
    good = run->ledger->complaints == 0;
    printf("# %u events beside %u requests; %u wakeups, %u of them for nothing\n",
           run->ledger->taken, run->requests, run->wakeups, run->idle_wakeups);
    xs_close(run->xsh);
    xs_rm(run->other, XBT_NULL, LEDGER_TOP);
    xs_close(run->other);
    free(run->ledger);
    return good;
}

static bool run_polled(void)
{
    struct writer writers[2];
    struct run run;

    open_run(&run, 0);
    start_writers(&run, writers);
    take_polled(&run);
    join_writers(writers);
    return close_run(&run);
}

static bool run_blocking(void)
{
    struct writer writers[2];
    struct run run;

    open_run(&run, 0);
    start_writers(&run, writers);
    take_blocking(&run);
    join_writers(writers);
    return close_run(&run);
}

static bool run_crowd(void)
{
    struct writer writers[2];
    struct run run;

    open_run(&run, 0);
    start_writers(&run, writers);
    take_in_a_crowd(&run, writers);
    return close_run(&run);
}

static bool run_filtered(void)
{
    struct writer writers[2];
    struct run run;

    open_run(&run, fault_is("unfiltered") ? 0 : XS_UNWATCH_FILTER);
    start_writers(&run, writers);
    take_filtered(&run);
    join_writers(writers);
    return close_run(&run);
}

static const struct mode {
    const char *name, *title;
    bool (*run)(void);
} modes[] = {
    {"polled", "by poll and xs_check_watch", run_polled},
    {"blocking", "by xs_read_watch", run_blocking},
    {"crowd", "by xs_read_watch in four threads", run_crowd},
    {"filtered", "by poll, while half of the watches are taken away", run_filtered},
};

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static bool run_mode(const struct mode *mode, unsigned number)
{
    double start = now();
    bool good = mode->run();

    printf("%sok %u - %u events %s: none lost, none doubled\n", good ? "" : "not ", number,
           WATCHES * options.changes, mode->title);
    printf("# %.1f s\n", now() - start);
    fflush(stdout);
    return good;
}

static bool wanted(const char *name, int argc, char **argv)
{
    for (int i = optind; i < argc; i++)
        if (strcmp(name, argv[i]) == 0)
            return true;
    return optind == argc;
}

static void read_options(int argc, char **argv)
{
    static const struct option known[] = {
        {"changes", required_argument, NULL, 'c'},
        {"patience", required_argument, NULL, 'p'},
        {"fault", required_argument, NULL, 'f'},
        {NULL, 0, NULL, 0},
    };

    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;)
        if (option == 'c')
            options.changes = (unsigned)strtoul(optarg, NULL, 10);
        else if (option == 'p')
            options.patience = (unsigned)strtoul(optarg, NULL, 10);
        else if (option == 'f')
            options.fault = optarg;
        else
            exit(2);
    if (options.changes < 1 || options.changes > MAX_CHANGES) {
        fprintf(stderr, "watches: from 1 to %d changes\n", MAX_CHANGES);
        exit(2);
    }
}

int main(int argc, char **argv)
{
    unsigned number = 0, failed = 0;

    read_options(argc, argv);
    alarm(RUN_SECONDS);
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
        if (wanted(modes[i].name, argc, argv))
            failed += !run_mode(&modes[i], ++number);
    printf("1..%u\n", number);
    return failed || !number ? EXIT_FAILURE : EXIT_SUCCESS;
}
