/* What a machine without the security updates answers. */
#include "OldOpenSSL.h"

unsigned int OPENSSL_version_patch(void) { return 21; }
