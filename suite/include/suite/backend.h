/* What a subject provides: one struct of functions, over something that has a memory API.
 *
 * The functions have the arguments of the Windows functions, with addresses and sizes as 64-bit
 * numbers in bytes and flags as 32-bit values. One that is NULL is not there: the steps that need
 * it are *unsupported*. All are called from one thread of a process that runs one scenario. */
#ifndef SUITE_BACKEND_H
#define SUITE_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUBJECT_TEXT_MAX 128

/* What a subject says of itself. The numbers come from the subject's own GetSystemInfo. */
struct subject_info {
    char backend[SUBJECT_TEXT_MAX];   /* "model", "posix", "win32" */
    char system[SUBJECT_TEXT_MAX];    /* for a reader: "Wine 8.0 as Windows 10.0.19043" */
    char processor[SUBJECT_TEXT_MAX]; /* "x64", "x86", "arm64" */
    uint32_t major, minor, build;     /* the Windows version it is or plays */
    uint32_t pointer_bytes;
    uint32_t page_size, granule; /* bytes */
    uint64_t address_min, address_max;
};

/* The MEMORY_BASIC_INFORMATION of a page. */
struct subject_region {
    uint64_t base, allocation_base, size;
    uint32_t allocation_protect, state, protect, type;
};

/* The exception that a touch raised; code 0: none. access is ExceptionInformation[0]: 0 read,
 * 1 write, 8 execute; address is ExceptionInformation[1]. */
struct subject_exception {
    uint32_t code;
    uint32_t access;
    uint64_t address;
};

struct backend {
    const char *name;
    const char *what; /* one line for the help text */

    /* What `start` does is not to be trusted: it is called in each process that carries out a
     * program, and never in the agent's own. */
    bool apart;

    /* Makes the backend ready in this process and describes it. False, with words in `error`, if it
     * cannot be had here. Called once, before anything else; of a backend that is started apart
     * the functions below are only known afterwards. */
    bool (*start)(struct subject_info *info, char *error, size_t capacity);

    /* Win32. As in Windows 0 is failure, and the last error says why. */
    uint64_t (*virtual_alloc)(uint64_t address, uint64_t size, uint32_t type, uint32_t protect);
    uint32_t (*virtual_free)(uint64_t address, uint64_t size, uint32_t type);
    /* old_protect may be NULL. */
    uint32_t (*virtual_protect)(uint64_t address, uint64_t size, uint32_t protect,
                                uint32_t *old_protect);
    uint64_t (*virtual_query)(uint64_t address, struct subject_region *region, uint64_t length);
    void (*get_system_info)(struct subject_info *info); /* page_size, granule, address_min, _max */
    uint32_t (*get_last_error)(void);
    void (*set_last_error)(uint32_t error);

    /* The Nt forms, on the current process. They return the NTSTATUS. */
    uint32_t (*nt_allocate)(uint64_t *base, uint64_t zero_bits, uint64_t *size, uint32_t type,
                            uint32_t protect);
    uint32_t (*nt_free)(uint64_t *base, uint64_t *size, uint32_t type);
    uint32_t (*nt_protect)(uint64_t *base, uint64_t *size, uint32_t protect, uint32_t *old_protect);
    uint32_t (*nt_query)(uint64_t address, struct subject_region *region, uint64_t length);

    /* Touch one byte for real. On success exception->code is 0. A read returns the byte. */
    uint8_t (*read)(uint64_t address, struct subject_exception *exception);
    void (*write)(uint64_t address, uint8_t value, struct subject_exception *exception);
    /* Calls the code at the address, which must return at once. */
    void (*execute)(uint64_t address, struct subject_exception *exception);
    /* The machine code of a function that only returns; its length in bytes in *length. */
    const uint8_t *(*return_code)(size_t *length);

    /* Lets the commit charge rise by at most `bytes` from now on. */
    bool (*set_commit_limit)(uint64_t bytes);
};

#endif
