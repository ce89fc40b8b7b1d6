import Glibc

/// What the process gives up before it reads a secret or talks to anybody.
enum ProcessHygiene {
  static func begin() {
    // New files are their owner's alone.
    umask(0o077)
    // Neither a core file nor a debugger of the same user shows passwords and keys.
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    refuseDebuggers()
    // A reader that goes away is an error of the write.
    signal(SIGPIPE, SIG_IGN)
  }

  /// `prctl(PR_SET_DUMPABLE, 0)`, which Glibc's module does not show.
  private static func refuseDebuggers() {
    typealias Prctl = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
    guard let symbol = dlsym(nil, "prctl") else { return }
    _ = unsafeBitCast(symbol, to: Prctl.self)(4, 0, 0, 0, 0)
  }
}
