/* What the win32 backend finds out about the system that it runs on. */
#ifndef NATIVE_WIN32_DESCRIBE_H
#define NATIVE_WIN32_DESCRIBE_H

#include <windows.h>

#include "suite/backend.h"

/* An entry point of a loaded module, or NULL. */
typedef void (*describe_function)(void);
describe_function describe_entry(const wchar_t *module, const char *name);

/* The page size, granule and address limits. */
void describe_memory(struct subject_info *info);

/* Everything. */
void describe_system(struct subject_info *info);

#endif
