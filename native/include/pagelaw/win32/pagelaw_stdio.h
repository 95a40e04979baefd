/* The printf family with Microsoft's formats, under its usual names.
 *
 * A Windows program's formats (%I64u, %Id, %lu for a DWORD, %p, %S) mean other things to a host. So
 * these functions are bound to own ones that translate them, wherever the program calls them by
 * name or by pointer. The compiler's own check, which knows the host's formats, is off then.
 * PAGELAW_HOST_PRINTF, defined before the first of these headers, leaves all of that as it is. */
#ifndef PAGELAW_WIN32_STDIO_H
#define PAGELAW_WIN32_STDIO_H

#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>
#ifdef __cplusplus
#include <cstdio>
#include <cwchar>
#endif

#ifdef __cplusplus
extern "C" {
#endif

int pagelaw_printf(const char *format, ...);
int pagelaw_fprintf(FILE *file, const char *format, ...);
int pagelaw_sprintf(char *text, const char *format, ...);
int pagelaw_snprintf(char *text, size_t size, const char *format, ...);
int pagelaw_vprintf(const char *format, va_list arguments);
int pagelaw_vfprintf(FILE *file, const char *format, va_list arguments);
int pagelaw_vsprintf(char *text, const char *format, va_list arguments);
int pagelaw_vsnprintf(char *text, size_t size, const char *format, va_list arguments);

/* The length of what they print may be Microsoft's -1, and then the text has no end. */
int _snprintf(char *text, size_t size, const char *format, ...);
int _vsnprintf(char *text, size_t size, const char *format, va_list arguments);
int _snwprintf(wchar_t *text, size_t size, const wchar_t *format, ...);
int _vsnwprintf(wchar_t *text, size_t size, const wchar_t *format, va_list arguments);

/* %s and %c are wide here, as Microsoft has it. */
int pagelaw_wprintf(const wchar_t *format, ...);
int pagelaw_fwprintf(FILE *file, const wchar_t *format, ...);
int pagelaw_swprintf(wchar_t *text, size_t size, const wchar_t *format, ...);
int pagelaw_vwprintf(const wchar_t *format, va_list arguments);
int pagelaw_vfwprintf(FILE *file, const wchar_t *format, va_list arguments);
int pagelaw_vswprintf(wchar_t *text, size_t size, const wchar_t *format, va_list arguments);
int _swprintf(wchar_t *text, const wchar_t *format, ...);

/* What glibc's headers make of a call under _FORTIFY_SOURCE. */
int pagelaw_printf_chk(int flag, const char *format, ...);
int pagelaw_fprintf_chk(FILE *file, int flag, const char *format, ...);

#ifndef PAGELAW_HOST_PRINTF

#pragma GCC diagnostic ignored "-Wformat"
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wformat-extra-args"
#pragma GCC diagnostic ignored "-Wformat-overflow"
#pragma GCC diagnostic ignored "-Wformat-truncation"
#endif

#if defined(__USE_FORTIFY_LEVEL) && __USE_FORTIFY_LEVEL > 0
#define PAGELAW_FORTIFIED 1
#else
#define PAGELAW_FORTIFIED 0
#endif

#undef printf
#undef fprintf
#undef sprintf
#undef snprintf
#undef vprintf
#undef vfprintf
#undef vsprintf
#undef vsnprintf
#undef wprintf
#undef fwprintf
#undef swprintf
#undef vwprintf
#undef vfwprintf
#undef vswprintf

/* The host's headers have bodies for these, which cannot be bound to anything else. */
#define vprintf(...) pagelaw_vprintf(__VA_ARGS__)
#define vfprintf(...) pagelaw_vfprintf(__VA_ARGS__)
#define vsprintf(...) pagelaw_vsprintf(__VA_ARGS__)
#define vsnprintf(...) pagelaw_vsnprintf(__VA_ARGS__)
#define vwprintf(...) pagelaw_vwprintf(__VA_ARGS__)
#define vfwprintf(...) pagelaw_vfwprintf(__VA_ARGS__)
#define vswprintf(...) pagelaw_vswprintf(__VA_ARGS__)
#define swprintf(...) pagelaw_swprintf(__VA_ARGS__)

#ifndef __cplusplus

/* gcc believes that it knows how much they write, if it knows them. */
#define sprintf(...) pagelaw_sprintf(__VA_ARGS__)
#define snprintf(...) pagelaw_snprintf(__VA_ARGS__)
#if PAGELAW_FORTIFIED
#define printf(...) pagelaw_printf(__VA_ARGS__)
#define fprintf(...) pagelaw_fprintf(__VA_ARGS__)
#define wprintf(...) pagelaw_wprintf(__VA_ARGS__)
#define fwprintf(...) pagelaw_fwprintf(__VA_ARGS__)
#endif

#else

/* A declaration that is repeated has to throw as little as the first one. */
#ifdef __GLIBC__
#define PAGELAW_THROW __THROW
#else
#define PAGELAW_THROW
#endif

/* gcc does not let the functions be bound that its own headers make of a sprintf. */
#if PAGELAW_FORTIFIED && !defined(__clang__)
#define sprintf(...) pagelaw_sprintf(__VA_ARGS__)
#define snprintf(...) pagelaw_snprintf(__VA_ARGS__)
extern int __printf_chk(int, const char *__restrict, ...) __asm__("pagelaw_printf_chk");
extern int __fprintf_chk(FILE *__restrict, int, const char *__restrict,
                         ...) __asm__("pagelaw_fprintf_chk");
#else
extern int sprintf(char *__restrict, const char *__restrict, ...) PAGELAW_THROW
    __asm__("pagelaw_sprintf");
extern int snprintf(char *__restrict, size_t, const char *__restrict, ...) PAGELAW_THROW
    __asm__("pagelaw_snprintf");
#endif
#undef PAGELAW_THROW

#endif

#if !PAGELAW_FORTIFIED || (defined(__cplusplus) && defined(__clang__))
extern int printf(const char *__restrict, ...) __asm__("pagelaw_printf");
extern int fprintf(FILE *__restrict, const char *__restrict, ...) __asm__("pagelaw_fprintf");
extern int wprintf(const wchar_t *__restrict, ...) __asm__("pagelaw_wprintf");
extern int fwprintf(FILE *__restrict, const wchar_t *__restrict, ...) __asm__("pagelaw_fwprintf");
#endif

#undef PAGELAW_FORTIFIED

#endif

#ifdef __cplusplus
}

/* By their own names once more: to clang a name of std is the declaration that was there then. */
namespace std
{
using ::fprintf;
using ::fwprintf;
using ::pagelaw_snprintf;
using ::pagelaw_sprintf;
using ::pagelaw_swprintf;
using ::pagelaw_vfprintf;
using ::pagelaw_vfwprintf;
using ::pagelaw_vprintf;
using ::pagelaw_vsnprintf;
using ::pagelaw_vsprintf;
using ::pagelaw_vswprintf;
using ::pagelaw_vwprintf;
using ::printf;
using ::snprintf;
using ::sprintf;
using ::wprintf;
} // namespace std
#endif

#endif
