/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Serves one client of another domain: every line it sends comes back in capitals.
 *
 *   serve_a_vchan DOMID PATH      and there: talk_over_a_vchan DOMID PATH WORD...
 *
 * PATH is where both meet in the store. It must be a place that the server may write
 * to: its own /local/domain/DOMID/data, or anywhere for dom0.
 */
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include <xenvchan.h>

enum { PATIENCE_MS = 60000 };

/* Moves what can be moved. Returns 0 when the channel has ended. */
static int serve(xenvchan *xvc)
{
    char text[256];
    ssize_t size;

    /* Never take more than can be given back. */
    while (xenvchan_buffer_space(xvc) >= (int)sizeof(text) &&
           (size = xenvchan_read(xvc, text, sizeof(text))) > 0) {
        for (ssize_t i = 0; i < size; i++)
            text[i] = (char)toupper((unsigned char)text[i]);
        if (xenvchan_send(xvc, text, (size_t)size) < 0)
            return 0;
    }
    return xenvchan_is_open(xvc) || xenvchan_data_ready(xvc) > 0;
}

int main(int argc, char **argv)
{
    struct xenvchan_options options = {
        .size = sizeof(options), .read_min = 4096, .write_min = 4096, .flags = XENVCHAN_NONBLOCK};
    struct pollfd channel = {.events = POLLIN}; /* a real program has more than one */
    xenvchan *xvc;

    if (argc != 3)
        errx(EXIT_FAILURE, "usage: serve_a_vchan DOMID PATH");
    xvc = xenvchan_server_open((uint32_t)strtoul(argv[1], NULL, 10), argv[2], &options);
    if (!xvc)
        err(EXIT_FAILURE, "cannot make a channel at %s", argv[2]);
    if (xenvchan_wait_for_peer(xvc, PATIENCE_MS) != 1)
        errx(EXIT_FAILURE, "nobody comes");

    channel.fd = xenvchan_fd(xvc);
    while (serve(xvc)) {
        if (poll(&channel, 1, PATIENCE_MS) == 0)
            errx(EXIT_FAILURE, "nothing comes");
        xenvchan_wait(xvc, 0); /* takes note of what happened */
    }
    if (errno != EPIPE)
        err(EXIT_FAILURE, "the channel ended");
    printf("the client has left\n");
    xenvchan_close(xvc);
}
