/* Opening a port's library on Windows. */
#include <windows.h>

#include <stdio.h>

#include "library.h"

static const char *words_for(DWORD code)
{
    switch (code) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
        return "there is no such file";
    case ERROR_MOD_NOT_FOUND:
        return "the file, or a library that it needs, is not there";
    case ERROR_BAD_EXE_FORMAT:
        return "it is no library for this processor";
    case ERROR_DLL_INIT_FAILED:
        return "its DllMain refused";
    case ERROR_PROC_NOT_FOUND:
        return "it needs a function that a library of its does not have";
    default:
        return "LoadLibrary failed";
    }
}

bool library_fits(const char *file, char *error, size_t capacity)
{
    if (GetFileAttributesA(file) != INVALID_FILE_ATTRIBUTES)
        return true;
    snprintf(error, capacity, "it cannot be opened: %s (error %lu)", words_for(GetLastError()),
             GetLastError());
    return false;
}

/* By its whole path, so that what it needs is looked for beside it. */
bool library_open(struct library *library, const char *file, char *error, size_t capacity)
{
    char path[MAX_PATH];
    if (!library_fits(file, error, capacity))
        return false;
    DWORD length = GetFullPathNameA(file, sizeof path, path, NULL);
    if (length == 0 || length >= sizeof path) {
        snprintf(error, capacity, "its path is too long");
        return false;
    }
    library->handle = LoadLibraryExA(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (library->handle == NULL) {
        DWORD code = GetLastError();
        snprintf(error, capacity, "it cannot be opened: %s (error %lu)", words_for(code), code);
    }
    return library->handle != NULL;
}

library_function *library_find(const struct library *library, const char *name)
{
    return (library_function *)GetProcAddress(library->handle, name);
}
