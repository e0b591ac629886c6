#pragma once

#include <zlib.h>

/* A macro over a function that asks for the version and the size of the structure.
   15 + 16: the largest window, and a gzip header and trailer instead of zlib's. */
static inline int shangbao_zlib_start_gunzip(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}

/* Negative: raw deflate without any header, as it stands in a ZIP archive. */
static inline int shangbao_zlib_start_inflate(z_stream *stream) {
    return inflateInit2(stream, -15);
}
