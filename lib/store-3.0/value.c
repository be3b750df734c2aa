/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values as printable text, and back. */
#include <stdio.h>
#include <string.h>

#include "helpers.h"

/* Each letter stands, after a backslash, for the byte at its place in the other list. */
static const char letters[] = "tnr\\", bytes_of_letters[] = "\t\n\r\\";

static char letter_of(char byte)
{
    const char *place = byte ? strchr(bytes_of_letters, byte) : NULL;

    return place ? letters[place - bytes_of_letters] : '\0';
}

static bool is_shown_as_it_is(char byte)
{
    return byte >= ' ' && byte <= '~' && byte != '\\';
}

static unsigned int width_of(char byte)
{
    if (is_shown_as_it_is(byte))
        return 1;
    return letter_of(byte) ? 2 : 4;
}

static unsigned long long width_of_all(const char *bytes, unsigned int len)
{
    unsigned long long width = 0;

    while (len--)
        width += width_of(*bytes++);
    return width;
}

static void show_in_digits(char *text, unsigned char byte)
{
    static const char digits[] = "0123456789abcdef";

    text[0] = '\\';
    text[1] = byte < 8 ? '0' : 'x';
    text[2] = digits[byte >> 4];
    text[3] = digits[byte & 15];
}

/* Writes as many characters as width_of() says. */
static void show(char *text, char byte)
{
    switch (width_of(byte)) {
    case 1:
        text[0] = byte;
        break;
    case 2:
        text[0] = '\\';
        text[1] = letter_of(byte);
        break;
    default:
        show_in_digits(text, (unsigned char)byte);
    }
}

char *sanitise_value(struct expanding_buffer *ebuf, const char *val, unsigned int len)
{
    unsigned long long width = width_of_all(val, len);
    char *text = expanding_buffer_ensure(ebuf, width < INT_MAX ? (int)width + 1 : INT_MAX);

    if (!text)
        return NULL;
    for (unsigned int i = 0; i < len; i++) {
        show(text, val[i]);
        text += width_of(val[i]);
    }
    *text = '\0';
    return ebuf->buf;
}

static char byte_of_letter(char letter)
{
    const char *place = letter ? strchr(letters, letter) : NULL;

    return place ? bytes_of_letters[place - letters] : letter;
}

/* Reads what follows a backslash; returns its length. */
static int read_escape(const char *text, char *byte)
{
    int length = 0;

    if (*text == 'x') {
        *byte = 'x';
        sscanf(text + 1, "%2hhx%n", (unsigned char *)byte, &length);
        return 1 + length;
    }
    if (*text >= '0' && *text <= '7') {
        sscanf(text, "%3hho%n", (unsigned char *)byte, &length);
        return length;
    }
    *byte = byte_of_letter(*text);
    return *text ? 1 : 0;
}

void unsanitise_value(char *out, unsigned int *out_len_r, const char *in)
{
    const char *start = out;

    for (; *in; out++) {
        char byte = *in++;

        if (byte == '\\')
            in += read_escape(in, &byte);
        *out = byte;
    }
    *out = '\0';
    if (out_len_r)
        *out_len_r = (unsigned int)(out - start);
}
