/* The naive oracle's law of Windows 98: what differs from the law of the others. */
#include "naive_parts.h"
#include "pagelaw/constants.h"

#define MODIFIERS (PAGE_GUARD | PAGE_NOCACHE | PAGE_WRITECOMBINE)

static bool allocates(const struct pagelaw_call *call)
{
    return call->function == PAGELAW_NT_ALLOCATE || call->function == PAGELAW_VIRTUAL_ALLOC;
}

/* 9X-PROT-SET, 9X-TOPDOWN. */
void naive_understand_98(struct pagelaw_call *call)
{
    if (call->protect == PAGE_EXECUTE || call->protect == PAGE_EXECUTE_READ)
        call->protect = PAGE_READONLY;
    if (call->protect == PAGE_EXECUTE_READWRITE)
        call->protect = PAGE_READWRITE;
    if (allocates(call))
        call->type &= ~MEM_TOP_DOWN;
}

/* What the books do not tell of, they leave open: how a call fails, modifiers, MEM_RESET. */
void naive_decide_98(const struct pagelaw_call *call, struct naive_answer *answer)
{
    bool resets = allocates(call) && (call->type & MEM_RESET);
    answer->open |= resets || (call->protect & MODIFIERS);
    answer->old_on_failure = false;
    if (answer->succeeds)
        return;
    if (answer->protects_shared) /* 9X-PROTECT-SHARED */
        answer->open |= answer->protect == PAGE_READONLY || answer->protect == PAGE_NOACCESS;
    else
        answer->any_failure = true;
}
