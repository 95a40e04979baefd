/* Every scenario, by name: the model, under every profile, against the scenario's pins and against
 * itself; and as every Windows that the documents know, against the documents. */
#include <criterion/criterion.h>

#include "lawful.h"
#include "scenario_run.h"
#include "suite/model_backend.h"

static void check_one(size_t index, const struct backend *backend,
                      const struct pagelaw_profile *held_to)
{
    struct subject_info info = {.pointer_bytes = 0};
    char error[128];
    cr_assert(backend->start(&info, error, sizeof error), "%s", error);
    scenario_must_agree(index, backend, &info, held_to);
}

/* Whoever does otherwise than the model within the law does not differ, whatever is pinned. */
static void check_lawful(size_t index, const struct pagelaw_profile *profile)
{
    for (enum whim whim = 0; whim < WHIM_END; whim++)
        check_one(index, lawful_backend(profile, whim), profile);
}

/* No document is known to be wrong of a Windows: where one is, its rule has a contradiction. */
static void check_by_documents(size_t index, const struct pagelaw_profile *documents)
{
    const struct pagelaw_profile *played;
    for (size_t i = 0; (played = pagelaw_profile_at(i)) != NULL; i++) {
        if (played != documents && played->pointer_bytes == documents->pointer_bytes &&
            played->page_size == documents->page_size &&
            played->address_max == documents->address_max)
            check_one(index, model_backend_for(played), documents);
    }
}

static void check(size_t index)
{
    const struct pagelaw_profile *profile;
    for (size_t i = 0; (profile = pagelaw_profile_at(i)) != NULL; i++) {
        check_one(index, model_backend_for(profile), profile);
        check_lawful(index, profile);
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
