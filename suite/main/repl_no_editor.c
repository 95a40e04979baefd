/* Where there is no line editor: a terminal's own editing has to do. */
#include "repl_line.h"

struct line_editor *line_editor_open(line_word *word)
{
    (void)word;
    return NULL;
}

void line_editor_close(struct line_editor *editor)
{
    (void)editor;
}

enum line_answer line_next(struct line_editor *editor, const char *prompt, char **line)
{
    (void)editor, (void)prompt;
    return line_read_plainly(stdin, line);
}
