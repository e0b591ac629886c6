// libgcrypt for Swift: its header, and one inline function for each macro and variadic that does not import.
#ifndef SHANGBAO_CGCRYPT_SHIM_H
#define SHANGBAO_CGCRYPT_SHIM_H

#include <gcrypt.h>

/* Must run once before anything else. Keys are absorbed at once and the contexts wiped when they close, so the
   library's own locked memory stays off. */
static inline int shangbao_gcrypt_start(void) {
    if (!gcry_check_version(GCRYPT_VERSION)) return 0;
    gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
    gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    return 1;
}

static inline gcry_error_t shangbao_gcrypt_mac_restart(gcry_mac_hd_t mac) {
    return gcry_mac_reset(mac);
}

#endif
