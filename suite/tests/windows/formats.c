/* Formats as Windows programs write them, by each function that takes one. */
#include <stdio.h>
#include <windows.h>
#include <tchar.h>

static int Log(const char *format, ...)
{
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = vprintf(format, arguments);
    va_end(arguments);
    return count;
}

int main(void)
{
    SIZE_T big = (SIZE_T)1 << 40;
    DWORD number = 0xFFFFFFFF;
    LONG less = -7;
    char text[100];
    TCHAR words[100];

    printf("%lu %ld %lx %08lX\n", number, less, number, number);
    printf("%Iu %Id %Ix %I64u %I64d %I32u\n", big, (SSIZE_T)-5, big, (ULONGLONG)big, -5LL, number);
    printf("%p %p %20p|%-18p|%08p|%.3p\n", (void *)big, (void *)0, (void *)1, (void *)2, (void *)3,
           (void *)4);
    printf("%s %S %ls %hs %c %C %5.2s|%-5s|%%\n", "one", L"two", L"three", "four", 'c', L'C', "abc",
           "ab");
    printf("%5d|%-5d|%05d|%+d|%*d|%.3f|%g|%e\n", 1, 2, 3, 4, 6, 5, 1.5, 2.5, 3.5);
    fprintf(stdout, "%hu %hhu %llu %zu\n", (WORD)65535, (BYTE)255, (ULONGLONG)big, (size_t)big);
    Log("%I64u %lu\n", (ULONGLONG)big, number);
    printf("%d ", sprintf(text, "%I64u", (ULONGLONG)big));
    puts(text);
    printf("%d ", snprintf(text, 5, "%Iu", big));
    puts(text);
    printf("%d\n", _snprintf(text, 5, "%Iu", big));
    _stprintf(words, TEXT("%Iu and %s"), big, TEXT("text"));
    _tprintf(TEXT("%s\n"), words);
    return 0;
}
