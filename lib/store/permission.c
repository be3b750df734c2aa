/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "permission.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "request.h"
#include "strings.h"

/* By the bits of xs_permissions.perms. */
static const char letters[] = "nrwb";

static bool parse_one(struct xs_permissions *permission, const char *string)
{
    const char *letter = *string ? strchr(letters, *string) : NULL;

    if (!letter || !xs_parse_number(string + 1, &permission->id))
        return xs_fail(EINVAL);
    permission->perms = (unsigned int)(letter - letters);
    return true;
}

bool xs_strings_to_perms(struct xs_permissions *perms, unsigned int num,
                         const char *strings)
{
    for (unsigned int i = 0; i < num; i++) {
        if (!parse_one(&perms[i], strings))
            return false;
        strings += strlen(strings) + 1;
    }
    return true;
}

struct xs_permissions *xs_permissions_parse(const char *reply, size_t len,
                                            unsigned int *num)
{
    unsigned int count = xs_strings_count((const uint8_t *)reply, len);
    struct xs_permissions *perms;

    if (!count) {
        errno = EINVAL;
        return NULL;
    }
    perms = calloc(count, sizeof(*perms));
    if (!perms)
        return NULL;
    if (!xs_strings_to_perms(perms, count, reply)) {
        free(perms);
        errno = EINVAL;
        return NULL;
    }
    *num = count;
    return perms;
}

/* Writes "r5" and its NUL; returns the length, 0 for bits that there are not. */
static size_t format_one(char *text, size_t room, const struct xs_permissions *permission)
{
    if (permission->perms > (XS_PERM_READ | XS_PERM_WRITE))
        return 0;
    return (size_t)snprintf(text, room, "%c%u", letters[permission->perms],
                            permission->id) + 1;
}

bool xs_permissions_add(struct xs_payload *payload, const struct xs_permissions *perms,
                        unsigned int num, char **block)
{
    enum { LONGEST = 1 + MAX_STRLEN(perms->id) };
    size_t len = 0;

    if (!num)
        return xs_fail(EINVAL);
    if (num > XENSTORE_PAYLOAD_MAX)
        return xs_fail(E2BIG);
    *block = malloc((size_t)num * LONGEST);
    if (!*block)
        return false;
    for (unsigned int i = 0; i < num; i++) {
        size_t length = format_one(*block + len, LONGEST, &perms[i]);

        if (!length) {
            free(*block);
            return xs_fail(EINVAL);
        }
        len += length;
    }
    xs_payload_add(payload, *block, len);
    return true;
}

struct xs_permissions *xs_get_permissions(struct xs_handle *h, xs_transaction_t t,
                                          const char *path, unsigned int *num)
{
    struct xs_request request = {.type = XS_GET_PERMS};
    struct xs_payload payload = {.count = 0};
    struct xs_permissions *perms;
    int saved;

    xs_payload_add_string(&payload, path);
    if (!xs_ask(h, &request, t, &payload))
        return NULL;
    perms = xs_permissions_parse(xs_request_text(&request), request.len, num);
    saved = errno;
    free(request.body);
    errno = saved;
    return perms;
}

bool xs_set_permissions(struct xs_handle *h, xs_transaction_t t, const char *path,
                        struct xs_permissions *perms, unsigned int num_perms)
{
    struct xs_payload payload = {.count = 0};
    char *block;
    bool done;

    xs_payload_add_string(&payload, path);
    if (!xs_permissions_add(&payload, perms, num_perms, &block))
        return false;
    done = xs_do(h, XS_SET_PERMS, t, &payload);
    free(block);
    return done;
}
