// ncursesw for Swift: the header, functions for what is a macro or a shared variable there, and the part of the
// terminal's care that has to run in signal handlers.
#pragma once
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <stdbool.h>
#include <stddef.h>

// screen.c

/// What terminfo says about a terminal.
enum terminfo_verdict { TERMINFO_UNKNOWN, TERMINFO_INCAPABLE, TERMINFO_USABLE };

/// Whether the terminal is known, and able to put the cursor anywhere. Looks only; nothing stays open.
enum terminfo_verdict terminfo_judge(const char *term, int output);

/// Starts ncurses on descriptors of a terminal. NULL if it cannot.
SCREEN *screen_start(const char *term, int input, int output);

/// The same with a terminfo entry of our own: `b64:` and a compiled entry in base 64.
SCREEN *screen_start_with_entry(const char *term, const char *entry, int input, int output);

/// Frees what ncurses keeps, after `endwin`.
void screen_end(SCREEN *screen);

/// The value of a string capability without pauses, valid until the next call; NULL if there is none.
const char *terminfo_string(const char *name);

/// The bytes that put the cursor at a cell, 0-based; valid until the next call.
const char *terminfo_cursor_at(int row, int column);

/// The number of colours and of pairs that ncurses found.
int screen_colors(void);
int screen_pairs(void);

/// ncurses's idea of the size.
int screen_rows(void);
int screen_columns(void);

/// Adopts another size and forgets what is on the screen.
void screen_resize(int height, int width);

/// Forgets what is on the screen: the next update clears it and draws everything.
void screen_forget(void);

/// Makes all cells of the frame blank.
void screen_erase(void);

/// Bits of `screen_cell_set`'s attributes.
enum { CELL_BOLD = 1, CELL_DIM = 2, CELL_ITALIC = 4, CELL_UNDERLINE = 8, CELL_REVERSE = 16 };

/// Makes a cell of a zero-terminated character with its marks. False if ncurses does not take it.
bool screen_cell_set(cchar_t *cell, const wchar_t *text, unsigned attributes, int pair);

/// Puts cells into the frame from a position on; never wraps.
void screen_put(int row, int column, const cchar_t *cells, int count);

/// Where the cursor rests after the update.
void screen_move(int row, int column);

/// Brings the terminal up to the frame.
void screen_update(void);

/// The columns that ncurses will give a character; -1 if it will not show it.
int screen_width_of(wchar_t character);

/// Prepares character classification. 0: UTF-8, 1: ASCII only.
int screen_locale(void);

// restore.c

/// The signals that are handed to the program; see `signals_take`.
enum signal_flag {
  SIGNAL_RESIZED = 1,
  SIGNAL_INTERRUPTED = 2,
  SIGNAL_TERMINATED = 4,
  SIGNAL_HUNG_UP = 8,
  SIGNAL_STOP_ASKED = 16,
  SIGNAL_CONTINUED = 32,
};

/// Remembers the terminal's modes. False if it is none.
bool terminal_save(int descriptor);

/// From now on the terminal is restored however the process ends: the bytes are written to it and its modes set.
/// May be called again to change the bytes.
void terminal_arm(const char *bytes, size_t count);

/// The terminal shows what it showed before: sets its modes as they were, throws unread input away, gives standard
/// error back, and restores nothing any more.
void terminal_release(void);

/// Restores the terminal if armed. Safe in a signal handler, any number of times.
void terminal_restore(void);

/// Keeps what is written to standard error, if that is the same terminal, until `terminal_release_errors`.
void terminal_hold_errors(void);

/// Gives standard error back, and writes what was held (its last 16 KiB, with controls replaced by `?`).
void terminal_release_errors(void);

/// A descriptor that can be read once 1 was added to it (an eventfd that never blocks). -1: see errno.
int wake_open(void);

/// Catches the signals, and adds 1 to the eventfd at each. Fatal signals restore the terminal and go on as before.
void signals_catch(int eventfd);

/// Puts back the handlers that were there before.
void signals_release(void);

/// While another program has the terminal, keyboard signals are meant for that one.
void signals_lend(bool lent);

/// The signals that came since the last call, as `signal_flag` bits.
int signals_take(void);

/// Stops the process group as Control-Z does, and returns when this process goes on.
void process_stop(void);
