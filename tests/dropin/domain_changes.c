/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What libxenmanage says on a real Xen, for check-domain-changes to compare with
 * what xl says and does.
 *
 * usage: domain_changes list          each domain as "DOMID STATE", by polling
 *        domain_changes state DOMID   its state, or the name of the error
 *        domain_changes watch         on and on: "heard DOMID STATE" of what the
 *                                     descriptor announced, and "polled DOMID STATE"
 *                                     of a handle that is polled at the same time
 *        domain_changes bind          "bound", or the error of binding the interrupt
 */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xenmanage.h>

static xenmanage_handle *open_handle(void)
{
    xenmanage_handle *hdl = xenmanage_open(NULL, 0);

    if (!hdl)
        exit(EXIT_FAILURE);
    return hdl;
}

static void expect_end(const char *of_what)
{
    if (errno != ENOENT)
        err(EXIT_FAILURE, "%s", of_what);
    fflush(stdout);
}

static void poll_all(xenmanage_handle *hdl, const char *prefix)
{
    unsigned int domid, state;

    while (!xenmanage_poll_changed_domain(hdl, &domid, &state, NULL, NULL))
        printf("%s%u %u\n", prefix, domid, state);
    expect_end("xenmanage_poll_changed_domain");
}

static int list(void)
{
    xenmanage_handle *hdl = open_handle();

    poll_all(hdl, "");
    return xenmanage_close(hdl);
}

static int tell_state(unsigned int domid)
{
    xenmanage_handle *hdl = open_handle();
    unsigned int state;

    if (xenmanage_get_domain_info(hdl, domid, &state, NULL, NULL))
        puts(strerrorname_np(errno));
    else
        printf("%u\n", state);
    return xenmanage_close(hdl);
}

static void hear_all(xenmanage_changes *changes)
{
    unsigned int domid, state;
    uint64_t unique_id;

    while (!xenmanage_changes_next(changes, &domid, &state, NULL, &unique_id))
        printf("heard %u %u %016llx\n", domid, state, (unsigned long long)unique_id);
    expect_end("xenmanage_changes_next");
}

static int watch(void)
{
    xenmanage_handle *hdl = open_handle();
    xenmanage_changes *changes = xenmanage_changes_open(hdl, NULL);
    struct pollfd news = {.events = POLLIN};

    if (!changes)
        err(EXIT_FAILURE, "xenmanage_changes_open");
    news.fd = xenmanage_changes_fd(changes);
    do {
        hear_all(changes);
        poll_all(hdl, "polled ");
    } while (poll(&news, 1, -1) == 1);
    err(EXIT_FAILURE, "poll");
}

static int bind_interrupt(void)
{
    const struct xenmanage_changes_options options = {
        .size = sizeof(options), .source = XENMANAGE_CHANGES_FROM_VIRQ};
    xenmanage_handle *hdl = open_handle();
    xenmanage_changes *changes = xenmanage_changes_open(hdl, &options);

    puts(changes ? "bound" : strerrorname_np(errno));
    xenmanage_changes_close(changes);
    return xenmanage_close(hdl);
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "list"))
        return list();
    if (argc == 3 && !strcmp(argv[1], "state"))
        return tell_state((unsigned int)atoi(argv[2]));
    if (argc == 2 && !strcmp(argv[1], "watch"))
        return watch();
    if (argc == 2 && !strcmp(argv[1], "bind"))
        return bind_interrupt();
    errx(EXIT_FAILURE, "usage: domain_changes list | state DOMID | watch | bind");
}
