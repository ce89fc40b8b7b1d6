import DequeModule
import FTP
import FTPSServer
import Glibc
import NIOPosix
import Synchronization
import TLS
import TLSChannel

/// Writes what happens on a server to standard output, one line an event, and never makes an event loop wait for whoever
/// reads it.
final class ServerLog: Sendable {
  private let output: Output
  private let isVerbose: Bool
  private let writer = NIOThreadPool(numberOfThreads: 1)
  private let isTerminal = isatty(STDOUT_FILENO) == 1
  private let state = Mutex(State())

  private struct State {
    /// Lines that the writer has not written yet.
    var waiting: Deque<String> = []
    /// Lines for which there was no room.
    var lost = 0
    /// Whether the writer has been told.
    var isAwaited = false

    mutating func take() -> State {
      let taken = self
      self = State()
      return taken
    }
  }

  /// So many lines wait for a slow reader, or for the end of a question, at most.
  private static let capacity = 2000

  /// - Parameter isVerbose: whether commands and replies are written too.
  init(_ output: Output, isVerbose: Bool) {
    self.output = output
    self.isVerbose = isVerbose
    writer.start()
  }

  /// Takes an event, from any thread.
  func received(_ event: ServerEvent) {
    guard let entry = ServerLogEntry(event, isVerbose: isVerbose) else { return }
    let now = Timestamp(seconds: Int64(time(nil)))
    let text = output.isJSON ? entry.json(at: now).text : "\(now) #\(event.connection) \(entry.text)"
    let isFirst = state.withLock { state in
      // Where there is no room the oldest goes: what happens now tells more.
      if state.waiting.count >= Self.capacity {
        state.waiting.removeFirst()
        state.lost += 1
      }
      state.waiting.append(text)
      defer { state.isAwaited = true }
      return !state.isAwaited
    }
    if isFirst { writer.submit { [self] _ in write() } }
  }

  /// Writes the last lines, also below a question that nobody has answered.
  func finish() async {
    try? await writer.shutdownGracefully()
    write(isLast: true)
  }

  /// Writes what waits, unless a question is open at the terminal; also to be called after one.
  func write(isLast: Bool = false) {
    if isTerminal, !isLast, ControllingTerminal.isAsking {
      state.withLock { $0.isAwaited = false }
      return
    }
    let taken = state.withLock { $0.take() }
    if taken.lost > 0 { output.problem("\(taken.lost) lines of the log were lost, as nobody read them.") }
    for line in taken.waiting { output.line(line) }
  }
}

/// What the log says of one event. All foreign text in it is escaped.
struct ServerLogEntry {
  private let connection: Int
  private let name: String
  let text: String
  private let members: [(String, String)]

  /// Nil for what the log does not hold.
  init?(_ event: ServerEvent, isVerbose: Bool) {
    connection = event.connection
    guard let (name, text, members) = Self.content(event.kind, isVerbose) else { return nil }
    self.name = name
    self.text = text
    self.members = members
  }

  func json(at time: Timestamp) -> JSONObject {
    var object = JSONObject()
    object.add("time", "\(time)")
    object.add("connection", Int64(connection))
    object.add("event", name)
    for (name, value) in members { object.add(name, value) }
    return object
  }

  private static func content(
    _ kind: ServerEvent.Kind, _ isVerbose: Bool
  ) -> (String, String, [(String, String)])? {
    switch kind {
    case .connected(let address): return ("connected", "connected from \(address)", [("address", address)])
    case .encrypted(let facts):
      let print = facts.peerChain.first?.sha256.description
      return (
        "encrypted", "\(facts.version), \(facts.cipher)" + (print.map { ", client certificate \($0)" } ?? ""),
        [("version", facts.version), ("cipher", facts.cipher)] + (print.map { [("certificate", $0)] } ?? [])
      )
    case .certificateJudged(let certificate, let verdict): return judged(certificate, verdict)
    case .certificateMissing: return ("certificateMissing", "refused: it showed no certificate", [])
    case .loggedIn(let user): return ("loggedIn", "\(user) logged in", [("user", user)])
    case .loginFailed(let user): return ("loginFailed", "wrong password for \(user)", [("user", user)])
    case .trustWithdrawn: return ("trustWithdrawn", "cut off: it is trusted no more", [])
    case .sent(let path, let bytes): return moved("sent", path, bytes)
    case .received(let path, let bytes): return moved("received", path, bytes)
    case .changed(let command, let path, let target): return changed(command, path, target)
    case .foreignDataConnection(let address):
      return (
        "foreignDataConnection", "somebody else came to its data port: \(address)", [("address", address)]
      )
    case .problem(let text): return ("problem", text, [("text", text)])
    case .disconnected: return ("disconnected", "left", [])
    case .command(let text): return isVerbose ? ("command", "> \(text)", [("text", text)]) : nil
    case .reply(let text): return isVerbose ? ("reply", "< \(text)", [("text", text)]) : nil
    case .dataEncrypted(let facts):
      let text = "data connection " + (facts.isResumed ? "resumed the session" : "with a full handshake")
      return isVerbose ? ("dataEncrypted", text, [("resumed", facts.isResumed ? "yes" : "no")]) : nil
    }
  }

  private static func judged(
    _ certificate: Certificate, _ verdict: ClientVerdict
  ) -> (String, String, [(String, String)]) {
    let print = certificate.sha256.description
    func entry(_ word: String, _ text: String) -> (String, String, [(String, String)]) {
      ("certificate", text, [("certificate", print), ("verdict", word)])
    }
    switch verdict {
    case .trusted: return entry("trusted", "its certificate is trusted")
    case .undecided(isKept: true):
      // What is typed may be short; the whole of it stands in the line of the handshake.
      let digits = print.dropFirst("SHA256:".count).prefix(11).filter { $0 != ":" }
      return entry("pending", "refused: its certificate waits for your decision; ferry serve clients trust \(digits)")
    case .undecided(isKept: false):
      return entry("notKept", "refused: too many certificates wait for your decision; ferry serve clients list")
    case .rejected: return entry("rejected", "refused: its certificate is rejected")
    case .unfit(let reason): return entry("unfit", "refused: \(reason)")
    }
  }

  private static func moved(
    _ name: String, _ path: RemotePath, _ bytes: Int64
  ) -> (String, String, [(String, String)]) {
    let path = SafeText.escape(path.bytes)
    return (name, "\(name) \(path), \(bytes) bytes", [("path", path), ("bytes", "\(bytes)")])
  }

  private static func changed(
    _ command: String, _ path: RemotePath, _ target: RemotePath?
  ) -> (String, String, [(String, String)]) {
    let (path, target) = (SafeText.escape(path.bytes), target.map { SafeText.escape($0.bytes) })
    let verb =
      switch command {
      case "MKD": "made the folder"
      case "RNTO": "renamed"
      default: "removed"
      }
    return (
      "changed", "\(verb) \(path)" + (target.map { " to \($0)" } ?? ""),
      [("command", command), ("path", path)] + (target.map { [("to", $0)] } ?? [])
    )
  }
}
