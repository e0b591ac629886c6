#pragma once

#include <isa-l/igzip_lib.h>

/* Arithmetic over other macros, which does not import: the least memory that level 2 works well with. */
static inline uint32_t shangbao_isal_level_bytes(void) {
    return ISAL_DEF_LVL2_DEFAULT;
}
