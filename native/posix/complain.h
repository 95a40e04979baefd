/* What the layer has to say to whoever runs the program: on standard error, without the C library's
 * streams, which may not be there yet. */
#ifndef NATIVE_POSIX_COMPLAIN_H
#define NATIVE_POSIX_COMPLAIN_H

/* One line, of the three texts. errno stays as it was. */
void complain_of_host(const char *before, const char *what, const char *after);

#endif
