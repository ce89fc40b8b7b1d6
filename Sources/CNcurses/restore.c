// What has to run when the process ends by surprise: everything here that a signal handler calls is async-signal-safe.
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

enum { HELD_ERRORS = 16384 };

static struct {
  atomic_int armed;
  int descriptor;
  pid_t owner;
  struct termios modes;
  char bytes[512];
  size_t count;
} record;

static struct {
  atomic_int held;
  int original;
  int memory;
} errors = {0, -1, -1};

// Restoring

static void write_all(int descriptor, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(descriptor, bytes, count);
    if (written > 0) {
      bytes += written;
      count -= (size_t)written;
    } else if (written < 0 && errno == EAGAIN) {
      struct pollfd wait = {descriptor, POLLOUT, 0};
      if (poll(&wait, 1, 1000) <= 0) return;
    } else if (written == 0 || errno != EINTR) {
      return;
    }
  }
}

bool terminal_save(int descriptor) {
  static bool registered = false;
  if (tcgetattr(descriptor, &record.modes) != 0) return false;
  record.descriptor = descriptor;
  record.owner = getpid();
  if (!registered) atexit(terminal_restore);
  registered = true;
  return true;
}

void terminal_arm(const char *bytes, size_t count) {
  atomic_store(&record.armed, 0);
  record.count = count < sizeof record.bytes ? count : sizeof record.bytes;
  memcpy(record.bytes, bytes, record.count);
  atomic_store(&record.armed, 1);
}

static void release(bool writes) {
  // A child that was forked and not yet replaced must leave its parent's terminal alone.
  if (record.owner != getpid()) return;
  if (atomic_exchange(&record.armed, 0)) {
    if (writes) write_all(record.descriptor, record.bytes, record.count);
    tcsetattr(record.descriptor, TCSANOW, &record.modes);
    tcflush(record.descriptor, TCIFLUSH);
  }
  terminal_release_errors();
}

void terminal_release(void) { release(false); }

void terminal_restore(void) { release(true); }

// Standard error

void terminal_hold_errors(void) {
  struct stat here, there;
  if (atomic_load(&errors.held) || !isatty(STDERR_FILENO)) return;
  if (fstat(STDERR_FILENO, &here) != 0 || fstat(record.descriptor, &there) != 0) return;
  if (here.st_rdev != there.st_rdev) return;
  int memory = memfd_create("standard error", MFD_CLOEXEC);
  if (memory < 0) return;
  int original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (original < 0 || dup2(memory, STDERR_FILENO) < 0) {
    close(memory);
    if (original >= 0) close(original);
    return;
  }
  errors.memory = memory;
  errors.original = original;
  atomic_store(&errors.held, 1);
}

static void write_filtered(int descriptor, char *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    unsigned char byte = (unsigned char)bytes[i];
    if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f) bytes[i] = '?';
    // The C1 controls in UTF-8.
    if (byte == 0xc2 && i + 1 < count && (unsigned char)bytes[i + 1] < 0xa0) bytes[i] = bytes[i + 1] = '?';
  }
  write_all(descriptor, bytes, count);
}

void terminal_release_errors(void) {
  if (record.owner != getpid() || !atomic_exchange(&errors.held, 0)) return;
  dup2(errors.original, STDERR_FILENO);
  char bytes[1024];
  off_t length = lseek(errors.memory, 0, SEEK_END);
  off_t place = length > HELD_ERRORS ? length - HELD_ERRORS : 0;
  ssize_t count;
  while ((count = pread(errors.memory, bytes, sizeof bytes, place)) > 0) {
    write_filtered(errors.original, bytes, (size_t)count);
    place += count;
  }
  close(errors.memory);
  close(errors.original);
}

// Signals

static atomic_int pending;
static atomic_int lent;
static int wake = -1;

static const int handed[] = {SIGWINCH, SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT};
static const int fatal[] = {SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS};
enum { HANDED = sizeof handed / sizeof handed[0], FATAL = sizeof fatal / sizeof fatal[0] };

static struct sigaction before_handed[HANDED];
static struct sigaction before_fatal[FATAL];
static bool caught;

static int flag_of(int number) {
  switch (number) {
    case SIGWINCH: return SIGNAL_RESIZED;
    case SIGINT: return SIGNAL_INTERRUPTED;
    case SIGTERM: return SIGNAL_TERMINATED;
    case SIGHUP: return SIGNAL_HUNG_UP;
    case SIGTSTP: return SIGNAL_STOP_ASKED;
    default: return SIGNAL_CONTINUED;
  }
}

static void hand_over(int number) {
  int saved = errno;
  int flag = flag_of(number);
  if (!(number == SIGINT && atomic_load(&lent))) {
    int before = atomic_fetch_or(&pending, flag);
    int ends = SIGNAL_INTERRUPTED | SIGNAL_TERMINATED | SIGNAL_HUNG_UP;
    if (before & flag & ends) {
      // Asked to end before and not heard: the program hangs, so end it here.
      terminal_restore();
      signal(number, SIG_DFL);
      raise(number);
    }
    uint64_t one = 1;
    ssize_t ignored = write(wake, &one, sizeof one);
    (void)ignored;
  }
  errno = saved;
}

static void die(int number, siginfo_t *info, void *context) {
  (void)context;
  if (number == SIGQUIT && atomic_load(&lent)) return;
  terminal_restore();
  for (int i = 0; i < FATAL; i++) {
    if (fatal[i] == number) sigaction(number, &before_fatal[i], NULL);
  }
  // A fault happens again on return, with all it had to tell for the handler that was there before (a back trace).
  bool recurs = info->si_code > 0 && (number == SIGILL || number == SIGSEGV || number == SIGBUS || number == SIGFPE);
  if (!recurs) raise(number);
}

int wake_open(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void signals_catch(int eventfd) {
  wake = eventfd;
  atomic_store(&pending, 0);
  if (caught) return;
  caught = true;

  // The stack itself may be what ran out.
  static char stack[65536];
  stack_t present;
  if (sigaltstack(NULL, &present) == 0 && (present.ss_flags & SS_DISABLE)) {
    stack_t ours = {.ss_sp = stack, .ss_size = sizeof stack, .ss_flags = 0};
    sigaltstack(&ours, NULL);
  }
  struct sigaction action = {0};
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  action.sa_handler = hand_over;
  for (int i = 0; i < HANDED; i++) {
    sigaction(handed[i], NULL, &before_handed[i]);
    // `nohup` asked for this one to be ignored.
    if (handed[i] == SIGHUP && before_handed[i].sa_handler == SIG_IGN) continue;
    sigaction(handed[i], &action, NULL);
  }
  action.sa_handler = NULL;
  action.sa_sigaction = die;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (int i = 0; i < FATAL; i++) sigaction(fatal[i], &action, &before_fatal[i]);
}

void signals_release(void) {
  if (!caught) return;
  caught = false;
  for (int i = 0; i < HANDED; i++) sigaction(handed[i], &before_handed[i], NULL);
  for (int i = 0; i < FATAL; i++) sigaction(fatal[i], &before_fatal[i], NULL);
  wake = -1;
}

static void handle_stop(void (*handler)(int)) {
  struct sigaction action = {0};
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  action.sa_handler = handler;
  sigaction(SIGTSTP, &action, NULL);
}

void signals_lend(bool yes) {
  atomic_store(&lent, yes);
  handle_stop(yes ? SIG_DFL : hand_over);
}

int signals_take(void) { return atomic_exchange(&pending, 0); }

void process_stop(void) {
  // The rest of the group first (a script that waits for us has to stop as well), then this process through the
  // calling thread: a signal to a thread is delivered before the call returns.
  handle_stop(SIG_IGN);
  kill(0, SIGTSTP);
  handle_stop(SIG_DFL);
  pthread_kill(pthread_self(), SIGTSTP);
  handle_stop(hand_over);
  atomic_fetch_and(&pending, ~(SIGNAL_STOP_ASKED | SIGNAL_CONTINUED));
}
