/* A library that is loaded into the tests' process is told its place by the environment, and a
   proxy that must not be asked is named there. Once tests run side by side the environment can no
   longer be changed: whoever begins a process reads it meanwhile. So it is set as the bundle is
   loaded, by the only thread there is. */
#include "EarlyEnvironment.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

__attribute__((constructor)) static void set(void) {
    const char *folder = getenv("TMPDIR");
    char place[512];
    snprintf(place, sizeof place, "%s/shangbao-tokens-%d/softhsm2.conf", folder ? folder : "/tmp",
             (int)getpid());
    setenv("SOFTHSM2_CONF", place, 1);
    /* The discard service, which nobody runs: a proxy that is asked answers nothing. */
    setenv("https_proxy", "http://localhost:9", 1);
}
