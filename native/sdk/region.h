/* From a region to what the SDK calls one. */
#ifndef NATIVE_SDK_REGION_H
#define NATIVE_SDK_REGION_H

#include "pagelaw/model.h"
#include "windef.h"

/* Writes a region where the program wants its MEMORY_BASIC_INFORMATION. FALSE if it may not be
 * written there. */
BOOL region_write(const struct pagelaw_region *region, VOID *information);

#endif
