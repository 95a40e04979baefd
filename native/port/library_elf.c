/* What an ELF file's first bytes say of it: dlopen would call a library for another processor
 * "no such file". */
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "library.h"

/* This program's own. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

static bool is_same(const ElfW(Ehdr) * one, const ElfW(Ehdr) * other)
{
    return one->e_ident[EI_CLASS] == other->e_ident[EI_CLASS] &&
           one->e_ident[EI_DATA] == other->e_ident[EI_DATA] && one->e_machine == other->e_machine;
}

/* What is no file is not even opened: a pipe would have us wait. */
static bool read_header(const char *file, ElfW(Ehdr) * header, char *error, size_t capacity)
{
    struct stat status;
    bool is_there = stat(file, &status) == 0, is_file = is_there && S_ISREG(status.st_mode);
    FILE *stream = is_file ? fopen(file, "rb") : NULL;
    if (!is_there || (is_file && stream == NULL)) {
        snprintf(error, capacity, "it cannot be opened: %s", strerror(errno));
        return false;
    }
    bool read = is_file && fread(header, sizeof *header, 1, stream) == 1 &&
                memcmp(header->e_ident, ELFMAG, SELFMAG) == 0;
    if (stream != NULL)
        fclose(stream);
    if (!read)
        snprintf(error, capacity, "it is no shared library: wanted an ELF file");
    return read;
}

bool library_fits(const char *file, char *error, size_t capacity)
{
    ElfW(Ehdr) header;
    if (!read_header(file, &header, error, capacity))
        return false;
    if (!is_same(&header, &__ehdr_start))
        snprintf(error, capacity,
                 "it is a library for another processor: found ELF class %d, machine %d, wanted "
                 "class %d, machine %d",
                 header.e_ident[EI_CLASS], header.e_machine, __ehdr_start.e_ident[EI_CLASS],
                 __ehdr_start.e_machine);
    else if (header.e_type != ET_DYN)
        snprintf(error, capacity, "it is no shared library: it was linked as something else");
    else
        return true;
    return false;
}
