/* The backends over real memory. */
#ifndef NATIVE_H
#define NATIVE_H

#include "suite/backend.h"

/* That of the platform that this program was built for: the Win32 API on Windows, the emulation
 * layer elsewhere. */
extern const struct backend backend_native;

/* The backend over a port, a shared library that native/ports/README.md describes. There is one:
 * the file's name, which is the caller's and stays, is that of the last call. */
const struct backend *backend_port(const char *file);

#endif
