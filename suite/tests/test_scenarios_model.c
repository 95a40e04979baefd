/* Every scenario, by name: the model, under every profile, against the scenario's pins and against
 * itself. */
#include <criterion/criterion.h>

#include "scenario_run.h"
#include "suite/model_backend.h"

static void check(size_t index)
{
    const struct pagelaw_profile *profile;
    for (size_t i = 0; (profile = pagelaw_profile_at(i)) != NULL; i++) {
        struct subject_info info = {.pointer_bytes = 0};
        char error[128];
        const struct backend *backend = model_backend_for(profile);
        cr_assert(backend->start(&info, error, sizeof error), "%s", error);
        scenario_must_agree(index, backend, &info, profile);
    }
}

#define SCENARIO(area, name, index, path)                                                          \
    Test(model_##area, name)                                                                       \
    {                                                                                              \
        check(index);                                                                              \
    }
#include "scenario_list.h"
