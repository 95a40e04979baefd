/* The version of Pagelaw. */
#ifndef MAIN_VERSION_H
#define MAIN_VERSION_H

#define PAGELAW_VERSION "0.1.0"

#endif
