/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sends words to a server in another domain and prints what comes back. The server
 * may come later: see serve_a_vchan.c.
 *
 *   talk_over_a_vchan DOMID PATH WORD...
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xenvchan.h>

int main(int argc, char **argv)
{
    struct xenvchan_options options = {.size = sizeof(options), .connect_timeout_ms = 60000};
    xenvchan *xvc;

    if (argc < 4)
        errx(EXIT_FAILURE, "usage: talk_over_a_vchan DOMID PATH WORD...");
    xvc = xenvchan_client_open((uint32_t)strtoul(argv[1], NULL, 10), argv[2], &options);
    if (!xvc)
        err(EXIT_FAILURE, "cannot look for a server at %s", argv[2]);
    if (xenvchan_wait_for_peer(xvc, -1) != 1) /* until the timeout above */
        err(EXIT_FAILURE, "no server comes to %s", argv[2]);

    for (int i = 3; i < argc; i++) {
        size_t size = strlen(argv[i]);
        char answer[1024];

        if (size > sizeof(answer))
            errx(EXIT_FAILURE, "a word is too long");
        if (xenvchan_send(xvc, argv[i], size) < 0)
            err(EXIT_FAILURE, "cannot send");
        if (xenvchan_recv(xvc, answer, size) < 0) /* all of it, or the channel has ended */
            err(EXIT_FAILURE, "cannot receive");
        printf("%.*s\n", (int)size, answer);
    }
    xenvchan_close(xvc);
}
