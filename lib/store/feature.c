/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "newer_requests.h"
#include "numbers.h"
#include "request.h"

static bool recall(struct xs_handle *h, unsigned int *features)
{
    bool known;

    xs_lock(h);
    known = h->features_known && !h->broken;
    if (known)
        *features = h->features;
    xs_unlock(h);
    return known;
}

/* What a handle's xenstored can do does not change; another handle's may be another. */
bool xs_get_features_supported(struct xs_handle *h, unsigned int *features)
{
    struct xs_payload payload = {.count = 0};

    if (recall(h, features))
        return true;
    if (!xs_ask_number(h, XS_REQUEST_GET_FEATURE, &payload, features))
        return false;
    xs_lock(h);
    h->features = *features;
    h->features_known = true;
    xs_unlock(h);
    return true;
}

bool xs_get_features_domain(struct xs_handle *h, unsigned int domid, unsigned int *features)
{
    struct xs_payload payload = {.count = 0};
    struct xs_number number;

    xs_payload_add_number(&payload, &number, domid);
    return xs_ask_number(h, XS_REQUEST_GET_FEATURE, &payload, features);
}

bool xs_set_features_domain(struct xs_handle *h, unsigned int domid, unsigned int features)
{
    struct xs_payload payload = {.count = 0};
    struct xs_number numbers[2];

    xs_payload_add_number(&payload, &numbers[0], domid);
    xs_payload_add_number(&payload, &numbers[1], features);
    return xs_do(h, XS_REQUEST_SET_FEATURE, XBT_NULL, &payload);
}
