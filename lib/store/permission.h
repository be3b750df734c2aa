/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Permissions as requests and replies have them. */
#ifndef XENLIBS_STORE_PERMISSION_H
#define XENLIBS_STORE_PERMISSION_H

#include "message.h"

/*
 * Writes the payload of XS_SET_PERMS behind @path into a block from malloc, which the
 * caller frees, and adds it to @payload. False with EINVAL, E2BIG or ENOMEM.
 */
bool xs_permissions_add(struct xs_payload *payload, const struct xs_permissions *perms,
                        unsigned int num, char **block);

/* The permissions that a reply lists, in a block; NULL with EINVAL or ENOMEM. */
struct xs_permissions *xs_permissions_parse(const char *reply, size_t len,
                                            unsigned int *num);

#endif
