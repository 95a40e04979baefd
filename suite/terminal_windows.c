/* The terminal and the shell on Windows. */
#include <windows.h>

#include "suite/terminal.h"

const char *const terminal_shell[2] = {"cmd.exe", "/c"};

unsigned terminal_width(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    if (!GetConsoleScreenBufferInfo(GetStdHandle(STD_OUTPUT_HANDLE), &info))
        return 80;
    return (unsigned)(info.srWindow.Right - info.srWindow.Left + 1);
}

/* Whether the console takes ECMA-48 sequences, or can be made to. */
static bool takes_sequences(DWORD which)
{
    DWORD mode;
    HANDLE console = GetStdHandle(which);
    return GetConsoleMode(console, &mode) &&
           SetConsoleMode(console, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}

bool terminal_colour(void)
{
    return GetEnvironmentVariableA("NO_COLOR", NULL, 0) <= 1 && takes_sequences(STD_OUTPUT_HANDLE);
}

bool terminal_shows_progress(void)
{
    return takes_sequences(STD_ERROR_HANDLE);
}
