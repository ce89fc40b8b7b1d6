#define _GNU_SOURCE
#include "shim.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

enum terminfo_verdict terminfo_judge(const char *term, int output) {
  int answer = 0;
  if (setupterm(term, output, &answer) != OK) return answer == 1 ? TERMINFO_INCAPABLE : TERMINFO_UNKNOWN;
  const char *address = tigetstr("cup");
  bool usable = address != NULL && address != (const char *)-1;
  del_curterm(cur_term);
  return usable ? TERMINFO_USABLE : TERMINFO_INCAPABLE;
}

SCREEN *screen_start(const char *term, int input, int output) {
  FILE *in = input == STDIN_FILENO ? stdin : fdopen(input, "r");
  FILE *out = output == STDOUT_FILENO ? stdout : fdopen(output, "w");
  if (in == NULL || out == NULL) return NULL;
  SCREEN *screen = newterm(term, out, in);
  if (screen == NULL) return NULL;
  raw();
  noecho();
  nonl();
  if (has_colors()) {
    start_color();
    use_default_colors();
  }
  // Characters of doubtful width must never be shifted along.
  idcok(stdscr, FALSE);
  idlok(stdscr, FALSE);
  scrollok(stdscr, FALSE);
  leaveok(stdscr, FALSE);
  return screen;
}

// Leaves out the pauses (`$<5>`) that only hardware needed.
static const char *without_padding(const char *value) {
  static char plain[256];
  size_t count = 0;
  while (*value != 0 && count < sizeof plain - 1) {
    const char *end = value[0] == '$' && value[1] == '<' ? strchr(value, '>') : NULL;
    if (end != NULL) {
      value = end + 1;
    } else {
      plain[count++] = *value++;
    }
  }
  plain[count] = 0;
  return plain;
}

SCREEN *screen_start_with_entry(const char *term, const char *entry, int input, int output) {
  size_t count = 0;
  while (environ[count] != NULL) count++;
  // Another array in the place of the environment, and never freed: setenv() would pull it from under other threads.
  char **changed = calloc(count + 2, sizeof *changed);
  char *variable = malloc(strlen(entry) + 10);
  if (changed == NULL || variable == NULL) return NULL;
  strcpy(stpcpy(variable, "TERMINFO="), entry);
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    if (strncmp(environ[i], "TERMINFO=", 9) != 0) changed[kept++] = environ[i];
  }
  changed[kept] = variable;
  char **before = environ;
  environ = changed;
  SCREEN *screen = screen_start(term, input, output);
  environ = before;
  return screen;
}

void screen_end(SCREEN *screen) { delscreen(screen); }

const char *terminfo_string(const char *name) {
  const char *value = tigetstr(name);
  return value == NULL || value == (const char *)-1 ? NULL : without_padding(value);
}

const char *terminfo_cursor_at(int row, int column) {
  const char *address = tigetstr("cup");
  return address == NULL || address == (const char *)-1 ? NULL : without_padding(tiparm(address, row, column));
}

int screen_colors(void) { return has_colors() ? COLORS : 0; }
int screen_pairs(void) { return has_colors() ? COLOR_PAIRS : 0; }
int screen_rows(void) { return LINES; }
int screen_columns(void) { return COLS; }

void screen_resize(int height, int width) {
  resize_term(height, width);
  clearok(curscr, TRUE);
}

void screen_forget(void) { clearok(curscr, TRUE); }

void screen_erase(void) { werase(stdscr); }

bool screen_cell_set(cchar_t *cell, const wchar_t *text, unsigned attributes, int pair) {
  attr_t attrs = 0;
  if (attributes & CELL_BOLD) attrs |= A_BOLD;
  if (attributes & CELL_DIM) attrs |= A_DIM;
  if (attributes & CELL_ITALIC) attrs |= A_ITALIC;
  if (attributes & CELL_UNDERLINE) attrs |= A_UNDERLINE;
  if (attributes & CELL_REVERSE) attrs |= A_REVERSE;
  return setcchar(cell, text, attrs, 0, &pair) == OK;
}

void screen_put(int row, int column, const cchar_t *cells, int count) {
  if (wmove(stdscr, row, column) == OK) wadd_wchnstr(stdscr, cells, count);
}

void screen_move(int row, int column) { wmove(stdscr, row, column); }

void screen_update(void) {
  wnoutrefresh(stdscr);
  doupdate();
}

int screen_width_of(wchar_t character) { return wcwidth(character); }

int screen_locale(void) {
  const char *chosen = setlocale(LC_CTYPE, "");
  const char *codeset = nl_langinfo(CODESET);
  if (chosen != NULL && strcmp(codeset, "UTF-8") == 0) return 0;
  // No locale, an unknown one, or C: nearly always a UTF-8 terminal whose environment was lost on the way.
  bool says_nothing = chosen == NULL || strcmp(codeset, "ANSI_X3.4-1968") == 0;
  if (says_nothing && (setlocale(LC_CTYPE, "C.UTF-8") != NULL || setlocale(LC_CTYPE, "en_US.UTF-8") != NULL)) return 0;
  setlocale(LC_CTYPE, "C");
  return 1;
}
