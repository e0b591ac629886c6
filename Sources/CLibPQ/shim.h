#ifndef SHANGBAO_CLIBPQ_SHIM_H
#define SHANGBAO_CLIBPQ_SHIM_H

#include <libpq-fe.h>

#endif
