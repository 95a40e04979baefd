/* Text in Markdown. */
#ifndef REPORTS_MARKDOWN_H
#define REPORTS_MARKDOWN_H

#include <stdio.h>

/* Writes a text in which no character means anything but itself, on one line. What is not seen, or
 * no UTF-8, stands escaped. */
void markdown_put(FILE *out, const char *text);

/* The same as code, between as many backticks as it needs; within a table a bar is escaped. */
void markdown_put_code(FILE *out, const char *text);

/* Writes a row of backticks between which the text can stand as a block of code. */
void markdown_put_fence(FILE *out, const char *text);

/* At most so many lines as a block of code, fenced by more backticks than it has in a row. */
void markdown_put_block(FILE *out, const char *text, unsigned lines);

#endif
