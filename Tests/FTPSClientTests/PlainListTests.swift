import FTP
import FTPSClient
import Glibc
import Synchronization
import TestSupport
import Testing

/// LIST of servers that take its option for something else, or do not answer what is asked with it.
@Suite("Plain lists of odd servers", .timeLimit(.minutes(1)))
struct PlainListTests {
  private static let file = "-rw-r--r--   1 ada      users           3 Jan 18  2024 a\r\n"
  private static let timed = "-rw-r--r--   1 ada      users           3 \(DateText.yesterday) 10:00 a\r\n"
  private static let folder = "drwxr-xr-x   1 ada      users           3 Jan 18  2024 there\r\n"

  private func names(_ session: FTPSession, _ path: String) async throws -> [String] {
    try await session.wholeList(of: RemotePath(path)).entries.map(\.name.text)
  }

  @Test("\"-a\" that is taken for a name is left out, once that has shown, by all sessions with the server")
  func option() async throws {
    let server = try ScriptedServer { [counter = Counter()] peer in
      try peer.secure()
      try peer.logIn(features: ["SIZE"])
      if counter.next() == 1 {
        try peer.list("/empty", ["LIST -a": "", "LIST": ""])
        try peer.list("/d", ["LIST -a": "", "LIST": Self.file])
      }
      try peer.list("/e", ["LIST": Self.file])
      try peer.expect("QUIT")
      try peer.send("221 bye\r\n")
    }
    let configuration = configuration(server)
    let first = try await open(configuration)
    #expect(try await names(first, "/empty") == [])
    #expect(try await names(first, "/d") == ["a"])
    #expect(try await names(first, "/e") == ["a"])
    await first.quit()
    let second = try await open(configuration)
    #expect(try await names(second, "/e") == ["a"])
    await second.quit()
    #expect(server.scriptProblems == [])
  }

  @Test("a server that shows a folder's \".\" by it is asked once for what is empty then, any other one twice")
  func empty() async throws {
    let server = try ScriptedServer { peer in
      try peer.secure()
      try peer.logIn(features: ["SIZE"])
      // Even a "." does.
      let itself = "drwxr-xr-x   1 ada      users           3 Jan 18  2024 .\r\n"
      try peer.list("/dot", ["LIST -a": itself])
      try peer.list("/empty", ["LIST -a": "", "LIST": ""])
      try peer.expect("QUIT")
      try peer.send("221 bye\r\n")
    }
    let session = try await open(server)
    #expect(try await names(session, "/dot") == [])
    #expect(try await names(session, "/empty") == [])
    await session.quit()
    #expect(server.scriptProblems == [])
  }

  @Test("what a file or a folder called \"-a\" shows by it is not the folder's list, nor a proof that it is understood")
  func optionName() async throws {
    let name = "-rw-r--r--   1 ada      users           3 Jan 18  2024 -a\r\n"
    let server = try ScriptedServer { [counter = Counter()] peer in
      try peer.secure()
      try peer.logIn(features: ["SIZE"])
      if counter.next() == 1 {
        try peer.list("/alone", ["LIST -a": name, "LIST": name])
        try peer.list("/file", ["LIST -a": name, "LIST": name + Self.file])
        try peer.list("/d", ["LIST": Self.file])
      } else {
        // The contents of a folder of that name are taken for a list once.
        try peer.list("/folder", ["LIST -a": Self.file])
        try peer.list("/d", ["LIST -a": "", "LIST": Self.file])
        try peer.list("/folder", ["LIST": Self.folder])
      }
      try peer.expect("QUIT")
      try peer.send("221 bye\r\n")
    }
    let first = try await open(server)
    #expect(try await names(first, "/alone") == ["-a"])
    #expect(try await names(first, "/file") == ["-a", "a"])
    #expect(try await names(first, "/d") == ["a"])
    await first.quit()
    let second = try await open(server)
    #expect(try await names(second, "/folder") == ["a"])
    #expect(try await names(second, "/d") == ["a"])
    #expect(try await names(second, "/folder") == ["there"])
    await second.quit()
    #expect(server.scriptProblems == [])
  }

  @Test("folders that MLSD shows are known to be none behind links, where LIST tells so without \"-a\" only")
  func links() async throws {
    let server = try ScriptedServer.standard { peer in
      try peer.list("/d", ["MLSD /d": "type=dir; there\r\n"])
      try peer.list("/d", ["LIST -a": "", "LIST": Self.folder])
      try peer.list("/e", ["MLSD /e": "type=dir; there\r\n"])
      try peer.list("/e", ["LIST": Self.folder])
      peer.waitForEnd()
    }
    let session = try await open(server)
    for folder in ["/d", "/e"] {
      let list = try await session.linkTellingList(of: RemotePath(folder))
      #expect(list.entries.map(\.kind) == [.directory])
      #expect(list.perhapsLinks == [])
    }
    await session.quit()
    #expect(server.scriptProblems == [])
  }

  @Test("a list is given though its question about the zone is not answered, and that is not asked again")
  func unanswered() async throws {
    let server = try ScriptedServer { [counter = Counter()] peer in
      try peer.secure()
      try peer.logIn(features: ["SIZE", "MDTM"])
      let isFirst = counter.next() == 1
      try peer.list("/d", ["LIST -a": Self.timed])
      if isFirst {
        try peer.expect("MDTM /d/a")
        peer.waitForEnd()
      } else {
        try peer.expect("QUIT")
        try peer.send("221 bye\r\n")
      }
    }
    let configuration = configuration(server) { $0.goAhead = .seconds(2) }
    let first = try await open(configuration)
    #expect(try await names(first, "/d") == ["a"])
    // Its next reply might be that to MDTM.
    #expect(await first.failure == .timeout("the reply to MDTM /d/a"))
    let second = try await open(configuration)
    #expect(try await names(second, "/d") == ["a"])
    await second.quit()
    #expect(server.scriptProblems == [])
  }

  @Test("a list is given though the connection ends over the question about its zone")
  func lost() async throws {
    let server = try ScriptedServer { peer in
      try peer.secure()
      try peer.logIn(features: ["SIZE", "MDTM"])
      try peer.list("/d", ["LIST -a": Self.timed])
      try peer.expect("MDTM /d/a")
    }
    let session = try await open(server)
    #expect(try await names(session, "/d") == ["a"])
    #expect(await !session.isUsable)
    #expect(server.scriptProblems == [])
  }
}

extension Peer {
  /// Serves a folder with these lists one after another; the commands are just these, and it is entered before the first
  /// `LIST`.
  fileprivate func list(_ path: String, _ lists: KeyValuePairs<String, String>) throws {
    for (index, (command, text)) in lists.enumerated() {
      var listener: DataListener?
      var hasEntered = index > 0 || command.hasPrefix("MLSD")
      while true {
        let line = try line()
        switch line {
        case "EPSV":
          let new = try DataListener()
          listener = new
          try send("229 Extended (|||\(new.port)|)\r\n")
          continue
        case "NOOP":
          // Sent behind the list before, to see when it is answered.
          try send("200 ok\r\n")
          continue
        case "CWD \(path)":
          hasEntered = true
          try send("250 ok\r\n")
          continue
        case command: break
        default: throw Unexpected("expected \(command), got \(line)")
        }
        break
      }
      guard let listener, hasEntered else { throw Unexpected("\(command) came too early") }
      try send("150 here\r\n")
      let data = listener.accept()
      try data.startTLS(Certificates.server)
      if !text.isEmpty { try data.send(text) }
      try data.sendCloseNotify()
      data.close()
      try send("226 done\r\n")
    }
  }
}

/// Counts the connections of a script.
private final class Counter: Sendable {
  private let count = Mutex(0)
  func next() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}

/// A day as "ls" shows it, with an hour: of the last months.
private enum DateText {
  static var yesterday: String {
    let date = Timestamp(seconds: Int64(time(nil)) - 86_400).civil.date
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return "\(months[date.month - 1]) \(date.day < 10 ? " " : "")\(date.day)"
  }
}
