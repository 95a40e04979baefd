/* Lines read plainly. */
#include <stdlib.h>

#include "repl_line.h"
#include "suite/scenario.h"

enum line_answer line_read_plainly(FILE *file, char **line)
{
    size_t length = 0, capacity = 0;
    char *text = NULL;
    int c;
    do {
        c = getc(file);
        if (length + 1 >= capacity) {
            capacity = capacity == 0 ? 128 : 2 * capacity;
            char *more = realloc(text, capacity);
            if (more == NULL) {
                free(text);
                return LINE_END;
            }
            text = more;
        }
        /* One byte too many is enough to be refused. */
        if (c != EOF && c != '\n' && c != '\0' && length <= SCENARIO_TEXT_MAX)
            text[length++] = (char)c;
    } while (c != EOF && c != '\n');
    if (c == EOF && length == 0) {
        free(text);
        return LINE_END;
    }
    if (length != 0 && text[length - 1] == '\r')
        length--;
    text[length] = '\0';
    *line = text;
    return LINE_READ;
}
