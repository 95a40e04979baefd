/* Which functions a port has. */
#include "api.h"

#include <stdio.h>
#include <string.h>

/* A function's place in struct api. One that is wanted is named where it is missing. */
static const struct {
    const char *name;
    size_t offset;
    bool required, wanted;
} functions[] = {
    {"VirtualAlloc", offsetof(struct api, alloc), true, true},
    {"VirtualFree", offsetof(struct api, free), true, true},
    {"VirtualProtect", offsetof(struct api, protect), false, true},
    {"VirtualQuery", offsetof(struct api, query), false, true},
    {"GetSystemInfo", offsetof(struct api, system_info), false, true},
    {"GetLastError", offsetof(struct api, last_error), false, true},
    {"SetLastError", offsetof(struct api, set_last_error), false, true},
    {"NtAllocateVirtualMemory", offsetof(struct api, nt_allocate), false, false},
    {"NtFreeVirtualMemory", offsetof(struct api, nt_free), false, false},
    {"NtProtectVirtualMemory", offsetof(struct api, nt_protect), false, false},
    {"NtQueryVirtualMemory", offsetof(struct api, nt_query), false, false},
    {"PortFault", offsetof(struct api, fault), false, true},
    {"PortCommitLimit", offsetof(struct api, commit_limit), false, false},
};

#define COUNT (sizeof functions / sizeof *functions)

bool api_find(struct api *api, const struct library *library, char *error, size_t capacity)
{
    for (size_t i = 0; i < COUNT; i++) {
        library_function *function = library_find(library, functions[i].name);
        if (function == NULL && functions[i].required) {
            snprintf(error, capacity,
                     "it does not export %s; every port exports at least VirtualAlloc and "
                     "VirtualFree, under these names, as C functions",
                     functions[i].name);
            return false;
        }
        memcpy((char *)api + functions[i].offset, &function, sizeof function);
    }
    return true;
}

void api_describe_missing(const struct api *api, char *text, size_t capacity)
{
    const char *before = ", without";
    for (size_t i = 0; i < COUNT; i++) {
        library_function *function;
        size_t length = strlen(text);
        memcpy(&function, (const char *)api + functions[i].offset, sizeof function);
        if (function != NULL || !functions[i].wanted)
            continue;
        snprintf(text + length, capacity - length, "%s %s", before, functions[i].name);
        before = ",";
    }
}
