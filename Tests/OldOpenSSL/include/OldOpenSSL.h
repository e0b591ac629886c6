#pragma once

/* Nothing to call: loaded before a program, it makes OpenSSL say that it is an older one. */
