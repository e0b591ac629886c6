/* Loaded before `shangbao` by the program's tests: reads every byte that the program hands to the
   system, to a file that lives for a moment as to a pipe or a socket, and notes where one of our
   invented people stands in it. Invented people are known by their form: numbers and phones of
   no province, names that no family has. What is noted: the place, what it is, the bytes around. */
#define _GNU_SOURCE
#include "canary.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { tail_length = 80, most_descriptors = 1024 };

/* The end of what went before, so that a value in two pieces is seen. */
static struct tail {
    unsigned char bytes[tail_length];
    size_t count;
} tails[most_descriptors];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Straight to the system: what is noted must not be read again. */
static void note(int descriptor, const char *kind, const unsigned char *around, size_t count) {
    const char *log = getenv("SHANGBAO_WATCH_LOG");
    if (!log) return;
    char link[64], place[512], line[1024];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, place, sizeof place - 1);
    place[length > 0 ? length : 0] = 0;
    int used = snprintf(line, sizeof line, "%s\t%d:%s\t", kind, descriptor, place);
    for (size_t index = 0; index < count && used < (int)sizeof line - 4; index++)
        used += snprintf(line + used, sizeof line - used, "%02x", around[index]);
    line[used++] = '\n';
    long file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return;
    (void)!syscall(SYS_write, (int)file, line, (size_t)used);
    syscall(SYS_close, (int)file);
}

static bool read_whole(int descriptor, const unsigned char *bytes, size_t count) {
    size_t place = 0;
    const char *kind = canary_in(bytes, count, &place);
    if (!kind) return false;
    size_t start = place > 16 ? place - 16 : 0;
    note(descriptor, kind, bytes + start, count - start > 64 ? 64 : count - start);
    return true;
}

static void read_on(int descriptor, const void *data, size_t count) {
    const unsigned char *bytes = data;
    bool is_seen = read_whole(descriptor, bytes, count);
    if (descriptor < 0 || descriptor >= most_descriptors) return;
    pthread_mutex_lock(&lock);
    struct tail *tail = &tails[descriptor];
    if (tail->count && !is_seen) {
        unsigned char seam[2 * tail_length];
        size_t head = count < tail_length ? count : tail_length;
        memcpy(seam, tail->bytes, tail->count);
        memcpy(seam + tail->count, bytes, head);
        read_whole(descriptor, seam, tail->count + head);
    }
    size_t kept = count < tail_length ? count : tail_length;
    memcpy(tail->bytes, bytes + count - kept, kept);
    tail->count = kept;
    pthread_mutex_unlock(&lock);
}

static void read_pieces(int descriptor, const struct iovec *pieces, int count) {
    for (int index = 0; index < count; index++)
        read_on(descriptor, pieces[index].iov_base, pieces[index].iov_len);
}

/* The function that ours stands before, found once. */
#define BEFORE(result, name, parameters)                                                           \
    typedef result(*name##_before) parameters;                                                     \
    static name##_before name##_after(void) {                                                      \
        static name##_before found;                                                                \
        if (!found) found = (name##_before)dlsym(RTLD_NEXT, #name);                                \
        return found;                                                                              \
    }                                                                                              \
    result name parameters

BEFORE(ssize_t, write, (int file, const void *data, size_t count)) {
    read_on(file, data, count);
    return write_after()(file, data, count);
}

BEFORE(ssize_t, pwrite, (int file, const void *data, size_t count, off_t at)) {
    read_whole(file, data, count);
    return pwrite_after()(file, data, count, at);
}

BEFORE(ssize_t, pwrite64, (int file, const void *data, size_t count, off64_t at)) {
    read_whole(file, data, count);
    return pwrite64_after()(file, data, count, at);
}

BEFORE(ssize_t, writev, (int file, const struct iovec *pieces, int count)) {
    read_pieces(file, pieces, count);
    return writev_after()(file, pieces, count);
}

BEFORE(ssize_t, pwritev, (int file, const struct iovec *pieces, int count, off_t at)) {
    read_pieces(file, pieces, count);
    return pwritev_after()(file, pieces, count, at);
}

BEFORE(ssize_t, pwritev64, (int file, const struct iovec *pieces, int count, off64_t at)) {
    read_pieces(file, pieces, count);
    return pwritev64_after()(file, pieces, count, at);
}

BEFORE(ssize_t, send, (int file, const void *data, size_t count, int flags)) {
    read_on(file, data, count);
    return send_after()(file, data, count, flags);
}

BEFORE(ssize_t, sendto,
       (int file, const void *data, size_t count, int flags, const struct sockaddr *to,
        socklen_t length)) {
    read_on(file, data, count);
    return sendto_after()(file, data, count, flags, to, length);
}

BEFORE(ssize_t, sendmsg, (int file, const struct msghdr *message, int flags)) {
    read_pieces(file, message->msg_iov, (int)message->msg_iovlen);
    return sendmsg_after()(file, message, flags);
}

BEFORE(size_t, fwrite, (const void *data, size_t size, size_t count, FILE *file)) {
    read_on(fileno(file), data, size * count);
    return fwrite_after()(data, size, count, file);
}

BEFORE(int, fputs, (const char *text, FILE *file)) {
    read_on(fileno(file), text, strlen(text));
    return fputs_after()(text, file);
}
