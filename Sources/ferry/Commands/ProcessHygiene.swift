import Glibc
import TLS
import Transfers

/// What the process gives up before it reads a secret or talks to anybody.
enum ProcessHygiene {
  /// What the person who started the program wants new files to be without.
  static var personsUmask: UInt16 { PosixFiles.processUmask }

  /// The line of a shell that gives the programs of the person's choice their own umask back.
  static var restoringUmask: String { "umask \(String(personsUmask, radix: 8))" }

  static func begin() {
    // New files are their owner's alone; what a person transfers gets the person's own permissions.
    _ = personsUmask
    umask(0o077)
    keepMemory()
    CryptoLibrary.staysUntilTheEnd()
    // Neither a core file nor a debugger of the same user shows passwords and keys.
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    refuseDebuggers()
    // A reader that goes away is an error of the write.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Chunks of a transfer are allocated and freed all the time: glibc would give their pages back to the system and fetch
  /// them again, which took a quarter of a download's CPU.
  private static func keepMemory() {
    typealias Mallopt = @convention(c) (Int32, Int32) -> Int32
    guard let symbol = dlsym(nil, "mallopt") else { return }
    let mallopt = unsafeBitCast(symbol, to: Mallopt.self)
    // M_TRIM_THRESHOLD and M_MMAP_THRESHOLD, which Glibc's module does not show either.
    _ = mallopt(-1, 16 << 20)
    _ = mallopt(-3, 1 << 20)
  }

  /// `prctl(PR_SET_DUMPABLE, 0)`, which Glibc's module does not show.
  private static func refuseDebuggers() {
    typealias Prctl = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
    guard let symbol = dlsym(nil, "prctl") else { return }
    _ = unsafeBitCast(symbol, to: Prctl.self)(4, 0, 0, 0, 0)
  }
}
