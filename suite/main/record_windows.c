/* On Windows there is nothing that records calls: its own memory API tells nobody of them. */
#include "record.h"

void record_occupy_standard(void)
{
}

bool record_run(char *const *argv, FILE *file, const char *path, bool with_relay,
                struct record_counts *counts, char *error, size_t capacity)
{
    (void)argv, (void)file, (void)path, (void)with_relay, (void)counts;
    snprintf(error, capacity,
             "calls can be recorded in Wine and in Pagelaw's layer only, which "
             "run on other systems; pagelaw judge takes their traces here too");
    return false;
}
