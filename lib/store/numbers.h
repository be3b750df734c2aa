/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests whose arguments are decimal numbers. */
#ifndef XENLIBS_STORE_NUMBERS_H
#define XENLIBS_STORE_NUMBERS_H

#include <stdio.h>

#include "message.h"

struct xs_number {
    char text[MAX_STRLEN(unsigned long)];
};

/* Adds the number as a string, which lies in @place until the request is sent. */
static inline void xs_payload_add_number(struct xs_payload *payload, struct xs_number *place,
                                         unsigned long number)
{
    snprintf(place->text, sizeof(place->text), "%lu", number);
    xs_payload_add_string(payload, place->text);
}

#endif
