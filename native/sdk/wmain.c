/* main for a program that has wmain, its arguments as wide characters: the linker takes this file
 * only if the program has no main of its own. C++ gives a wmain a name for each list of
 * parameters. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

typedef int entry(int argc, wchar_t **argv, wchar_t **envp);

extern entry wmain __attribute__((__weak__));
extern entry wmain_v __asm__("_Z5wmainv") __attribute__((__weak__));
extern entry wmain_ipp __asm__("_Z5wmainiPPw") __attribute__((__weak__));
extern entry wmain_ippk __asm__("_Z5wmainiPPKw") __attribute__((__weak__));
extern entry wmain_ipppp __asm__("_Z5wmainiPPwS0_") __attribute__((__weak__));

static wchar_t *widen(const char *text)
{
    size_t length = strlen(text);
    wchar_t *wide = calloc(length + 1, sizeof *wide);
    if (wide != NULL && mbstowcs(wide, text, length) == (size_t)-1)
        for (size_t i = 0; i < length; i++)
            wide[i] = (unsigned char)text[i];
    return wide;
}

static wchar_t **widen_all(char **texts)
{
    size_t count = 0;
    while (texts[count] != NULL)
        count++;
    wchar_t **wide = calloc(count + 1, sizeof *wide);
    for (size_t i = 0; i < count && wide != NULL; i++)
        if ((wide[i] = widen(texts[i])) == NULL)
            return NULL;
    return wide;
}

static entry *find_entry(void)
{
    entry *const entries[] = {wmain, wmain_ipp, wmain_v, wmain_ippk, wmain_ipppp};
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++)
        if (entries[i] != NULL)
            return entries[i];
    return NULL;
}

/* Weak, as some linkers take it before they have seen the program's own. */
__attribute__((__weak__)) int main(int argc, char **argv, char **envp)
{
    entry *start = find_entry();
    if (start == NULL) {
        fputs("pagelaw: this program has neither a main nor a wmain\n", stderr);
        return 127;
    }
    setlocale(LC_CTYPE, "");
    wchar_t **arguments = widen_all(argv), **environment = widen_all(envp);
    if (arguments == NULL || environment == NULL) {
        fputs("pagelaw: out of memory\n", stderr);
        return 127;
    }
    return start(argc, arguments, environment);
}
