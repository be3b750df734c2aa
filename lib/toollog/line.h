/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A line of text that is put together piece by piece and written at once.
 * Short lines need no memory from the heap; where a long one gets none, its
 * end is lost, never its beginning.
 */
#ifndef XENLIBS_TOOLLOG_LINE_H
#define XENLIBS_TOOLLOG_LINE_H

#include <stdarg.h>
#include <stddef.h>

#include "xentoollog.h"

struct line {
    char *text; /* always ends with a NUL that `length` does not count */
    size_t length;
    size_t capacity;
    char small[1024];
};

void xtl_line_init(struct line *line);
void xtl_line_free(struct line *line);
void xtl_line_append(struct line *line, const char *format, ...) XTL_PRINTF_FORMAT(2, 3);
void xtl_line_append_v(struct line *line, const char *format, va_list al)
    XTL_PRINTF_FORMAT(2, 0);

/* Adds ": " and the text of @errnoval, unless that is negative. */
void xtl_line_append_errno(struct line *line, int errnoval);

/* Puts an end to the line: its newline is there even when memory was short. */
void xtl_line_end(struct line *line);

#endif
