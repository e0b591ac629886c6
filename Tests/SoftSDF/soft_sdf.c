#define _GNU_SOURCE
#include "soft_sdf.h"

#include <dlfcn.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OK = 0, COMMFAIL = 0x01000003, OPENDEVICE = 0x01000005, PARDENY = 0x01000007,
       KEYNOTEXIST = 0x01000008, SIGNERR = 0x0100000D, PRKRERR = 0x01000018, INARGERR = 0x0100001D };

struct session {
    char opened[64];
    unsigned int allowed;
};

/* A file beside the library. */
static FILE *beside(const char *name, const char *mode) {
    Dl_info info;
    char path[4096];
    if (!dladdr((void *)beside, &info)) return NULL;
    snprintf(path, sizeof path, "%s", info.dli_fname);
    char *slash = strrchr(path, '/');
    if (!slash) return NULL;
    snprintf(slash + 1, sizeof path - (size_t)(slash + 1 - path), "%s", name);
    return fopen(path, mode);
}

static void line(const char *name, char *room, size_t count) {
    memset(room, 0, count);
    FILE *file = beside(name, "r");
    if (!file) return;
    if (fgets(room, (int)count, file)) room[strcspn(room, "\n")] = 0;
    fclose(file);
}

static int has_fault(const char *name) {
    char fault[64];
    line("fault", fault, sizeof fault);
    return strcmp(fault, name) == 0;
}

/* 0, or why the session cannot be used. */
static int broken(struct session *session) {
    char now[64];
    if (has_fault("away")) return COMMFAIL;
    line("session", now, sizeof now);
    return session && strcmp(now, session->opened) == 0 ? OK : INARGERR;
}

static EVP_PKEY *key(unsigned int index) {
    char name[64];
    snprintf(name, sizeof name, "key-%u.pem", index);
    FILE *file = beside(name, "r");
    if (!file) return NULL;
    EVP_PKEY *key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
    fclose(file);
    return key;
}

int SDF_OpenDevice(void **device) {
    static char machine;
    if (has_fault("away")) return OPENDEVICE;
    *device = &machine;
    return OK;
}

int SDF_CloseDevice(void *device) {
    (void)device;
    return OK;
}

int SDF_OpenSession(void *device, void **handle) {
    (void)device;
    struct session *session = calloc(1, sizeof *session);
    line("session", session->opened, sizeof session->opened);
    *handle = session;
    return OK;
}

int SDF_CloseSession(void *session) {
    free(session);
    return OK;
}

int SDF_GetDeviceInfo(void *session, DEVICEINFO *info) {
    int why = broken(session);
    if (why) return why;
    memset(info, 0, sizeof *info);
    memcpy(info->IssuerName, "Shangbao tests", 14);
    memcpy(info->DeviceName, "SoftSDF", 7);
    memcpy(info->DeviceSerial, "2026010100100001", 16);
    return OK;
}

int SDF_GetPrivateKeyAccessRight(void *handle, unsigned int index, unsigned char *password,
                                 unsigned int count) {
    struct session *session = handle;
    int why = broken(session);
    if (why) return why;
    char expected[129], given[129];
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    line("pin", expected, sizeof expected);
    EVP_Digest(password, count, digest, &size, EVP_sha256(), NULL);
    for (unsigned int at = 0; at < size; at++) sprintf(given + 2 * at, "%02x", digest[at]);
    FILE *tries = beside("tries", "a");
    if (tries) {
        fputs("try\n", tries);
        fclose(tries);
    }
    if (strcmp(expected, given) != 0) return PRKRERR;
    session->allowed |= 1u << index;
    return OK;
}

int SDF_ReleasePrivateKeyAccessRight(void *handle, unsigned int index) {
    ((struct session *)handle)->allowed &= ~(1u << index);
    return OK;
}

int SDF_ExportSignPublicKey_ECC(void *session, unsigned int index, ECCrefPublicKey *public) {
    int why = broken(session);
    if (why) return why;
    EVP_PKEY *pair = key(index);
    if (!pair) return KEYNOTEXIST;
    unsigned char point[65];
    size_t count = 0;
    int found = EVP_PKEY_get_octet_string_param(
        pair, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &count);
    EVP_PKEY_free(pair);
    if (!found || count != 65) return KEYNOTEXIST;
    memset(public, 0, sizeof *public);
    public->bits = has_fault("other-curve") ? 384 : 256;
    memcpy(public->x + 32, point + 1, 32);
    memcpy(public->y + 32, point + 33, 32);
    return OK;
}

int SDF_InternalSign_ECC(void *handle, unsigned int index, unsigned char *digest,
                         unsigned int count, ECCSignature *signature) {
    struct session *session = handle;
    int why = broken(session);
    if (why) return why;
    if (!(session->allowed & 1u << index) || has_fault("denied")) return PARDENY;
    EVP_PKEY *pair = key(index);
    if (!pair) return KEYNOTEXIST;
    unsigned char der[128];
    size_t size = sizeof der;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(pair, NULL);
    int made = context && EVP_PKEY_sign_init(context) == 1
        && EVP_PKEY_sign(context, der, &size, digest, count) == 1;
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(pair);
    if (!made) return SIGNERR;
    const unsigned char *next = der;
    ECDSA_SIG *pairs = d2i_ECDSA_SIG(NULL, &next, (long)size);
    if (!pairs) return SIGNERR;
    BN_bn2binpad(ECDSA_SIG_get0_r(pairs), signature->r, ECCref_MAX_LEN);
    BN_bn2binpad(ECDSA_SIG_get0_s(pairs), signature->s, ECCref_MAX_LEN);
    ECDSA_SIG_free(pairs);
    if (has_fault("wrong-signature")) signature->s[ECCref_MAX_LEN - 1] ^= 1;
    return OK;
}
