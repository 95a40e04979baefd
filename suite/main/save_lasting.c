/* Saving a file that lasts. */
#include "save_lasting.h"

#include "save.h"

struct lasting {
    bool (*write)(const void *what, FILE *out);
    const void *what;
};

static bool write_lasting(const void *what, FILE *out)
{
    const struct lasting *lasting = what;
    return lasting->write(lasting->what, out) && fflush(out) == 0 && file_settle(out);
}

bool save_lasting(const char *path, bool (*write)(const void *what, FILE *out), const void *what)
{
    const struct lasting lasting = {write, what};
    return save_file(path, write_lasting, &lasting);
}
