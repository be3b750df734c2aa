/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "newer_requests.h"
#include "numbers.h"
#include "request.h"
#include "strings.h"

/* Names come as words with spaces between them. Makes a list of strings of them. */
static size_t split_words(char *words)
{
    size_t len = 0, start;

    for (const char *from = words; *from;) {
        start = len;
        while (*from && *from != ' ')
            words[len++] = *from++;
        if (len > start)
            words[len++] = '\0';
        while (*from == ' ')
            from++;
    }
    return len;
}

const char **xs_get_quota_names(struct xs_handle *h, unsigned int *num)
{
    struct xs_payload payload = {.count = 0};
    char *words = xs_ask_text(h, XS_REQUEST_GET_QUOTA, XBT_NULL, &payload, NULL);
    char **names;

    if (!words)
        return NULL;
    names = xs_strings_block((uint8_t *)words, split_words(words), num);
    free(words);
    return (const char **)names;
}

bool xs_get_global_quota(struct xs_handle *h, const char *quota, unsigned int *value)
{
    struct xs_payload payload = {.count = 0};

    xs_payload_add_string(&payload, quota);
    return xs_ask_number(h, XS_REQUEST_GET_QUOTA, &payload, value);
}

bool xs_set_global_quota(struct xs_handle *h, const char *quota, unsigned int value)
{
    struct xs_payload payload = {.count = 0};
    struct xs_number number;

    xs_payload_add_string(&payload, quota);
    xs_payload_add_number(&payload, &number, value);
    return xs_do(h, XS_REQUEST_SET_QUOTA, XBT_NULL, &payload);
}

bool xs_get_domain_quota(struct xs_handle *h, unsigned int domid, const char *quota,
                         unsigned int *value)
{
    struct xs_payload payload = {.count = 0};
    struct xs_number number;

    xs_payload_add_number(&payload, &number, domid);
    xs_payload_add_string(&payload, quota);
    return xs_ask_number(h, XS_REQUEST_GET_QUOTA, &payload, value);
}

bool xs_set_domain_quota(struct xs_handle *h, unsigned int domid, const char *quota,
                         unsigned int value)
{
    struct xs_payload payload = {.count = 0};
    struct xs_number numbers[2];

    xs_payload_add_number(&payload, &numbers[0], domid);
    xs_payload_add_string(&payload, quota);
    xs_payload_add_number(&payload, &numbers[1], value);
    return xs_do(h, XS_REQUEST_SET_QUOTA, XBT_NULL, &payload);
}
