// The model by itself: a process in an address space of its own.
#include <cstdio>
#include <cstdlib>

#include "pagelaw/constants.h"
#include "pagelaw/model.h"

static void *resize(void *, void *block, size_t, size_t size)
{
    if (size != 0)
        return std::realloc(block, size);
    std::free(block);
    return nullptr;
}

int main()
{
    const pagelaw_heap heap = {resize, nullptr};
    pagelaw_model *model = pagelaw_model_create(pagelaw_profile_find("windows-11-x64"), &heap);
    pagelaw_virtual_alloc(model, 0, 5000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    std::printf("charge %llu\n", (unsigned long long)pagelaw_model_charge(model));
    std::printf("%s\n", pagelaw_rule_info(pagelaw_rule_find("VA-ALIGN-BASE"))->id);
    pagelaw_returned returned;
    pagelaw_end_process(model, &returned);
    std::printf("allocations %llu\n", (unsigned long long)returned.allocations);
    pagelaw_model_destroy(model);
}
