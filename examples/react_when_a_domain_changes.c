/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tells of each domain that is there, and then of each that is created, shuts
 * down or goes, as it happens, with no polling in between. Runs in dom0, beside
 * whatever else listens; needs xenstored.
 *
 * usage: react_when_a_domain_changes [SECONDS]
 */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <xenmanage.h>

static const char *in_words(unsigned int state)
{
    if (!(state & XENMANAGE_GETDOMSTATE_STATE_EXIST))
        return "is gone";
    if (state & (XENMANAGE_GETDOMSTATE_STATE_DYING | XENMANAGE_GETDOMSTATE_STATE_DEAD))
        return "is being destroyed";
    if (state & XENMANAGE_GETDOMSTATE_STATE_SHUTDOWN)
        return "has shut down";
    return "is there";
}

/* Always up to ENOENT: only then is the descriptor quiet. */
static void react(xenmanage_changes *changes)
{
    unsigned int domid, state;

    while (!xenmanage_changes_next(changes, &domid, &state, NULL, NULL))
        printf("domain %u %s\n", domid, in_words(state));
    if (errno != ENOENT)
        err(EXIT_FAILURE, "cannot look which domains have changed");
    fflush(stdout);
}

static int left_ms(time_t end)
{
    time_t now = time(NULL);

    return end == 0 ? -1 : end <= now ? 0 : (int)(end - now) * 1000;
}

int main(int argc, char **argv)
{
    time_t end = argc > 1 ? time(NULL) + atoi(argv[1]) : 0;
    xenmanage_handle *hdl = xenmanage_open(NULL, 0);
    xenmanage_changes *changes;
    struct pollfd news = {.events = POLLIN};

    if (!hdl)
        return EXIT_FAILURE; /* the reason is on stderr */
    changes = xenmanage_changes_open(hdl, NULL);
    if (!changes)
        err(EXIT_FAILURE, "cannot listen for changes; does xenstored run?");
    news.fd = xenmanage_changes_fd(changes);
    react(changes); /* all domains there are */
    while (poll(&news, 1, left_ms(end)) > 0)
        react(changes);
    xenmanage_changes_close(changes);
    xenmanage_close(hdl);
    return EXIT_SUCCESS;
}
