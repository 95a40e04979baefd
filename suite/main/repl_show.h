/* What a session shows. */
#ifndef MAIN_REPL_SHOW_H
#define MAIN_REPL_SHOW_H

#include "pagelaw/rules.h"
#include "repl_session.h"

struct repl_style {
    bool colour;
    unsigned width; /* columns, at least 40 */
};

/* The newest statement's steps: what came back, which rules decided, and what differs. */
void show_newest(const struct session *session, const struct repl_style *style);

/* The address ranges that the session knows, drawn and listed as they are now. */
void show_map(const struct session *session, const struct repl_style *style);

/* The same, if the newest statement changed anything there. */
void show_changes(const struct session *session, const struct repl_style *style);

/* A rule with all that the book says of it. */
void show_rule(enum pagelaw_rule rule, const struct repl_style *style);

#endif
