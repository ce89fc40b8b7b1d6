import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP of a headless command: the first cancels its work, a second ends the process at once.
enum Interruption {
  private static let received = Atomic<Int32>(0)
  private static let endsAtQuestion = Atomic<Bool>(true)
  private nonisolated(unsafe) static var pipe: (reading: Int32, writing: Int32) = (-1, -1)

  /// The signal that came, or nil.
  static var signal: Int32? {
    let number = received.load(ordering: .acquiring)
    return number == 0 ? nil : number
  }

  /// Runs `work` so that a signal cancels its task.
  static func cancelling<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = Task { try await work() }
    watch { task.cancel() }
    return try await task.value
  }

  /// Waits until a signal comes.
  ///
  /// - Parameter endsAtQuestion: whether the process ends at once where a question is open at the terminal. A server does
  ///   not: it has connections to end.
  static func waiting(endsAtQuestion: Bool = true) async {
    Self.endsAtQuestion.store(endsAtQuestion, ordering: .releasing)
    let task = Task {
      // Cancelled long before.
      while !Task.isCancelled { try? await Task.sleep(for: .seconds(86_400)) }
    }
    watch { task.cancel() }
    await task.value
  }

  private static func watch(_ cancel: @escaping @Sendable () -> Void) {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    pipe = (ends[0], ends[1])
    // A handler may do little: the rest happens on a thread that waits for it.
    startThread {
      while true {
        var number: UInt8 = 0
        let count = read(pipe.reading, &number, 1)
        if count < 0, errno == EINTR { continue }
        guard count == 1 else { return }
        // Whoever sits before a question has nothing running that would have to end well.
        let wasAsking = ControllingTerminal.abandonQuestion()
        if wasAsking && endsAtQuestion.load(ordering: .acquiring) || received.load(ordering: .acquiring) != 0 {
          _exit(128 + Int32(number))
        }
        received.store(Int32(number), ordering: .releasing)
        cancel()
      }
    }
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in
      let saved = errno
      var byte = UInt8(truncatingIfNeeded: number)
      _ = write(Interruption.pipe.writing, &byte, 1)
      errno = saved
    }
    action.sa_flags = SA_RESTART
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaction(number, &action, nil) }
  }

  private static func startThread(_ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(Body(body))
    var thread = pthread_t()
    let failed = pthread_create(
      &thread, nil,
      { argument in
        Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    if failed != 0 { box.release() } else { pthread_detach(thread) }
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
