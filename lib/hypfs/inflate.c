/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "inflate.h"

#include <errno.h>
#include <stdlib.h>

#include <zlib.h>

enum { GZIP_ONLY = 16 + MAX_WBITS, FIRST_ROOM = 16384 };

struct text {
    char *bytes;
    size_t room; /* for the text and its NUL */
};

static int error_of(int zlib_error)
{
    return zlib_error == Z_MEM_ERROR ? ENOMEM : EIO;
}

/* Doubles the room, up to @most and a NUL. Returns 0 or an errno. */
static int grow(struct text *text, size_t most)
{
    size_t room = text->room ? 2 * text->room : FIRST_ROOM;
    char *bytes;

    if (text->room == most + 1)
        return EFBIG;
    if (room > most + 1)
        room = most + 1;
    bytes = realloc(text->bytes, room);
    if (!bytes)
        return ENOMEM;
    text->bytes = bytes;
    text->room = room;
    return 0;
}

/* The room for the NUL is lent to zlib: used up, it shows that more is to come. */
static int inflate_all(z_stream *stream, struct text *text, size_t most)
{
    for (;;) {
        size_t before = stream->total_out;
        int error, rc;

        if (before == text->room) {
            error = grow(text, most);
            if (error)
                return error;
        }
        stream->next_out = (Bytef *)text->bytes + before;
        stream->avail_out = (uInt)(text->room - before);
        rc = inflate(stream, Z_NO_FLUSH);
        if (rc == Z_STREAM_END)
            return stream->total_out > most ? EFBIG : 0;
        if (rc != Z_OK || (!stream->avail_in && stream->avail_out))
            return error_of(rc);
    }
}

/* The stream has ended; its text may fill the room to the last byte. */
static int terminate(struct text *text, size_t size, size_t most)
{
    int error = size == text->room ? grow(text, most) : 0;

    if (!error)
        text->bytes[size] = '\0';
    return error;
}

char *xenhypfs_inflate(const void *packed, size_t size, size_t most)
{
    z_stream stream = {.next_in = (Bytef *)packed, .avail_in = (uInt)size};
    struct text text = {NULL, 0};
    int rc = inflateInit2(&stream, GZIP_ONLY);
    int error = rc == Z_OK ? inflate_all(&stream, &text, most) : error_of(rc);

    if (!error)
        error = terminate(&text, stream.total_out, most);
    if (rc == Z_OK)
        inflateEnd(&stream);
    if (!error)
        return text.bytes;
    free(text.bytes);
    errno = error;
    return NULL;
}
