/* The line editor: libedit, with a history that is kept in the home folder. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "repl_line.h"

#define HISTORY_LINES 1000
#define PATH_BYTES 4096

/* The first cancels a line, the second tells of another width, the others end the program. */
static const int signals[] = {SIGINT, SIGWINCH, SIGTERM, SIGHUP};
#define SIGNAL_COUNT (sizeof signals / sizeof *signals)

struct line_editor {
    EditLine *edit;
    History *history;
    const char *prompt;
    line_word *word;
    char history_path[PATH_BYTES]; /* empty: none is kept */
    struct sigaction before[SIGNAL_COUNT];
    sigset_t awaiting; /* the signals that are blocked while a key is awaited */
};

/* ---- Signals and keys ---- */

static volatile sig_atomic_t interrupted, resized, ended; /* the last by which signal */

static void on_signal(int number)
{
    if (number == SIGINT)
        interrupted = 1;
    else if (number == SIGWINCH)
        resized = 1;
    else
        ended = number;
}

/* What was ignored stays so. */
static void catch_signals(struct line_editor *editor)
{
    struct sigaction action = {.sa_handler = on_signal};
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        sigaction(signals[i], NULL, &editor->before[i]);
        if (editor->before[i].sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
}

/* The signals come while a key is awaited and at no other time, so that none is overlooked. */
static void block_signals(sigset_t *before)
{
    sigset_t ours;
    sigemptyset(&ours);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        sigaddset(&ours, signals[i]);
    sigprocmask(SIG_BLOCK, &ours, before);
}

/* Awaits a byte. 1, or 0 at the end, or -1. */
static int read_byte(EditLine *edit, char *byte)
{
    struct line_editor *editor;
    struct pollfd ready = {.fd = STDIN_FILENO, .events = POLLIN};
    el_get(edit, EL_CLIENTDATA, &editor);
    while (ppoll(&ready, 1, NULL, &editor->awaiting) < 0) {
        if (errno != EINTR || interrupted || ended)
            return -1;
        if (resized)
            el_resize(edit);
        resized = 0;
    }
    return (int)read(STDIN_FILENO, byte, 1);
}

/* Awaits a character. */
static int read_key(EditLine *edit, wchar_t *key)
{
    mbstate_t state = {0};
    size_t taken = (size_t)-2;
    while (taken == (size_t)-2) {
        char byte;
        int count = read_byte(edit, &byte);
        if (count != 1)
            return count;
        taken = mbrtowc(key, &byte, 1, &state);
        if (taken == (size_t)-1)
            *key = L'?';
    }
    return 1;
}

static char *give_prompt(EditLine *edit)
{
    struct line_editor *editor;
    el_get(edit, EL_CLIENTDATA, &editor);
    return (char *)editor->prompt;
}

/* ---- Completion ---- */

static int is_part_of_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

/* What all words that begin so have in common: how many, the longest beginning, and its length. */
struct matches {
    size_t count, common;
    const char *first;
};

static struct matches find_matches(const struct line_editor *editor, const char *typed,
                                   size_t length)
{
    struct matches matches = {.count = 0};
    const char *word;
    for (size_t i = 0; (word = editor->word(i)) != NULL; i++) {
        if (strncmp(word, typed, length) != 0)
            continue;
        size_t common = 0;
        while (matches.count != 0 && common < matches.common &&
               word[common] == matches.first[common])
            common++;
        matches.common = matches.count == 0 ? strlen(word) : common;
        if (matches.count++ == 0)
            matches.first = word;
    }
    return matches;
}

static void list_matches(const struct line_editor *editor, const char *typed, size_t length)
{
    const char *word;
    putchar('\n');
    for (size_t i = 0; (word = editor->word(i)) != NULL; i++) {
        if (strncmp(word, typed, length) == 0)
            printf("%s  ", word);
    }
    putchar('\n');
}

static unsigned char complete(EditLine *edit, int key)
{
    struct line_editor *editor;
    const LineInfo *line = el_line(edit);
    const char *begin = line->cursor;
    (void)key;
    el_get(edit, EL_CLIENTDATA, &editor);
    while (begin > line->buffer && is_part_of_word(begin[-1]))
        begin--;
    size_t length = (size_t)(line->cursor - begin);
    struct matches matches = find_matches(editor, begin, length);
    if (matches.count == 0)
        return CC_ERROR;
    if (matches.common == length && matches.count > 1) {
        list_matches(editor, begin, length);
        return CC_REDISPLAY;
    }
    char rest[128];
    size_t more = matches.common - length;
    if (more >= sizeof rest)
        return CC_ERROR;
    memcpy(rest, matches.first + length, more);
    rest[more] = '\0';
    return el_insertstr(edit, rest) == 0 ? CC_REFRESH : CC_ERROR;
}

/* ---- Opening and closing ---- */

static void load_history(struct line_editor *editor)
{
    HistEvent event;
    const char *home = getenv("HOME");
    history(editor->history, &event, H_SETSIZE, HISTORY_LINES);
    history(editor->history, &event, H_SETUNIQUE, 1);
    if (home == NULL || *home == '\0')
        return;
    int length = snprintf(editor->history_path, PATH_BYTES, "%s/.pagelaw_history", home);
    if (length >= PATH_BYTES)
        *editor->history_path = '\0';
    else
        history(editor->history, &event, H_LOAD, editor->history_path);
}

static void set_up(struct line_editor *editor)
{
    el_set(editor->edit, EL_CLIENTDATA, editor);
    el_set(editor->edit, EL_PROMPT, give_prompt);
    el_set(editor->edit, EL_EDITOR, "emacs");
    el_set(editor->edit, EL_GETCFN, read_key);
    el_set(editor->edit, EL_HIST, history, editor->history);
    el_set(editor->edit, EL_ADDFN, "complete-word", "Completes the word", complete);
    el_set(editor->edit, EL_BIND, "^I", "complete-word", NULL);
    el_set(editor->edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
    el_source(editor->edit, NULL);
}

struct line_editor *line_editor_open(line_word *word)
{
    if (isatty(STDIN_FILENO) == 0)
        return NULL;
    struct line_editor *editor = calloc(1, sizeof *editor);
    if (editor == NULL)
        return NULL;
    setlocale(LC_CTYPE, "");
    catch_signals(editor);
    editor->word = word;
    editor->edit = el_init("pagelaw", stdin, stdout, stderr);
    editor->history = history_init();
    if (editor->edit == NULL || editor->history == NULL) {
        line_editor_close(editor);
        return NULL;
    }
    load_history(editor);
    set_up(editor);
    return editor;
}

void line_editor_close(struct line_editor *editor)
{
    HistEvent event;
    if (editor == NULL)
        return;
    if (editor->history != NULL && *editor->history_path != '\0')
        history(editor->history, &event, H_SAVE, editor->history_path);
    if (editor->edit != NULL)
        el_end(editor->edit);
    if (editor->history != NULL)
        history_end(editor->history);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        sigaction(signals[i], &editor->before[i], NULL);
    free(editor);
    if (ended)
        raise(ended);
}

/* ---- A line ---- */

static enum line_answer take(struct line_editor *editor, const char *typed, size_t length,
                             char **line)
{
    HistEvent event;
    while (length != 0 && (typed[length - 1] == '\n' || typed[length - 1] == '\r'))
        length--;
    char *copy = malloc(length + 1);
    if (copy == NULL)
        return LINE_END;
    memcpy(copy, typed, length);
    copy[length] = '\0';
    if (length != 0)
        history(editor->history, &event, H_ENTER, copy);
    *line = copy;
    return LINE_READ;
}

enum line_answer line_next(struct line_editor *editor, const char *prompt, char **line)
{
    int length = 0;
    if (editor == NULL)
        return line_read_plainly(stdin, line);
    editor->prompt = prompt;
    interrupted = 0;
    block_signals(&editor->awaiting);
    const char *typed = ended ? NULL : el_gets(editor->edit, &length);
    sigprocmask(SIG_SETMASK, &editor->awaiting, NULL);
    if (interrupted) {
        putchar('\n');
        el_reset(editor->edit);
        return LINE_CANCELLED;
    }
    return typed == NULL || length <= 0 ? LINE_END : take(editor, typed, (size_t)length, line);
}
