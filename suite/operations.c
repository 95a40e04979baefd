/* The table of operations: their names, arguments, and what may be pinned of them. */
#include "operations.h"

#include "text.h"

static const struct operation_info operations[] = {
#define OPERATION(symbol, name, group, least, most, ...)                                           \
    [OP_##symbol] = {name, GROUP_##group, least, most, {__VA_ARGS__}},
#include "suite/operations.def"
#undef OPERATION
};

static const char *const fields[FIELD_END] = {
    [FIELD_BASE_ADDRESS] = "BaseAddress",
    [FIELD_ALLOCATION_BASE] = "AllocationBase",
    [FIELD_ALLOCATION_PROTECT] = "AllocationProtect",
    [FIELD_REGION_SIZE] = "RegionSize",
    [FIELD_STATE] = "State",
    [FIELD_PROTECT] = "Protect",
    [FIELD_TYPE] = "Type",
    [FIELD_OLD_PROTECT] = "OldProtect",
    [FIELD_PAGE_SIZE] = "PageSize",
    [FIELD_GRANULARITY] = "AllocationGranularity",
    [FIELD_MINIMUM_ADDRESS] = "MinimumApplicationAddress",
    [FIELD_MAXIMUM_ADDRESS] = "MaximumApplicationAddress",
};

enum {
    VALUE = 1 << PIN_VALUE,
    NEAR_VALUE = VALUE | 1 << PIN_ABOVE | 1 << PIN_BELOW,
    STATUS = 1 << PIN_STATUS,
    TOUCHED = 1 << PIN_RETURNED | 1 << PIN_EXCEPTION,
    READ = TOUCHED | 1 << PIN_BYTES,

    RANGE = 1 << FIELD_BASE_ADDRESS | 1 << FIELD_REGION_SIZE,
    OLD = 1 << FIELD_OLD_PROTECT,
    REGION = RANGE | 1 << FIELD_ALLOCATION_BASE | 1 << FIELD_ALLOCATION_PROTECT | 1 << FIELD_STATE |
             1 << FIELD_PROTECT | 1 << FIELD_TYPE,
    SYSTEM = 1 << FIELD_PAGE_SIZE | 1 << FIELD_GRANULARITY | 1 << FIELD_MINIMUM_ADDRESS |
             1 << FIELD_MAXIMUM_ADDRESS,
};

static const struct operation_outcome outcomes[] = {
    [OP_HOLE] = {0, 0, true, "no outcome"},
    [OP_COMMIT_LIMIT] = {0, 0, false, "no outcome"},
    [OP_VIRTUAL_ALLOC] = {NEAR_VALUE, 0, true, "an address, above or below one, or NULL"},
    [OP_VIRTUAL_FREE] = {VALUE, 0, true, "TRUE or FALSE"},
    [OP_VIRTUAL_PROTECT] = {VALUE, OLD, true, "TRUE or FALSE, or OldProtect"},
    [OP_VIRTUAL_QUERY] = {VALUE, REGION, true, "MBI_SIZE or 0, or a field of a region"},
    [OP_GET_SYSTEM_INFO] = {0, SYSTEM, false, "PageSize or another field"},
    [OP_GET_LAST_ERROR] = {VALUE, 0, true, "an error"},
    [OP_SET_LAST_ERROR] = {0, 0, false, "no outcome"},
    [OP_NT_ALLOCATE] = {STATUS, RANGE, true, "an NTSTATUS, BaseAddress or RegionSize"},
    [OP_NT_FREE] = {STATUS, RANGE, true, "an NTSTATUS, BaseAddress or RegionSize"},
    [OP_NT_PROTECT] = {STATUS, RANGE | OLD, true,
                       "an NTSTATUS, BaseAddress, RegionSize or OldProtect"},
    [OP_NT_QUERY] = {STATUS, REGION, false, "an NTSTATUS, or a field of a region"},
    [OP_READ] = {READ, 0, false, "bytes, RETURNED or an exception"},
    [OP_WRITE] = {TOUCHED, 0, false, "RETURNED or an exception"},
    [OP_CODE] = {TOUCHED, 0, false, "RETURNED or an exception"},
    [OP_EXECUTE] = {TOUCHED, 0, false, "RETURNED or an exception"},
};

const struct operation_info *operation_info(enum operation operation)
{
    return &operations[operation];
}

const struct operation_outcome *operation_outcome(enum operation operation)
{
    return &outcomes[operation];
}

const char *field_name(enum field field)
{
    return fields[field];
}

bool operation_find(const char *name, size_t length, enum operation *operation)
{
    for (int i = 0; i < OPERATION_END; i++) {
        if (!text_is(operations[i].name, name, length))
            continue;
        *operation = (enum operation)i;
        return true;
    }
    return false;
}

bool field_find(const char *name, size_t length, enum field *field)
{
    for (int i = 0; i < FIELD_END; i++) {
        if (!text_is(fields[i], name, length))
            continue;
        *field = (enum field)i;
        return true;
    }
    return false;
}

bool operation_gives_base(enum operation operation)
{
    return operation == OP_NT_ALLOCATE || operation == OP_NT_FREE || operation == OP_NT_PROTECT;
}

static const enum operation calls[PAGELAW_FUNCTION_END] = {
    [PAGELAW_NT_ALLOCATE] = OP_NT_ALLOCATE,         [PAGELAW_NT_FREE] = OP_NT_FREE,
    [PAGELAW_NT_PROTECT] = OP_NT_PROTECT,           [PAGELAW_NT_QUERY] = OP_NT_QUERY,
    [PAGELAW_VIRTUAL_ALLOC] = OP_VIRTUAL_ALLOC,     [PAGELAW_VIRTUAL_FREE] = OP_VIRTUAL_FREE,
    [PAGELAW_VIRTUAL_PROTECT] = OP_VIRTUAL_PROTECT, [PAGELAW_VIRTUAL_QUERY] = OP_VIRTUAL_QUERY,
};

enum pagelaw_function operation_function(enum operation operation)
{
    int function = 0;
    while (function < PAGELAW_FUNCTION_END && calls[function] != operation)
        function++;
    return (enum pagelaw_function)function;
}

enum pagelaw_access operation_access(enum operation operation)
{
    return operation == OP_READ      ? PAGELAW_READ
           : operation == OP_EXECUTE ? PAGELAW_EXECUTE
                                     : PAGELAW_WRITE;
}

enum operation function_operation(enum pagelaw_function function)
{
    return calls[function];
}
