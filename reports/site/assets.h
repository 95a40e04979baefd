/* The files of this folder that go with the pages, as the build puts them into the program. */
#ifndef SITE_ASSETS_H
#define SITE_ASSETS_H

extern const char site_css[], site_js[];

#endif
