/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What Xen has printed: readconsole, whose layout has never changed. */
#ifndef XENHVABI_CONSOLE_RING_H
#define XENHVABI_CONSOLE_RING_H

#include "hvabi.h"

struct hvabi_console_read {
    bool clear;       /* nobody reads again what is read now */
    bool incremental; /* from @index on, unless that has been overwritten */
    uint32_t index;   /* out: of the character behind the last one */
    uint32_t count;   /* in: room; out: how much was read */
};

/*
 * Reads up to read->count characters into @text, without a zero byte; NULL: nowhere.
 *
 * Return: 0, or -1 with errno and nothing stored: as xenhvabi_sysctl() and
 * xencall_buffer_get().
 */
int xenhvabi_read_console(struct hvabi *abi, struct hvabi_console_read *read, char *text);

#endif
