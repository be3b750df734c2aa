/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an agent does with event channels. */
#include <errno.h>
#include <poll.h>
#include <xenevtchn.h>

#include "agent.h"

static xenevtchn_handle *handle;

enum { ROUND_MS = 30000 };

static xenevtchn_handle *xce(void)
{
    if (!handle)
        handle = xenevtchn_open(NULL, 0);
    return handle;
}

bool close_events(void)
{
    int result = xenevtchn_close(handle);

    handle = NULL;
    return result == 0;
}

static bool answer_port(struct answer *answer, int port)
{
    answer_number(answer, port);
    return port >= 0;
}

/* unbound DOMID: the port */
static bool bind_unbound(const struct request *request, struct answer *answer)
{
    return xce() && answer_port(answer, xenevtchn_bind_unbound_port(handle, request->numbers[0]));
}

/* interdomain DOMID PORT: the port */
static bool bind_interdomain(const struct request *request, struct answer *answer)
{
    return xce() && answer_port(answer, xenevtchn_bind_interdomain(handle, request->numbers[0],
                                                                   request->numbers[1]));
}

static bool notify(const struct request *request, struct answer *answer)
{
    (void)answer;
    return xce() && xenevtchn_notify(handle, request->numbers[0]) == 0;
}

static bool unmask(const struct request *request, struct answer *answer)
{
    (void)answer;
    return xce() && xenevtchn_unmask(handle, request->numbers[0]) == 0;
}

static bool unbind(const struct request *request, struct answer *answer)
{
    (void)answer;
    return xce() && xenevtchn_unbind(handle, request->numbers[0]) == 0;
}

static int pending_within(int ms)
{
    struct pollfd wanted = {.fd = xenevtchn_fd(handle), .events = POLLIN};
    int ready;

    do
        ready = poll(&wanted, 1, ms);
    while (ready < 0 && errno == EINTR);
    if (ready == 0)
        errno = ETIMEDOUT;
    return ready == 1 ? xenevtchn_pending(handle) : -1;
}

/* take MS: the port, which stays masked; ETIMEDOUT if no event came */
static bool take(const struct request *request, struct answer *answer)
{
    return xce() && answer_port(answer, pending_within((int)request->numbers[0]));
}

static bool await(evtchn_port_t port)
{
    int got = pending_within(ROUND_MS);

    if (got >= 0 && (evtchn_port_t)got != port)
        errno = EPROTO;
    return got >= 0 && (evtchn_port_t)got == port && xenevtchn_unmask(handle, port) == 0;
}

/* play PORT ROUNDS FIRST: sends and awaits ROUNDS events; FIRST says who begins */
static bool play(const struct request *request, struct answer *answer)
{
    const evtchn_port_t port = request->numbers[0];
    uint32_t rounds = request->numbers[1];

    if (!xce() || (request->numbers[2] && xenevtchn_notify(handle, port) < 0))
        return false;
    for (uint32_t i = 0; i < rounds; i++) {
        bool last_word = request->numbers[2] && i + 1 == rounds;

        if (!await(port) || (!last_word && xenevtchn_notify(handle, port) < 0))
            return false;
    }
    answer_number(answer, (long)rounds);
    return true;
}

static bool restrict_events(const struct request *request, struct answer *answer)
{
    (void)answer;
    return xce() && xenevtchn_restrict(handle, (domid_t)request->numbers[0]) == 0;
}

const struct verb event_verbs[] = {
    {"unbound", 1, bind_unbound},
    {"interdomain", 2, bind_interdomain},
    {"notify", 1, notify},
    {"unmask", 1, unmask},
    {"unbind", 1, unbind},
    {"take", 1, take},
    {"play", 3, play},
    {"restrict-events", 1, restrict_events},
    {NULL, 0, NULL},
};
