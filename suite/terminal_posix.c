/* The terminal and the shell on POSIX systems. */
#include "suite/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

const char *const terminal_shell[2] = {"/bin/sh", "-c"};

static bool is_dumb(void)
{
    const char *terminal = getenv("TERM");
    return terminal == NULL || *terminal == '\0' || strcmp(terminal, "dumb") == 0;
}

unsigned terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return 80;
    return size.ws_col;
}

bool terminal_colour(void)
{
    const char *no_colour = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) != 0 && !is_dumb() && (no_colour == NULL || *no_colour == '\0');
}

bool terminal_shows_progress(void)
{
    return isatty(STDERR_FILENO) != 0 && !is_dumb();
}
