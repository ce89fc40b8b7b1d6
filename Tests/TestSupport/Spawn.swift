import Glibc
import SystemPackage

/// `posix_spawn` as the tests use it: own session, signals at their defaults, no descriptor inherited but three.
enum Spawn {
  /// Stands for `/dev/null` among descriptors.
  static let null: Int32 = -1

  /// Starts a program and returns its pid, which is its process group and session too.
  static func process(
    _ executable: String, _ arguments: [String], environment: [String: String], folder: String, descriptors: [Int32]
  ) throws(TestFailure) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (target, source) in descriptors.enumerated() {
      if source == null {
        posix_spawn_file_actions_addopen(&actions, Int32(target), "/dev/null", O_RDWR, 0)
      } else {
        posix_spawn_file_actions_adddup2(&actions, source, Int32(target))
      }
    }
    changeDirectory(&actions, folder)
    closeFrom(&actions, Int32(descriptors.count))

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    let newSession: Int32 = 0x80  // POSIX_SPAWN_SETSID, a GNU extension that Glibc's module leaves out
    posix_spawnattr_setflags(&attributes, Int16(newSession | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    var pid: pid_t = 0
    let words = ([executable] + arguments).map { strdup($0) } + [nil]
    let settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + settings { free(text) } }
    let status = posix_spawn(&pid, executable, &actions, &attributes, words, settings)
    guard status == 0 else { throw TestFailure("cannot start \(executable): \(String(cString: strerror(status)))") }
    return pid
  }

  /// The full path of a program, looked up in `path` unless it holds a slash.
  static func locate(_ name: String, path: String) throws(TestFailure) -> String {
    if name.contains("/") { return name }
    for folder in path.split(separator: ":") where access("\(folder)/\(name)", X_OK) == 0 { return "\(folder)/\(name)" }
    throw TestFailure("\(name) is not installed (Tests/run installs what the tests need)")
  }

  // GNU extensions that the Glibc module does not show.
  private typealias Actions = UnsafeMutablePointer<posix_spawn_file_actions_t>

  private static func changeDirectory(_ actions: Actions, _ folder: String) {
    typealias Call = @convention(c) (Actions, UnsafePointer<CChar>) -> Int32
    _ = unsafeBitCast(symbol("posix_spawn_file_actions_addchdir_np"), to: Call.self)(actions, folder)
  }

  private static func closeFrom(_ actions: Actions, _ first: Int32) {
    typealias Call = @convention(c) (Actions, Int32) -> Int32
    _ = unsafeBitCast(symbol("posix_spawn_file_actions_addclosefrom_np"), to: Call.self)(actions, first)
  }

  private static func symbol(_ name: String) -> UnsafeMutableRawPointer {
    guard let address = dlsym(nil, name) else { preconditionFailure("\(name) needs glibc 2.34 or newer") }
    return address
  }
}
