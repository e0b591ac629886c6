#include "canary.h"

#include <stdbool.h>
#include <string.h>

static bool is_digit(unsigned char byte) { return byte >= '0' && byte <= '9'; }

static bool is_word(unsigned char byte) {
    return is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static int two(const unsigned char *digits) { return (digits[0] - '0') * 10 + digits[1] - '0'; }

static size_t digits_at(const unsigned char *bytes, size_t count) {
    size_t length = 0;
    while (length < count && length < 19 && is_digit(bytes[length])) length++;
    return length;
}

/* 99, a day of birth, a sequence, a check character: GB 11643 with a province that is none. */
static bool is_number(const unsigned char *bytes, size_t count) {
    if (count < 18 || bytes[0] != '9' || bytes[1] != '9' || digits_at(bytes, count) < 17) return false;
    if (!is_digit(bytes[17]) && bytes[17] != 'X' && bytes[17] != 'x') return false;
    if (count > 18 && is_word(bytes[18])) return false;
    int century = two(bytes + 6), month = two(bytes + 10), day = two(bytes + 12);
    return (century == 19 || century == 20) && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* 120 and eight digits: no operator has it. */
static bool is_phone(const unsigned char *bytes, size_t count) {
    return count >= 11 && memcmp(bytes, "120", 3) == 0 && digits_at(bytes, count) == 11
        && (count == 11 || !is_word(bytes[11]));
}

/* A surname that is none, a heavenly stem, a numeral; 测甲一. */
static const char *const utf8[3] = {
    "测试样例演示虚拟假题", "甲乙丙丁戊己庚辛壬癸", "〇一二三四五六七八九",
};
/* The same in GB18030, two bytes each. */
static const char *const gb18030[3] = {
    "\xb2\xe2\xca\xd4\xd1\xf9\xc0\xfd\xd1\xdd\xca\xbe\xd0\xe9\xc4\xe2\xbc\xd9\xcc\xe2",
    "\xbc\xd7\xd2\xd2\xb1\xfb\xb6\xa1\xce\xec\xbc\xba\xb8\xfd\xd0\xc1\xc8\xc9\xb9\xef",
    "\xa9\x96\xd2\xbb\xb6\xfe\xc8\xfd\xcb\xc4\xce\xe5\xc1\xf9\xc6\xdf\xb0\xcb\xbe\xc5",
};

static bool stands_in(const char *characters, const unsigned char *one, size_t width) {
    size_t count = strlen(characters) / width;
    for (size_t index = 0; index < count; index++)
        if (memcmp(characters + index * width, one, width) == 0) return true;
    return false;
}

static bool is_name(const unsigned char *bytes, size_t count, const char *const sets[3], size_t width) {
    if (count < 3 * width) return false;
    for (size_t index = 0; index < 3; index++)
        if (!stands_in(sets[index], bytes + index * width, width)) return false;
    return true;
}

static const char *clear_in(const unsigned char *bytes, size_t count, size_t *place) {
    for (size_t index = 0; index < count; index++) {
        const unsigned char *here = bytes + index;
        size_t left = count - index;
        const char *kind = NULL;
        bool begins = index == 0 || !is_word(bytes[index - 1]);
        /* What stands before may be the n of an escaped line's end. */
        if (!begins && index > 1 && bytes[index - 2] == '\\') begins = true;
        if (*here == '9' && begins && is_number(here, left)) kind = "number";
        else if (*here == '1' && begins && is_phone(here, left)) kind = "phone";
        else if (*here >= 0xe4 && *here <= 0xe9 && is_name(here, left, utf8, 3)) kind = "name";
        else if (*here >= 0xb2 && *here <= 0xd1 && is_name(here, left, gb18030, 2)) kind = "name";
        if (kind) {
            *place = index;
            return kind;
        }
    }
    return NULL;
}

static int sextet(unsigned char byte) {
    if (byte >= 'A' && byte <= 'Z') return byte - 'A';
    if (byte >= 'a' && byte <= 'z') return byte - 'a' + 26;
    if (is_digit(byte)) return byte - '0' + 52;
    if (byte == '+' || byte == '-') return 62;
    if (byte == '/' || byte == '_') return 63;
    return -1;
}

static int nibble(unsigned char byte) {
    if (is_digit(byte)) return byte - '0';
    unsigned char lower = byte | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Reads a run of characters of `width` bits each, and looks into what they stand for. */
static const char *coded_in(const unsigned char *bytes, size_t count, size_t *place,
                            int (*value)(unsigned char), int width, size_t shortest) {
    unsigned char clear[4096];
    for (size_t start = 0; start < count;) {
        size_t end = start;
        while (end < count && value(bytes[end]) >= 0) end++;
        for (size_t from = start; end - from >= shortest;) {
            size_t used = 0, index = from;
            unsigned held = 0;
            int bits = 0;
            for (; index < end && used < sizeof clear; index++) {
                held = held << width | (unsigned)value(bytes[index]);
                bits += width;
                if (bits >= 8) clear[used++] = (unsigned char)(held >> (bits -= 8));
            }
            size_t within;
            const char *kind = clear_in(clear, used, &within);
            if (kind) {
                *place = from;
                return kind;
            }
            if (index == end) break;
            /* Overlapping, at the same alignment: 4 characters of base64 are 3 bytes. */
            from = index - 128;
        }
        start = end + 1;
    }
    return NULL;
}

const char *canary_in(const unsigned char *bytes, size_t count, size_t *place) {
    const char *kind = clear_in(bytes, count, place);
    if (!kind) kind = coded_in(bytes, count, place, sextet, 6, 12);
    if (!kind) kind = coded_in(bytes, count, place, nibble, 4, 18);
    return kind;
}
