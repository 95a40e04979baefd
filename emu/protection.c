/* Which protections are legal. */
#include "internal.h"

#define BASE_VALUES 0xFFu
#define MODIFIERS (PAGE_GUARD | PAGE_NOCACHE | PAGE_WRITECOMBINE)

static bool has_one_bit(uint32_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

enum pagelaw_rule protection_fault(uint32_t protect)
{
    uint32_t base = protect & BASE_VALUES;
    if ((protect & ~(BASE_VALUES | MODIFIERS)) != 0)
        return PAGELAW_PR_SCOPE;
    if (base == 0 && protect != 0)
        return PAGELAW_PR_MODIFIER_NEEDS_BASE;
    if (!has_one_bit(base))
        return PAGELAW_PR_ONE_BASE;
    if ((protect & PAGE_GUARD) != 0 && base == PAGE_NOACCESS)
        return PAGELAW_PR_GUARD_NOACCESS;
    if ((protect & PAGE_NOCACHE) != 0 &&
        (base == PAGE_NOACCESS || (protect & (PAGE_GUARD | PAGE_WRITECOMBINE)) != 0))
        return PAGELAW_PR_NOCACHE_COMBO;
    if ((protect & PAGE_WRITECOMBINE) != 0 &&
        (base == PAGE_NOACCESS || (protect & PAGE_GUARD) != 0))
        return PAGELAW_PR_WC_COMBO;
    return PAGELAW_NO_RULE;
}

bool protection_disputed(uint32_t protect)
{
    return (protect & PAGE_GUARD) != 0 && (protect & PAGE_NOACCESS) == 0 &&
           (protect & (PAGE_NOCACHE | PAGE_WRITECOMBINE)) != 0 &&
           protection_fault(protect & ~PAGE_GUARD) == PAGELAW_NO_RULE;
}

bool protection_is_write_copy(uint32_t protect)
{
    return (protect & (PAGE_WRITECOPY | PAGE_EXECUTE_WRITECOPY)) != 0;
}
