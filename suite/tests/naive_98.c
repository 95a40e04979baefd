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

static uint64_t bytes_committed(const struct naive *naive, const struct naive_answer *answer)
{
    uint64_t bytes = 0, page = naive->profile->page_size;
    for (uint64_t at = answer->start; at < answer->end; at += page)
        bytes += naive_look(naive, at)->committed ? page : 0;
    return bytes;
}

/* VF-OLD-SAMESTATE: texts of its time want an allocation to be all reserved or all committed. */
static bool releases_mixed(const struct naive *naive, const struct naive_answer *answer)
{
    uint64_t committed = bytes_committed(naive, answer);
    return answer->releases && committed != 0 && committed != answer->end - answer->start;
}

/* VA-RECOMMIT-PROTECT */
static bool changes_committed(const struct naive *naive, const struct naive_answer *answer)
{
    for (uint64_t at = answer->start; at < answer->end; at += naive->profile->page_size) {
        const struct naive_page *page = naive_look(naive, at);
        if (page->committed && page->protect != answer->protect)
            return true;
    }
    return false;
}

/* 9X-PROT-SET tells of a reserve. */
static bool executes_later(const struct pagelaw_call *call)
{
    return (call->protect == PAGE_EXECUTE || call->protect == PAGE_EXECUTE_READ ||
            call->protect == PAGE_EXECUTE_READWRITE) &&
           !(allocates(call) && (call->type & MEM_RESERVE));
}

/* What the books do not tell of, they leave open: what was seen of Windows NT alone, how a call
 * fails, modifiers, MEM_RESET. */
void naive_decide_98(const struct naive *naive, const struct pagelaw_call *call,
                     struct naive_answer *answer)
{
    bool resets = allocates(call) && (call->type & MEM_RESET);
    answer->open |= answer->of_nt || resets || (call->protect & MODIFIERS) || executes_later(call);
    answer->old_on_failure = false;
    if (answer->succeeds) {
        answer->open |= releases_mixed(naive, answer);
        answer->open |= answer->commits && !answer->reserves && changes_committed(naive, answer);
        return;
    }
    if (answer->protects_shared) /* 9X-PROTECT-SHARED */
        answer->open |= answer->protect == PAGE_READONLY || answer->protect == PAGE_NOACCESS;
    else
        answer->any_failure = true;
}
