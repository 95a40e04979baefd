/* Every scenario, by name: the model, under every profile, against the scenario's pins and against
 * itself; and as every Windows that the documents know, against the documents. */
#include <criterion/criterion.h>

#include "scenario_run.h"
#include "suite/model_backend.h"

static void check_as(size_t index, const struct pagelaw_profile *played,
                     const struct pagelaw_profile *held_to)
{
    struct subject_info info = {.pointer_bytes = 0};
    char error[128];
    const struct backend *backend = model_backend_for(played);
    cr_assert(backend->start(&info, error, sizeof error), "%s", error);
    scenario_must_agree(index, backend, &info, held_to);
}

/* No document is known to be wrong of a Windows: where one is, its rule has a contradiction. */
static void check_by_documents(size_t index, const struct pagelaw_profile *documents)
{
    const struct pagelaw_profile *played;
    for (size_t i = 0; (played = pagelaw_profile_at(i)) != NULL; i++) {
        if (played != documents && played->pointer_bytes == documents->pointer_bytes &&
            played->page_size == documents->page_size &&
            played->address_max == documents->address_max)
            check_as(index, played, documents);
    }
}

static void check(size_t index)
{
    const struct pagelaw_profile *profile;
    for (size_t i = 0; (profile = pagelaw_profile_at(i)) != NULL; i++) {
        check_as(index, profile, profile);
        if (profile->quirks & PAGELAW_QUIRK_DOCUMENTS_ONLY)
            check_by_documents(index, profile);
    }
}

#define SCENARIO(area, name, index, path)                                                          \
    Test(model_##area, name)                                                                       \
    {                                                                                              \
        check(index);                                                                              \
    }
#include "scenario_list.h"
