#ifndef SHANGBAO_CSQLITE_SHIM_H
#define SHANGBAO_CSQLITE_SHIM_H

#include <sqlite3.h>
/* Which file system a file is on; Swift's Glibc module leaves this header out. */
#include <sys/statfs.h>

/* SQLITE_TRANSIENT is a cast and does not import; SQLite copies the bytes before it returns. */

static inline int shangbao_bind_text(
    sqlite3_stmt *statement, int position, const char *text, sqlite3_uint64 byteCount) {
    return sqlite3_bind_text64(
        statement, position, text, byteCount, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static inline int shangbao_bind_bytes(
    sqlite3_stmt *statement, int position, const void *bytes, sqlite3_uint64 byteCount) {
    return sqlite3_bind_blob64(statement, position, bytes, byteCount, SQLITE_TRANSIENT);
}

/* sqlite3_db_config is variadic. */

static inline int shangbao_set_checkpoint_on_close(sqlite3 *handle, int enabled) {
    return sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !enabled, (int *)0);
}

#endif
