/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "packed.h"
#include "harness.h"

#include <stdlib.h>

#include <zlib.h>

enum { AS_GZIP = 16 + MAX_WBITS };

void *pack(const void *text, size_t size, size_t *packed_size)
{
    z_stream stream = {.next_in = (Bytef *)text, .avail_in = (uInt)size};
    void *packed;

    assert_int_equal(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, AS_GZIP, 9,
                                  Z_DEFAULT_STRATEGY), Z_OK);
    stream.avail_out = (uInt)deflateBound(&stream, size);
    packed = malloc(stream.avail_out);
    assert_non_null(packed);
    stream.next_out = packed;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    *packed_size = stream.total_out;
    deflateEnd(&stream);
    return packed;
}
