/* Every scenario, by name: this machine's backend against the model. */
#include <criterion/criterion.h>

#include "native.h"
#include "pagelaw/profile.h"
#include "scenario_run.h"

static void check(size_t index)
{
    struct subject_info info = {.pointer_bytes = 0};
    char error[128];
    cr_assert(backend_native.start(&info, error, sizeof error), "%s", error);
    scenario_must_agree(index, &backend_native, &info, pagelaw_profile_find("windows-11-x64"));
}

#define SCENARIO(area, name, index, path)                                                          \
    Test(native_##area, name)                                                                      \
    {                                                                                              \
        check(index);                                                                              \
    }
#include "scenario_list.h"
