/* The command that runs scenarios on the same subject again. */
#include "again.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool is_plain(const char *word)
{
    return *word != '\0' && word[strspn(word, "abcdefghijklmnopqrstuvwxyz"
                                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                              "_-+=,.:/@%")] == '\0';
}

/* Whether a POSIX shell gives the character a meaning between double quotes. */
static bool is_special(const char *at)
{
    if (*at == '\\')
        return strchr("\"$`\\", at[1]) != NULL;
    return strchr("\"$`", *at) != NULL;
}

/* Double quotes, for they serve a POSIX shell and cmd.exe alike. Returns the end. */
static char *put_quoted(char *to, const char *word)
{
    *to++ = '"';
    for (; *word != '\0'; word++) {
        if (is_special(word))
            *to++ = '\\';
        *to++ = *word;
    }
    *to++ = '"';
    return to;
}

static char *put_word(char *to, const char *word)
{
    size_t length = strlen(word);
    if (!is_plain(word))
        return put_quoted(to, word);
    memcpy(to, word, length);
    return to + length;
}

char *again_command(const char *program, const char *subject, const char *profile)
{
    const char *words[6] = {program, "check"};
    size_t count = 2, capacity = 1;
    if (strcmp(subject, "native") != 0) {
        words[count++] = "--subject";
        words[count++] = subject;
    }
    if (profile != NULL) {
        words[count++] = "--profile";
        words[count++] = profile;
    }
    for (size_t i = 0; i < count; i++)
        capacity += 2 * strlen(words[i]) + 3;
    char *command = malloc(capacity), *to = command;
    for (size_t i = 0; command != NULL && i < count; i++) {
        to = put_word(to, words[i]);
        *to++ = i + 1 < count ? ' ' : '\0';
    }
    return command;
}
