/* Lines from standard input: with history and completion if it is a terminal and this system has a
 * line editor, plainly otherwise. */
#ifndef MAIN_REPL_LINE_H
#define MAIN_REPL_LINE_H

#include <stddef.h>
#include <stdio.h>

/* The word at `index` of all that can be completed, or NULL past the last. */
typedef const char *line_word(size_t index);

struct line_editor;

/* NULL if standard input is no terminal, or where there is no line editor: then lines are read
 * plainly. `word` gives what the Tab key completes. */
struct line_editor *line_editor_open(line_word *word);

/* Keeps the history and leaves the terminal as it was. If a signal has ended the lines, it then ends
 * this process. */
void line_editor_close(struct line_editor *editor);

enum line_answer { LINE_READ, LINE_CANCELLED, LINE_END };

/* Reads a line into *line, which the caller frees, without its line end. The prompt is shown by an
 * editor only. A line may hold any bytes but NUL. */
enum line_answer line_next(struct line_editor *editor, const char *prompt, char **line);

/* The same without an editor. */
enum line_answer line_read_plainly(FILE *file, char **line);

#endif
