/* The names of Windows's constants and their values: one table, used both ways. */
#include "constants.h"

#include <inttypes.h>
#include <stdio.h>

#include "pagelaw/constants.h"
#include "text.h"

/* Where a value is printed with this name. */
enum use {
    USE_NONE = 0,
    USE_TYPE = 1,    /* flags of an allocation or a free */
    USE_PROTECT = 2, /* a page protection with its modifiers */
    USE_REGION = 4,  /* State and Type of a region */
    USE_STATUS = 8,
    USE_ERROR = 16
};

struct constant {
    const char *name;
    uint32_t value;
    unsigned uses;
};

#define CONSTANT(name, uses)                                                                       \
    {                                                                                              \
#name, name, uses                                                                          \
    }

/* Where two names of one use share a value, the first is printed. */
static const struct constant constants[] = {
    {"NULL", 0, USE_NONE},
    {"TRUE", 1, USE_NONE},
    {"FALSE", 0, USE_NONE},

    CONSTANT(MEM_COMMIT, USE_TYPE | USE_REGION),
    CONSTANT(MEM_RESERVE, USE_TYPE | USE_REGION),
    CONSTANT(MEM_DECOMMIT, USE_TYPE),
    CONSTANT(MEM_RELEASE, USE_TYPE),
    CONSTANT(MEM_FREE, USE_TYPE | USE_REGION),
    CONSTANT(MEM_PRIVATE, USE_TYPE | USE_REGION),
    CONSTANT(MEM_MAPPED, USE_TYPE | USE_REGION),
    CONSTANT(MEM_RESET, USE_TYPE),
    CONSTANT(MEM_TOP_DOWN, USE_TYPE),
    CONSTANT(MEM_WRITE_WATCH, USE_TYPE),
    CONSTANT(MEM_PHYSICAL, USE_TYPE),
    CONSTANT(MEM_RESET_UNDO, USE_TYPE),
    CONSTANT(MEM_IMAGE, USE_REGION),
    CONSTANT(MEM_LARGE_PAGES, USE_TYPE),

    CONSTANT(PAGE_NOACCESS, USE_PROTECT),
    CONSTANT(PAGE_READONLY, USE_PROTECT),
    CONSTANT(PAGE_READWRITE, USE_PROTECT),
    CONSTANT(PAGE_WRITECOPY, USE_PROTECT),
    CONSTANT(PAGE_EXECUTE, USE_PROTECT),
    CONSTANT(PAGE_EXECUTE_READ, USE_PROTECT),
    CONSTANT(PAGE_EXECUTE_READWRITE, USE_PROTECT),
    CONSTANT(PAGE_EXECUTE_WRITECOPY, USE_PROTECT),
    CONSTANT(PAGE_GUARD, USE_PROTECT),
    CONSTANT(PAGE_NOCACHE, USE_PROTECT),
    CONSTANT(PAGE_WRITECOMBINE, USE_PROTECT),

    CONSTANT(STATUS_SUCCESS, USE_STATUS),
    CONSTANT(STATUS_GUARD_PAGE_VIOLATION, USE_STATUS),
    CONSTANT(STATUS_INFO_LENGTH_MISMATCH, USE_STATUS),
    CONSTANT(STATUS_ACCESS_VIOLATION, USE_STATUS),
    CONSTANT(STATUS_INVALID_PARAMETER, USE_STATUS),
    CONSTANT(STATUS_NO_MEMORY, USE_STATUS),
    CONSTANT(STATUS_CONFLICTING_ADDRESSES, USE_STATUS),
    CONSTANT(STATUS_NOT_MAPPED_VIEW, USE_STATUS),
    CONSTANT(STATUS_UNABLE_TO_FREE_VM, USE_STATUS),
    CONSTANT(STATUS_UNABLE_TO_DELETE_SECTION, USE_STATUS),
    CONSTANT(STATUS_ALREADY_COMMITTED, USE_STATUS),
    CONSTANT(STATUS_ACCESS_DENIED, USE_STATUS),
    CONSTANT(STATUS_NOT_COMMITTED, USE_STATUS),
    CONSTANT(STATUS_INVALID_PAGE_PROTECTION, USE_STATUS),
    CONSTANT(STATUS_INSUFFICIENT_RESOURCES, USE_STATUS),
    CONSTANT(STATUS_FREE_VM_NOT_AT_BASE, USE_STATUS),
    CONSTANT(STATUS_MEMORY_NOT_ALLOCATED, USE_STATUS),
    CONSTANT(STATUS_NOT_SUPPORTED, USE_STATUS),
    CONSTANT(STATUS_INVALID_PARAMETER_1, USE_STATUS),
    CONSTANT(STATUS_INVALID_PARAMETER_2, USE_STATUS),
    CONSTANT(STATUS_INVALID_PARAMETER_3, USE_STATUS),
    CONSTANT(STATUS_INVALID_PARAMETER_4, USE_STATUS),
    CONSTANT(STATUS_INVALID_PARAMETER_5, USE_STATUS),
    CONSTANT(STATUS_INVALID_PARAMETER_6, USE_STATUS),
    CONSTANT(STATUS_INVALID_PARAMETER_12, USE_STATUS),
    CONSTANT(STATUS_COMMITMENT_LIMIT, USE_STATUS),
    CONSTANT(STATUS_INVALID_ADDRESS, USE_STATUS),

    CONSTANT(ERROR_SUCCESS, USE_ERROR),
    CONSTANT(ERROR_ACCESS_DENIED, USE_ERROR),
    CONSTANT(ERROR_INVALID_HANDLE, USE_ERROR),
    CONSTANT(ERROR_NOT_ENOUGH_MEMORY, USE_ERROR),
    CONSTANT(ERROR_BAD_LENGTH, USE_ERROR),
    CONSTANT(ERROR_NOT_SUPPORTED, USE_ERROR),
    CONSTANT(ERROR_INVALID_PARAMETER, USE_ERROR),
    CONSTANT(ERROR_MR_MID_NOT_FOUND, USE_ERROR),
    CONSTANT(ERROR_INVALID_ADDRESS, USE_ERROR),
    CONSTANT(ERROR_NOACCESS, USE_ERROR),
    CONSTANT(ERROR_NO_SYSTEM_RESOURCES, USE_ERROR),
    CONSTANT(ERROR_COMMITMENT_LIMIT, USE_ERROR),
};

#define CONSTANT_COUNT (sizeof constants / sizeof constants[0])

static const char *const symbols[] = {
    [SYMBOL_PAGE] = "PAGE",
    [SYMBOL_GRANULE] = "GRANULE",
    [SYMBOL_MIN_ADDRESS] = "MIN_ADDRESS",
    [SYMBOL_MAX_ADDRESS] = "MAX_ADDRESS",
    [SYMBOL_SIZE_MAX] = "SIZE_MAX",
    [SYMBOL_MBI_SIZE] = "MBI_SIZE",
};

#define SYMBOL_COUNT (sizeof symbols / sizeof symbols[0])

const char *constant_at(size_t index)
{
    return index < CONSTANT_COUNT ? constants[index].name : NULL;
}

bool constant_find(const char *name, size_t length, uint64_t *value)
{
    for (size_t i = 0; i < CONSTANT_COUNT; i++) {
        if (!text_is(constants[i].name, name, length))
            continue;
        *value = constants[i].value;
        return true;
    }
    return false;
}

bool symbol_find(const char *name, size_t length, enum symbol *symbol)
{
    for (size_t i = 0; i < SYMBOL_COUNT; i++) {
        if (!text_is(symbols[i], name, length))
            continue;
        *symbol = (enum symbol)i;
        return true;
    }
    return false;
}

const char *symbol_name(enum symbol symbol)
{
    return (size_t)symbol < SYMBOL_COUNT ? symbols[symbol] : NULL;
}

static const char *name_of(uint64_t value, unsigned use)
{
    for (size_t i = 0; i < CONSTANT_COUNT; i++)
        if (constants[i].uses & use && constants[i].value == value)
            return constants[i].name;
    return NULL;
}

static const char *hexadecimal_format(uint64_t value, char *buffer, size_t capacity)
{
    const char *prefix = value < 10 ? "" : "0x";
    snprintf(buffer, capacity, "%s%" PRIx64, prefix, value);
    return buffer;
}

static const char *name_format(uint64_t value, unsigned use, char *buffer, size_t capacity)
{
    const char *name = name_of(value, use);
    if (!name)
        return hexadecimal_format(value, buffer, capacity);
    snprintf(buffer, capacity, "%s", name);
    return buffer;
}

/* "MEM_COMMIT | MEM_RESERVE | 0x8": the bits that have a name, then the rest. */
static const char *flags_format(uint64_t value, unsigned use, char *buffer, size_t capacity)
{
    struct text text = text_begin(buffer, capacity);
    for (size_t i = 0; i < CONSTANT_COUNT; i++) {
        if (!(constants[i].uses & use) || !(constants[i].value & value))
            continue;
        text_add(&text, "%s%s", text.length ? " | " : "", constants[i].name);
        value &= ~(uint64_t)constants[i].value;
    }
    char rest[24];
    if (value || text.length == 0)
        text_add(&text, "%s%s", text.length ? " | " : "",
                 hexadecimal_format(value, rest, sizeof rest));
    return buffer;
}

const char *size_format(uint64_t size, char *buffer, size_t capacity)
{
    const char *suffix = "";
    for (const char *next = "KMGT"; *next && size >= 1024 && size % 1024 == 0; next++) {
        size /= 1024;
        suffix = next;
    }
    if (size >= 1024 && !*suffix)
        return hexadecimal_format(size, buffer, capacity);
    snprintf(buffer, capacity, "%" PRIu64 "%.1s", size, suffix);
    return buffer;
}

static const char *address_format(uint64_t address, char *buffer, size_t capacity)
{
    if (address)
        return hexadecimal_format(address, buffer, capacity);
    snprintf(buffer, capacity, "NULL");
    return buffer;
}

const char *constant_format(enum argument_kind kind, uint64_t value, char *buffer, size_t capacity)
{
    switch (kind) {
    case ARGUMENT_ADDRESS:
    case ARGUMENT_NULL:
        return address_format(value, buffer, capacity);
    case ARGUMENT_SIZE:
        return size_format(value, buffer, capacity);
    case ARGUMENT_ALLOCATION_TYPE:
    case ARGUMENT_FREE_TYPE:
        return flags_format(value, USE_TYPE, buffer, capacity);
    case ARGUMENT_PROTECT:
        return flags_format(value, USE_PROTECT, buffer, capacity);
    case ARGUMENT_ERROR:
        return error_format((uint32_t)value, buffer, capacity);
    case ARGUMENT_NONE:
    case ARGUMENT_NUMBER:
        break;
    }
    return hexadecimal_format(value, buffer, capacity);
}

const char *status_format(uint32_t status, char *buffer, size_t capacity)
{
    return name_format(status, USE_STATUS, buffer, capacity);
}

const char *error_format(uint32_t error, char *buffer, size_t capacity)
{
    if (name_of(error, USE_ERROR))
        return name_format(error, USE_ERROR, buffer, capacity);
    snprintf(buffer, capacity, "%" PRIu32, error);
    return buffer;
}

const char *state_format(uint32_t state, char *buffer, size_t capacity)
{
    return name_format(state, USE_REGION, buffer, capacity);
}

const char *language_name(size_t index)
{
    size_t count = sizeof constants / sizeof *constants;
    if (index < OPERATION_END)
        return operation_info((enum operation)index)->name;
    index -= OPERATION_END;
    return index < count ? constants[index].name : symbol_name((enum symbol)(index - count));
}
