/* libstdc++ has a macro __try of its own. Its headers that use it are included here, before
 * the SDK's word takes its place; whoever includes one of them later finds it included already.
 * PAGELAW_STD_HEADERS_INCLUDED leaves that to the program, which then includes all that it needs
 * before windows.h. */
#ifndef PAGELAW_WIN32_CXX_H
#define PAGELAW_WIN32_CXX_H

#include <new>

#if defined(__GLIBCXX__) && !defined(PAGELAW_STD_HEADERS_INCLUDED)
#include <algorithm>
#include <bitset>
#include <condition_variable>
#include <deque>
#include <exception>
#include <forward_list>
#include <fstream>
#include <future>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <list>
#include <locale>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>
#if __has_include(<memory_resource>) && __cplusplus >= 201703L
#include <memory_resource>
#endif
#if __has_include(<syncstream>) && __cplusplus > 201703L
#include <syncstream>
#endif
#if __has_include(<stacktrace>) && __cplusplus > 202002L
#include <stacktrace>
#endif
#endif

#endif
