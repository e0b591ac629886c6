// The part of GM/T 0018 (密码设备应用接口规范) that signing with a key inside a cipher machine takes. The
// vendor's library is loaded at run time. Names and forms are the standard's.
#ifndef SHANGBAO_SDF_H
#define SHANGBAO_SDF_H

#define ECCref_MAX_BITS 512
#define ECCref_MAX_LEN ((ECCref_MAX_BITS + 7) / 8)

typedef struct DeviceInfo_st {
    unsigned char IssuerName[40];
    unsigned char DeviceName[16];
    unsigned char DeviceSerial[16];
    unsigned int DeviceVersion;
    unsigned int StandardVersion;
    unsigned int AsymAlgAbility[2];
    unsigned int SymAlgAbility;
    unsigned int HashAlgAbility;
    unsigned int BufferSize;
} DEVICEINFO;

/* Numbers of 256 bits stand at the end of their 64 bytes, zeros before them. */
typedef struct ECCrefPublicKey_st {
    unsigned int bits;
    unsigned char x[ECCref_MAX_LEN];
    unsigned char y[ECCref_MAX_LEN];
} ECCrefPublicKey;

typedef struct ECCSignature_st {
    unsigned char r[ECCref_MAX_LEN];
    unsigned char s[ECCref_MAX_LEN];
} ECCSignature;

typedef int (*SDF_OpenDevice_t)(void **device);
typedef int (*SDF_CloseDevice_t)(void *device);
typedef int (*SDF_OpenSession_t)(void *device, void **session);
typedef int (*SDF_CloseSession_t)(void *session);
typedef int (*SDF_GetDeviceInfo_t)(void *session, DEVICEINFO *info);
typedef int (*SDF_GetPrivateKeyAccessRight_t)(void *session, unsigned int index,
                                              unsigned char *password, unsigned int count);
typedef int (*SDF_ReleasePrivateKeyAccessRight_t)(void *session, unsigned int index);
typedef int (*SDF_ExportSignPublicKey_ECC_t)(void *session, unsigned int index,
                                             ECCrefPublicKey *key);
typedef int (*SDF_InternalSign_ECC_t)(void *session, unsigned int index, unsigned char *digest,
                                      unsigned int count, ECCSignature *signature);

#endif
