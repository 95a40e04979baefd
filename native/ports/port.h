/* What a port exports and what it needs to say it: for a host without <windows.h>.
 *
 * A port is a shared library with these functions, under these names, with the host's C calling
 * convention. Only VirtualAlloc and VirtualFree are required; a scenario's step that needs one that
 * is missing is *unsupported*. The names of types and constants are Windows's, so that code which
 * has Windows's headers, or its own like them, needs this file not at all. */
#ifndef PORT_H
#define PORT_H

#include <stddef.h>
#include <stdint.h>

#define PORT_EXPORT __attribute__((visibility("default")))

typedef int32_t BOOL;
typedef uint32_t DWORD;
typedef uint16_t WORD;
typedef void *LPVOID;
typedef size_t SIZE_T;

#define TRUE 1
#define FALSE 0

#define MEM_COMMIT 0x00001000u
#define MEM_RESERVE 0x00002000u
#define MEM_DECOMMIT 0x00004000u
#define MEM_RELEASE 0x00008000u
#define MEM_FREE 0x00010000u
#define MEM_PRIVATE 0x00020000u
#define MEM_RESET 0x00080000u
#define MEM_TOP_DOWN 0x00100000u

#define PAGE_NOACCESS 0x01u
#define PAGE_READONLY 0x02u
#define PAGE_READWRITE 0x04u
#define PAGE_WRITECOPY 0x08u
#define PAGE_EXECUTE 0x10u
#define PAGE_EXECUTE_READ 0x20u
#define PAGE_EXECUTE_READWRITE 0x40u
#define PAGE_EXECUTE_WRITECOPY 0x80u
#define PAGE_GUARD 0x100u
#define PAGE_NOCACHE 0x200u
#define PAGE_WRITECOMBINE 0x400u

#define ERROR_NOT_ENOUGH_MEMORY 8u
#define ERROR_BAD_LENGTH 24u
#define ERROR_INVALID_PARAMETER 87u
#define ERROR_INVALID_ADDRESS 487u
#define ERROR_NOACCESS 998u
#define ERROR_COMMITMENT_LIMIT 1455u

#define STATUS_GUARD_PAGE_VIOLATION 0x80000001u
#define STATUS_ACCESS_VIOLATION 0xC0000005u

typedef struct {
    LPVOID BaseAddress;
    LPVOID AllocationBase;
    DWORD AllocationProtect;
    SIZE_T RegionSize;
    DWORD State;
    DWORD Protect;
    DWORD Type;
} MEMORY_BASIC_INFORMATION;

typedef struct {
    DWORD dwOemId;
    DWORD dwPageSize;
    LPVOID lpMinimumApplicationAddress;
    LPVOID lpMaximumApplicationAddress;
    uintptr_t dwActiveProcessorMask;
    DWORD dwNumberOfProcessors;
    DWORD dwProcessorType;
    DWORD dwAllocationGranularity;
    WORD wProcessorLevel;
    WORD wProcessorRevision;
} SYSTEM_INFO;

PORT_EXPORT LPVOID VirtualAlloc(LPVOID address, SIZE_T size, DWORD type, DWORD protect);
PORT_EXPORT BOOL VirtualFree(LPVOID address, SIZE_T size, DWORD type);
PORT_EXPORT BOOL VirtualProtect(LPVOID address, SIZE_T size, DWORD protect, DWORD *old_protect);
PORT_EXPORT SIZE_T VirtualQuery(const void *address, MEMORY_BASIC_INFORMATION *information,
                                SIZE_T length);
PORT_EXPORT void GetSystemInfo(SYSTEM_INFO *information);
PORT_EXPORT DWORD GetLastError(void);
PORT_EXPORT void SetLastError(DWORD error);

/* A touch of `address` has faulted. access: 0 read, 1 write, 8 execute. Returns 0 if the port has
 * dealt with it and the touch is to be made again, or the code of the exception that Windows would
 * raise. It is called in a signal's handler, on the thread that touched, which is in no other
 * function of the port's then. */
PORT_EXPORT uint32_t PortFault(void *address, uint32_t access);

/* From now on at most `bytes` more may be committed than are at this moment. FALSE if it cannot be
 * limited. */
PORT_EXPORT BOOL PortCommitLimit(uint64_t bytes);

#endif
