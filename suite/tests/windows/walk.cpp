// The address space walked by VirtualQuery, with the standard library's headers on both sides.
#include <map>
#include <vector>
#include <Windows.h>
#include <winternl.h>
#include <tchar.h>
#include <list>
#include <regex>
#include <string>
#include <thread>

class Reservation
{
  public:
    explicit Reservation(SIZE_T size)
        : base_(static_cast<BYTE *>(VirtualAlloc(nullptr, size, MEM_RESERVE, PAGE_NOACCESS)))
    {
    }
    ~Reservation()
    {
        VirtualFree(base_, 0, MEM_RELEASE);
    }
    BYTE *At(SIZE_T offset) const
    {
        return base_ + offset;
    }

  private:
    BYTE *base_;
};

static std::vector<MEMORY_BASIC_INFORMATION> Walk(BYTE *begin, BYTE *end)
{
    std::vector<MEMORY_BASIC_INFORMATION> rows;
    MEMORY_BASIC_INFORMATION info;
    while (begin < end && VirtualQuery(begin, &info, sizeof info) == sizeof info) {
        rows.push_back(info);
        begin = static_cast<BYTE *>(info.BaseAddress) + info.RegionSize;
    }
    return rows;
}

static DWORD Touch(BYTE *at)
{
    DWORD volatile code = 0;
    __try {
        *static_cast<volatile BYTE *>(at) = 1;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        code = GetExceptionCode();
    }
    return code;
}

int _tmain()
{
    const SIZE_T page = 4096;
    Reservation room(16 * page);
    std::map<DWORD, std::string> names{
        {MEM_COMMIT, "committed"}, {MEM_RESERVE, "reserved"}, {MEM_FREE, "free"}};
    VirtualAlloc(room.At(4 * page), 2 * page, MEM_COMMIT, PAGE_READWRITE);
    VirtualAlloc(room.At(5 * page), page, MEM_COMMIT, PAGE_READONLY);
    for (const auto &row : Walk(room.At(0), room.At(16 * page)))
        _tprintf(_T("%I64u: %Iu bytes %s, protection 0x%02lX\n"),
                 ULONGLONG(static_cast<BYTE *>(row.BaseAddress) - room.At(0)), row.RegionSize,
                 names[row.State].c_str(), row.Protect);

    DWORD codes[2] = {0, 0};
    std::thread([&] { codes[0] = Touch(room.At(0)); }).join();
    codes[1] = Touch(room.At(4 * page));
    std::printf("0x%08lX 0x%08lX\n", codes[0], codes[1]);

    PVOID base = room.At(4 * page);
    SIZE_T size = page;
    NTSTATUS status = NtFreeVirtualMemory(NtCurrentProcess(), &base, &size, MEM_DECOMMIT);
    std::printf("0x%08lX %d\n", (ULONG)status, NT_SUCCESS(status));
    status = NtFreeVirtualMemory(NtCurrentProcess(), &base, &size, 0);
    std::printf("0x%08lX %lu\n", (ULONG)status, RtlNtStatusToDosError(status));

    const ULONGLONG large = 0x123456789;
    char text[2][32];
    wchar_t wide[32];
    std::sprintf(text[0], "%I64u", large);
    std::snprintf(text[1], sizeof text[1], "%I64x", large);
    std::swprintf(wide, sizeof wide / sizeof wide[0], L"%I64X", large);
    std::printf("%I64d %s %s %ls\n", LONGLONG(large), text[0], text[1], wide);
    std::fprintf(stdout, "%I64d\n", LONGLONG(large));
    try {
        std::vector<int>().at(3);
    } catch (const std::exception &) {
        std::puts(std::to_wstring(1L << 40).size() == 13 ? "caught" : "cut");
    }
    return 0;
}
