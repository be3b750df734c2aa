/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two processes of one domain play ping-pong over an event channel. An event may
 * come once too often, so what it stands for is a number in shared memory.
 */
#include <err.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <xenevtchn.h>

enum { ROUNDS = 200, PATIENCE_MS = 30000 };
static atomic_int *ping, *pong; /* shared by the processes */

static xenevtchn_handle *open_evtchn(void)
{
    xenevtchn_handle *xce = xenevtchn_open(NULL, 0);

    if (!xce)
        err(EXIT_FAILURE, "cannot open the event channel device; is this a Xen domain?");
    return xce;
}

static evtchn_port_t checked(int port, const char *step)
{
    if (port < 0)
        err(EXIT_FAILURE, "cannot %s", step);
    return (evtchn_port_t)port;
}

static void send_number(xenevtchn_handle *xce, evtchn_port_t port, atomic_int *to, int number)
{
    *to = number;
    checked(xenevtchn_notify(xce, port), "notify");
}

static void wait_for_number(xenevtchn_handle *xce, atomic_int *from, int number)
{
    while (*from != number) {
        if (xenevtchn_wait(xce, PATIENCE_MS) != 1)
            errx(EXIT_FAILURE, "number %d does not come", number);
        checked(xenevtchn_unmask(xce, checked(xenevtchn_pending(xce), "take")), "unmask");
    }
}

static int play(xenevtchn_handle *xce, evtchn_port_t port, int serves)
{
    for (int i = 1; i <= ROUNDS; i++) {
        if (serves) /* the other end looks when it connects, too */
            send_number(xce, port, ping, i);
        wait_for_number(xce, serves ? pong : ping, i);
        if (!serves)
            send_number(xce, port, pong, i);
    }
    return xenevtchn_close(xce) ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(void)
{
    xenevtchn_handle *xce = open_evtchn();
    evtchn_port_t port = checked(xenevtchn_bind_unbound_port(xce, DOMID_SELF), "bind");
    int status;

    ping = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (ping == MAP_FAILED)
        err(EXIT_FAILURE, "cannot share memory");
    pong = ping + 1;
    if (fork() == 0) {
        xenevtchn_close(xce); /* all that a child may do with an inherited handle */
        xce = open_evtchn();
        return play(xce, checked(xenevtchn_bind_interdomain(xce, DOMID_SELF, port), "connect"), 0);
    }
    if (play(xce, port, 1) || wait(&status) < 0 || status)
        errx(EXIT_FAILURE, "one end failed");
    printf("%d events went there and back\n", ROUNDS);
}
