/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * watch_a_key_and_react PATH: does what a key in xenstore says, each time that it changes,
 * until it says "stop". It runs in any domain; a relative PATH is in its own part:
 *
 *   watch_a_key_and_react data/brightness
 *   xenstore-write /local/domain/<its domid>/data/brightness 70     (in dom0)
 */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xenstore.h>

/* An event does not carry the value, and may stand for several changes: read the key. */
static char *current_value(struct xs_handle *xsh, const char *path)
{
    char *value = xs_read(xsh, XBT_NULL, path, NULL);

    if (!value && errno != ENOENT)
        err(EXIT_FAILURE, "cannot read %s", path);
    return value;
}

/* Returns false when the key says "stop". */
static bool react(struct xs_handle *xsh, const char *path)
{
    char *value = current_value(xsh, path);
    bool goes_on = !value || strcmp(value, "stop") != 0;

    if (!value)
        printf("%s is not there\n", path);
    else
        printf("%s is now '%s'\n", path, value);
    fflush(stdout);
    free(value);
    return goes_on;
}

/* Takes all events that are there; returns false if one of them led to the end. */
static bool take_events(struct xs_handle *xsh)
{
    bool goes_on = true;
    char **event;

    while (goes_on && (event = xs_check_watch(xsh)) != NULL) {
        goes_on = react(xsh, event[XS_WATCH_TOKEN]);
        free(event);
    }
    if (goes_on && errno != EAGAIN)
        err(EXIT_FAILURE, "xenstored is gone");
    return goes_on;
}

int main(int argc, char **argv)
{
    struct pollfd events = {.events = POLLIN}; /* among the program's other descriptors */
    struct xs_handle *xsh;

    if (argc != 2)
        errx(2, "usage: watch_a_key_and_react PATH");
    xsh = xs_open(0);
    if (!xsh)
        err(EXIT_FAILURE, "cannot connect to xenstored; is this a Xen domain?");
    /* The token is ours to choose; it comes with each event, the first one at once. */
    if (!xs_watch(xsh, argv[1], argv[1]))
        err(EXIT_FAILURE, "cannot watch %s", argv[1]);
    events.fd = xs_fileno(xsh);
    if (events.fd < 0)
        err(EXIT_FAILURE, "no descriptor to wait on");
    do
        if (poll(&events, 1, -1) < 0 && errno != EINTR)
            err(EXIT_FAILURE, "cannot wait");
    while (take_events(xsh));
    xs_close(xsh);
    return EXIT_SUCCESS;
}
