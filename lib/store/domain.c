/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "numbers.h"
#include "request.h"

bool xs_introduce_domain(struct xs_handle *h, unsigned int domid, unsigned long mfn,
                         unsigned int eventchn)
{
    struct xs_payload payload = {.count = 0};
    struct xs_number numbers[3];

    xs_payload_add_number(&payload, &numbers[0], domid);
    xs_payload_add_number(&payload, &numbers[1], mfn);
    xs_payload_add_number(&payload, &numbers[2], eventchn);
    return xs_do(h, XS_INTRODUCE, XBT_NULL, &payload);
}

bool xs_set_target(struct xs_handle *h, unsigned int domid, unsigned int target)
{
    struct xs_payload payload = {.count = 0};
    struct xs_number numbers[2];

    xs_payload_add_number(&payload, &numbers[0], domid);
    xs_payload_add_number(&payload, &numbers[1], target);
    return xs_do(h, XS_SET_TARGET, XBT_NULL, &payload);
}

bool xs_resume_domain(struct xs_handle *h, unsigned int domid)
{
    struct xs_payload payload = {.count = 0};
    struct xs_number number;

    xs_payload_add_number(&payload, &number, domid);
    return xs_do(h, XS_RESUME, XBT_NULL, &payload);
}

bool xs_release_domain(struct xs_handle *h, unsigned int domid)
{
    struct xs_payload payload = {.count = 0};
    struct xs_number number;

    xs_payload_add_number(&payload, &number, domid);
    return xs_do(h, XS_RELEASE, XBT_NULL, &payload);
}

char *xs_get_domain_path(struct xs_handle *h, unsigned int domid)
{
    struct xs_payload payload = {.count = 0};
    struct xs_number number;

    xs_payload_add_number(&payload, &number, domid);
    return xs_ask_text(h, XS_GET_DOMAIN_PATH, XBT_NULL, &payload, NULL);
}

bool xs_is_domain_introduced(struct xs_handle *h, unsigned int domid)
{
    struct xs_request request = {.type = XS_IS_DOMAIN_INTRODUCED};
    struct xs_payload payload = {.count = 0};
    struct xs_number number;
    bool introduced;

    xs_payload_add_number(&payload, &number, domid);
    if (!xs_ask(h, &request, XBT_NULL, &payload))
        return false;
    introduced = strcmp(xs_request_text(&request), "T") == 0;
    free(request.body);
    errno = 0;
    return introduced;
}

static int parse_port(const char *value)
{
    unsigned int port;

    if (xs_parse_number(value, &port) && port <= INT_MAX)
        return (int)port;
    errno = EINVAL;
    return -1;
}

int xs_suspend_evtchn_port(int domid)
{
    char path[sizeof("/local/domain//device/suspend/event-channel") + MAX_STRLEN(domid)];
    struct xs_handle *h = xs_open(0);
    char *value;
    int port;

    if (!h)
        return -1;
    snprintf(path, sizeof(path), "/local/domain/%d/device/suspend/event-channel", domid);
    value = xs_read(h, XBT_NULL, path, NULL);
    port = value ? parse_port(value) : -1;
    free(value);
    xs_close(h);
    return port;
}
