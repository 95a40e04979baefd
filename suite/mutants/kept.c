/* What pages held when they were taken away. */
#include "kept.h"

#include "answer.h"
#include "pagelaw/constants.h"

#define KEPT_MAX 32

static struct kept {
    uint64_t page;
    uint8_t bytes[KEPT_PAGE_MAX];
} kept[KEPT_MAX];
static unsigned kept_count;

void kept_forget(void)
{
    kept_count = 0;
}

bool kept_add(struct pagelaw_model *model, uint64_t page)
{
    bool holds = false;
    if (kept_count == KEPT_MAX)
        return false;
    kept[kept_count].page = page;
    for (uint32_t i = 0; i < pagelaw_model_profile(model)->page_size; i++) {
        kept[kept_count].bytes[i] = pagelaw_byte(model, page + i);
        holds |= kept[kept_count].bytes[i] != 0;
    }
    kept_count += holds;
    return holds;
}

bool kept_give_back(struct pagelaw_model *model)
{
    unsigned left = 0;
    for (unsigned i = 0; i < kept_count; i++) {
        if (region_at(model, kept[i].page).state == MEM_COMMIT)
            fill_page(model, kept[i].page, 0, kept[i].bytes);
        else
            kept[left++] = kept[i];
    }
    bool gave = left != kept_count;
    kept_count = left;
    return gave;
}
