/// What the terminal, the system or another thread has to say.
package enum Event: Hashable, Sendable {
  /// A key was pressed.
  case key(Key)
  /// The mouse did something.
  case mouse(MouseEvent)
  /// Text was pasted. It is text and nothing else: never run it as keys.
  case paste(PastedText)
  /// The terminal has another size now.
  case resize(Size)
  /// The terminal window got the focus, or lost it.
  case focus(Bool)
  /// `Waker.wake()` was called since the last time.
  case wake
  /// The program is asked to end, or its terminal is gone. Asked twice without being heard, the process ends at once.
  case terminated(Signal)
  /// The program was stopped (Control-Z of the shell's, `SIGTSTP`) and goes on now; the screen needs a new frame.
  case resumed

  /// Why the program is to end.
  package enum Signal: Hashable, Sendable {
    /// `SIGINT` from outside (the key Control-C is a key).
    case interrupt
    /// `SIGTERM`.
    case terminate
    /// `SIGHUP`, or the end of input: the terminal is gone.
    case hangup
  }
}
