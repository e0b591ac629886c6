#pragma once

#include <zlib.h>

/* Both are macros over functions that ask for the version and the size of the structure.
   15 + 16: the largest window, and a gzip header and trailer instead of zlib's. */
static inline int shangbao_zlib_start_gzip(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

static inline int shangbao_zlib_start_gunzip(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}
