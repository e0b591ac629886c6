#pragma once

#include <libssh2.h>
#include <libssh2_sftp.h>

/* A login with a key file alone: the public key is derived from it. The passphrase is never NULL, for which OpenSSL
   would ask at the terminal. */
static inline int shangbao_ssh_login(LIBSSH2_SESSION *session, const char *user, unsigned int user_length,
                                     const char *key_file) {
    return libssh2_userauth_publickey_fromfile_ex(session, user, user_length, NULL, key_file, "");
}

/* Says goodbye, with words that nobody reads. */
static inline int shangbao_ssh_goodbye(LIBSSH2_SESSION *session) {
    return libssh2_session_disconnect_ex(session, SSH_DISCONNECT_BY_APPLICATION, "", "");
}
