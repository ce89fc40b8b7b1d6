// ncursesw for Swift: the header, and inline functions for what is a macro there.
#pragma once
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#include <curses.h>
