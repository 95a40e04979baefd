/* The backend of the platform that this program was built for: the Win32 API on Windows, the
 * emulation layer over real memory elsewhere. */
#ifndef NATIVE_H
#define NATIVE_H

#include "suite/backend.h"

extern const struct backend backend_native;

#endif
