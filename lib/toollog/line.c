/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void xtl_line_init(struct line *line)
{
    line->text = line->small;
    line->length = 0;
    line->capacity = sizeof(line->small);
    line->text[0] = '\0';
}

void xtl_line_free(struct line *line)
{
    if (line->text != line->small)
        free(line->text);
}

/* Makes room for @more bytes and a NUL, as far as there is memory. */
static void make_room(struct line *line, size_t more)
{
    size_t wanted = line->length + more + 1;
    char *text;

    if (wanted <= line->capacity)
        return;
    text = line->text == line->small ? malloc(wanted) : realloc(line->text, wanted);
    if (!text)
        return;
    if (line->text == line->small)
        memcpy(text, line->small, line->length + 1);
    line->text = text;
    line->capacity = wanted;
}

void xtl_line_append_v(struct line *line, const char *format, va_list al)
{
    va_list again;
    size_t room = line->capacity - line->length;
    int wanted;

    va_copy(again, al);
    wanted = vsnprintf(line->text + line->length, room, format, al);
    if (wanted >= 0 && (size_t)wanted >= room) {
        make_room(line, (size_t)wanted);
        room = line->capacity - line->length;
        vsnprintf(line->text + line->length, room, format, again);
    }
    va_end(again);
    if (wanted > 0)
        line->length += (size_t)wanted < room ? (size_t)wanted : room - 1;
}

void xtl_line_append(struct line *line, const char *format, ...)
{
    va_list al;

    va_start(al, format);
    xtl_line_append_v(line, format, al);
    va_end(al);
}

void xtl_line_append_errno(struct line *line, int errnoval)
{
    char text[256];

    if (errnoval >= 0)
        xtl_line_append(line, ": %s", strerror_r(errnoval, text, sizeof(text)));
}

void xtl_line_end(struct line *line)
{
    make_room(line, 1);
    if (line->length + 1 == line->capacity)
        line->length--;
    line->text[line->length++] = '\n';
    line->text[line->length] = '\0';
}
