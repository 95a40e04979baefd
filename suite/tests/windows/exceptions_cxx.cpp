// The same once more, as C++.
#include "exceptions.c"
