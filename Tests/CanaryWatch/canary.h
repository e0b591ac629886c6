#pragma once

#include <stddef.h>

/* The first invented person in some bytes: what stands there, and where; NULL for none. Values in
   base64 (either alphabet) and hexadecimal digits are read too. */
const char *canary_in(const unsigned char *bytes, size_t count, size_t *place);
