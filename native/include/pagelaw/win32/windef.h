/* The basic types of the Windows SDK, and the words that Microsoft's compiler adds to C. */
#ifndef PAGELAW_WIN32_WINDEF_H
#define PAGELAW_WIN32_WINDEF_H

#include <stdarg.h>
#include <stddef.h>
#include <wchar.h>

#include "basetsd.h"

#if !defined(__LP64__)
#error "pagelaw: these headers are for 64-bit hosts"
#endif

/* ---- Microsoft's words ----------------------------------------------------------------------- */

/* On a host there is one calling convention. */
#define WINAPI
#define APIENTRY
#define CALLBACK
#define NTAPI
#define WINAPIV
#define WINBASEAPI
#define NTSYSAPI
#ifndef __cdecl
#define __cdecl
#define __stdcall
#define __fastcall
#define __vectorcall
#define _cdecl
#define _stdcall
#endif

#ifndef __int64
#define __int8 char
#define __int16 short
#define __int32 int
#define __int64 long long
#define _int64 long long
#endif

#ifndef __forceinline
#define __forceinline inline __attribute__((__always_inline__))
#endif
#define FORCEINLINE static inline __attribute__((__always_inline__, __unused__))
#ifndef _inline
#define _inline inline
#endif

#ifndef __declspec
#define __declspec(word) PAGELAW_DECLSPEC_##word
#endif
#define PAGELAW_DECLSPEC_noinline __attribute__((__noinline__))
#define PAGELAW_DECLSPEC_noreturn __attribute__((__noreturn__))
#define PAGELAW_DECLSPEC_naked __attribute__((__naked__))
#define PAGELAW_DECLSPEC_thread __thread
#define PAGELAW_DECLSPEC_restrict
#define PAGELAW_DECLSPEC_noalias
#define PAGELAW_DECLSPEC_nothrow __attribute__((__nothrow__))
#define PAGELAW_DECLSPEC_selectany __attribute__((__weak__))
#define PAGELAW_DECLSPEC_dllimport
#define PAGELAW_DECLSPEC_dllexport __attribute__((__visibility__("default")))
#define PAGELAW_DECLSPEC_align(bytes) __attribute__((__aligned__(bytes)))
#define DECLSPEC_NORETURN __attribute__((__noreturn__))
#define DECLSPEC_NOINLINE __attribute__((__noinline__))
#define DECLSPEC_ALIGN(bytes) __attribute__((__aligned__(bytes)))

#ifdef __cplusplus
#define EXTERN_C extern "C"
#else
#define EXTERN_C extern
#endif

/* What the SDK says of a parameter, for a reader. */
#ifndef IN
#define IN
#define OUT
#define OPTIONAL
#endif
#ifndef _In_
#define _In_
#define _In_opt_
#define _Inout_
#define _Inout_opt_
#define _Out_
#define _Out_opt_
#define _Outptr_
#define _Ret_maybenull_
#define _In_reads_(size)
#define _In_reads_bytes_(size)
#define _Out_writes_(size)
#define _Out_writes_bytes_(size)
#define _Use_decl_annotations_
#define _Success_(condition)
#define _Check_return_
#endif

#define UNREFERENCED_PARAMETER(parameter) ((void)(parameter))
#define DBG_UNREFERENCED_PARAMETER(parameter) ((void)(parameter))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(variable) ((void)(variable))

/* ---- Types ----------------------------------------------------------------------------------- */

#define VOID void
#define CONST const

typedef char CHAR, *PCHAR, *LPCH, *PCH;
typedef unsigned char UCHAR, *PUCHAR;
typedef short SHORT, *PSHORT;
typedef unsigned short USHORT, *PUSHORT;
typedef int INT, *PINT, *LPINT;
typedef unsigned int UINT, *PUINT, *LPUINT;
typedef int LONG, *PLONG, *LPLONG;
typedef unsigned int ULONG, *PULONG;
typedef long long LONGLONG, *PLONGLONG;
typedef unsigned long long ULONGLONG, *PULONGLONG;
typedef unsigned long long DWORDLONG, *PDWORDLONG;
typedef float FLOAT, *PFLOAT;
typedef double DOUBLE;

typedef unsigned char BYTE, *PBYTE, *LPBYTE;
typedef unsigned short WORD, *PWORD, *LPWORD;
typedef unsigned int DWORD, *PDWORD, *LPDWORD;
typedef int BOOL, *PBOOL, *LPBOOL;
typedef unsigned char BOOLEAN, *PBOOLEAN;

typedef void *PVOID, *LPVOID;
typedef const void *LPCVOID;
typedef void *HANDLE, **PHANDLE, **LPHANDLE;
typedef HANDLE HMODULE, HINSTANCE, HGLOBAL, HLOCAL;
typedef LONG HRESULT;
typedef LONG NTSTATUS, *PNTSTATUS;

/* The host's wide character, so that L"" is one: it has the host's size, not Windows's. */
typedef wchar_t WCHAR, *PWCHAR, *LPWCH, *PWCH;

typedef CHAR *LPSTR, *PSTR, *NPSTR;
typedef const CHAR *LPCSTR, *PCSTR, *LPCCH, *PCCH;
typedef WCHAR *LPWSTR, *PWSTR;
typedef const WCHAR *LPCWSTR, *PCWSTR, *LPCWCH, *PCWCH;

typedef union _LARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        LONG HighPart;
    };
    struct {
        DWORD LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        DWORD HighPart;
    };
    struct {
        DWORD LowPart;
        DWORD HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef INT_PTR (*FARPROC)(void);

#ifndef TRUE
#define FALSE 0
#define TRUE 1
#endif

#ifndef MAX_PATH
#define MAX_PATH 260
#endif

/* C++ sources say NOMINMAX if they want std::min; those of a host need not to know. */
#if !defined(NOMINMAX) && !defined(__cplusplus)
#ifndef max
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif
#ifndef min
#define min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#endif

#define MAKEWORD(low, high)                                                                        \
    ((WORD)(((BYTE)((DWORD_PTR)(low)&0xFF)) | ((WORD)((BYTE)((DWORD_PTR)(high)&0xFF))) << 8))
#define MAKELONG(low, high)                                                                        \
    ((LONG)(((WORD)((DWORD_PTR)(low)&0xFFFF)) | ((DWORD)((WORD)((DWORD_PTR)(high)&0xFFFF))) << 16))
#define LOWORD(value) ((WORD)((DWORD_PTR)(value)&0xFFFF))
#define HIWORD(value) ((WORD)(((DWORD_PTR)(value) >> 16) & 0xFFFF))
#define LOBYTE(value) ((BYTE)((DWORD_PTR)(value)&0xFF))
#define HIBYTE(value) ((BYTE)(((DWORD_PTR)(value) >> 8) & 0xFF))

/* ---- Text ------------------------------------------------------------------------------------ */

/* TCHAR is char, and wchar_t if UNICODE is defined. */
#if defined(UNICODE) || defined(_UNICODE)
typedef WCHAR TCHAR, *PTCHAR;
typedef LPWSTR LPTSTR, PTSTR, LPTCH, PTCH;
typedef LPCWSTR LPCTSTR, PCTSTR;
#define __TEXT(literal) L##literal
#else
typedef char TCHAR, *PTCHAR;
typedef LPSTR LPTSTR, PTSTR, LPTCH, PTCH;
typedef LPCSTR LPCTSTR, PCTSTR;
#define __TEXT(literal) literal
#endif
#define TEXT(literal) __TEXT(literal)
typedef unsigned char TBYTE, *PTBYTE;

#endif
