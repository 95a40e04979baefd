/* The names that mean char functions, and wchar_t functions if UNICODE is defined. */
#ifndef PAGELAW_WIN32_TCHAR_H
#define PAGELAW_WIN32_TCHAR_H

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>
#include <wctype.h>
#include <ctype.h>

#include "pagelaw_stdio.h"
#include "windef.h"

/* `void _tmain(void)` is what some samples have. */
#ifdef __clang__
#pragma clang diagnostic ignored "-Wmain-return-type"
#else
#pragma GCC diagnostic ignored "-Wmain"
#endif

/* Of the host's, which keeps them to itself when it is asked for strict C. */
#if defined(__STRICT_ANSI__) && !defined(__cplusplus)
extern char *strdup(const char *);
extern wchar_t *wcsdup(const wchar_t *);
extern int wcscasecmp(const wchar_t *, const wchar_t *);
extern int wcsncasecmp(const wchar_t *, const wchar_t *, size_t);
#endif

#define _T(literal) __TEXT(literal)
#define __T(literal) __TEXT(literal)

#if defined(UNICODE) || defined(_UNICODE)

typedef wint_t _TINT;
typedef WCHAR _TCHAR, _TSCHAR, _TUCHAR, _TXCHAR;

#define _tmain wmain
#define _tprintf pagelaw_wprintf
#define _ftprintf pagelaw_fwprintf
#define _stprintf _swprintf
#define _sntprintf _snwprintf
#define _stprintf_s pagelaw_swprintf
#define _vtprintf pagelaw_vwprintf
#define _vftprintf pagelaw_vfwprintf
#define _vsntprintf _vsnwprintf
#define _tscanf wscanf
#define _stscanf swscanf
#define _fgetts fgetws
#define _fputts fputws
#define _puttchar putwchar
#define _fputtc fputwc
#define _gettchar getwchar
#define _putts(text) (fputws((text), stdout) < 0 || fputwc(L'\n', stdout) == WEOF ? -1 : 0)
#define _tcslen wcslen
#define _tcscpy wcscpy
#define _tcsncpy wcsncpy
#define _tcscat wcscat
#define _tcsncat wcsncat
#define _tcscmp wcscmp
#define _tcsncmp wcsncmp
#define _tcsicmp wcscasecmp
#define _tcsnicmp wcsncasecmp
#define _tcschr wcschr
#define _tcsrchr wcsrchr
#define _tcsstr wcsstr
#define _tcstok(text, set) pagelaw_wcstok((text), (set))
#define _tcsdup wcsdup
#define _tcstol wcstol
#define _tcstoul wcstoul
#define _tcstod wcstod
#define _tcstoi64 wcstoll
#define _tcstoui64 wcstoull
#define _ttoi(text) ((int)wcstol((text), NULL, 10))
#define _ttol(text) ((LONG)wcstol((text), NULL, 10))
#define _ttoi64(text) wcstoll((text), NULL, 10)
#define _istdigit iswdigit
#define _istalpha iswalpha
#define _istspace iswspace
#define _totupper towupper
#define _totlower towlower
#define _TEOF WEOF

/* Microsoft's has no third parameter. */
static inline __attribute__((__unused__)) wchar_t *pagelaw_wcstok(wchar_t *text, const wchar_t *set)
{
    static __thread wchar_t *rest;
    return wcstok(text, set, &rest);
}

#else

typedef int _TINT;
typedef char _TCHAR;
typedef signed char _TSCHAR;
typedef unsigned char _TUCHAR;
typedef char _TXCHAR;

#define _tmain main
#define _tprintf pagelaw_printf
#define _ftprintf pagelaw_fprintf
#define _stprintf pagelaw_sprintf
#define _sntprintf _snprintf
#define _stprintf_s pagelaw_snprintf
#define _vtprintf pagelaw_vprintf
#define _vftprintf pagelaw_vfprintf
#define _vsntprintf _vsnprintf
#define _tscanf scanf
#define _stscanf sscanf
#define _fgetts fgets
#define _fputts fputs
#define _puttchar putchar
#define _fputtc fputc
#define _gettchar getchar
#define _putts puts
#define _tcslen strlen
#define _tcscpy strcpy
#define _tcsncpy strncpy
#define _tcscat strcat
#define _tcsncat strncat
#define _tcscmp strcmp
#define _tcsncmp strncmp
#define _tcsicmp strcasecmp
#define _tcsnicmp strncasecmp
#define _tcschr strchr
#define _tcsrchr strrchr
#define _tcsstr strstr
#define _tcstok strtok
#define _tcsdup strdup
#define _tcstol strtol
#define _tcstoul strtoul
#define _tcstod strtod
#define _tcstoi64 strtoll
#define _tcstoui64 strtoull
#define _ttoi atoi
#define _ttol(text) ((LONG)atol(text))
#define _ttoi64 atoll
#define _istdigit isdigit
#define _istalpha isalpha
#define _istspace isspace
#define _totupper toupper
#define _totlower tolower
#define _TEOF EOF

#endif

#endif
