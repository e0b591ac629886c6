// OpenSSL's libcrypto for Swift: its headers, and one inline function for each call that does not import.
#ifndef SHANGBAO_COPENSSL_SHIM_H
#define SHANGBAO_COPENSSL_SHIM_H

#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/prctl.h>

/* BIO_get_mem_data is a macro over BIO_ctrl: the bytes a memory BIO holds, still owned by it. */
static inline long shangbao_bio_bytes(BIO *bio, char **bytes) {
    return BIO_get_mem_data(bio, bytes);
}

/* RFC 2253, with letters beyond ASCII left as UTF-8 instead of being escaped. */
static inline unsigned long shangbao_name_format(void) {
    return XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
}

/* prctl takes a varying number of arguments: no core, and no other account reads this memory. */
static inline int shangbao_hide_memory(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

#endif
