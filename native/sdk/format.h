/* Microsoft's printf formats, in the host's words. */
#ifndef NATIVE_SDK_FORMAT_H
#define NATIVE_SDK_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

/* A format of the host's that prints what Microsoft's prints, for the same arguments:
 *
 *   I64 and ll are 64 bits, I and z a pointer's, I32, l and nothing 32, h 16, hh 8;
 *   %p is 16 digits in capitals; %s and %c are of the function's own characters, %S and %C
 *   of the other; h before any of them means char, and l and w mean wchar_t.
 *
 * Returns `format` itself if nothing is to be changed; otherwise a copy for the caller to free, or
 * NULL if there is no memory. */
char *format_translate(const char *format);
wchar_t *format_translate_wide(const wchar_t *format);

#endif
