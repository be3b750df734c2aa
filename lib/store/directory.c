/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "request.h"
#include "strings.h"

/* A list that is fetched in parts. */
struct listing {
    char *names;
    size_t len;
    char generation[32]; /* changes whenever the list does; not longer in any xenstored */
    bool complete;
};

static bool add_names(struct listing *listing, const char *names, size_t len)
{
    char *more = realloc(listing->names, listing->len + len);

    if (!more)
        return false;
    memcpy(more + listing->len, names, len);
    listing->names = more;
    listing->len += len;
    return true;
}

/*
 * A part is the list's generation and then names. The last part ends with an empty
 * name. If the generation is another one now, the list starts anew.
 */
static bool add_part(struct listing *listing, const char *part, size_t len)
{
    size_t length = strnlen(part, len), start = length + 1;

    if (start > len || length >= sizeof(listing->generation) || part[len - 1] ||
        (start == len))
        return xs_fail(EPROTO);
    if (listing->len && strcmp(listing->generation, part) != 0) {
        listing->len = 0;
        return true;
    }
    memcpy(listing->generation, part, start);
    listing->complete = len - start < 2 ? !part[start] : !part[len - 2];
    if (listing->complete)
        len--;
    return len == start || add_names(listing, part + start, len - start);
}

static bool fetch_part(struct xs_handle *h, xs_transaction_t t, const char *path,
                       struct listing *listing)
{
    struct xs_request request = {.type = XS_DIRECTORY_PART};
    struct xs_payload payload = {.count = 0};
    char offset[MAX_STRLEN(listing->len)];
    bool added;

    snprintf(offset, sizeof(offset), "%zu", listing->len);
    xs_payload_add_string(&payload, path);
    xs_payload_add_string(&payload, offset);
    if (!xs_ask(h, &request, t, &payload))
        return false;
    added = add_part(listing, xs_request_text(&request), request.len);
    free(request.body);
    return added;
}

static char **list_in_parts(struct xs_handle *h, xs_transaction_t t, const char *path,
                            unsigned int *num)
{
    struct listing listing = {.names = NULL};
    char **names = NULL;

    while (!listing.complete)
        if (!fetch_part(h, t, path, &listing))
            break;
    if (listing.complete)
        names = xs_strings_block((uint8_t *)listing.names, listing.len, num);
    free(listing.names);
    return names;
}

char **xs_directory(struct xs_handle *h, xs_transaction_t t, const char *path,
                    unsigned int *num)
{
    struct xs_request request = {.type = XS_DIRECTORY};
    struct xs_payload payload = {.count = 0};
    char **names;

    xs_payload_add_string(&payload, path);
    if (!xs_ask(h, &request, t, &payload))
        return errno == E2BIG && payload.len <= XENSTORE_PAYLOAD_MAX
                   ? list_in_parts(h, t, path, num) : NULL;
    names = xs_strings_block((const uint8_t *)xs_request_text(&request), request.len, num);
    free(request.body);
    return names;
}
