/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The buffers that are lent for filling in place, with their sizes. */
#ifndef XENCALL_LOAN_H
#define XENCALL_LOAN_H

#include <stddef.h>

struct loan {
    void *buffer;
    size_t nr_pages;
};
/* Guarded by the pool's lock. */
struct loans {
    size_t count, room;
    struct loan *list;
};

#endif
