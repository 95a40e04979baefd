/* Parsing in tests: scenarios made from a few lines. */
#ifndef TESTS_PARSING_H
#define TESTS_PARSING_H

#include "suite/scenario.h"

/* A header of three lines, and two steps that give p and h their values. */
#define HEADER "scenario \"T\"\nrules R\nsource \"S\"\n"
#define BEFORE HEADER "h = hole(4 * GRANULE)\np = VirtualAlloc(h, PAGE, MEM_RESERVE, 4) => h\n"
#define BEFORE_STEPS 2
#define BEFORE_LINES 5

/* Fails the test if the text is refused. */
struct scenario *parse_text(const char *text);

/* BEFORE and these lines; fails the test if they are refused. */
struct scenario *parse_lines(const char *lines);

/* Fails the test unless the text is refused there and so. */
void refuse_text(const char *text, size_t length, int line, int column, const char *message);

#endif
