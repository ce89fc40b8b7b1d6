import FTP
import FTPSClient
import TestSupport
import Testing

/// What stands under a path, asked of servers that cannot or do not want to tell.
@Suite("Looking for one file", .timeLimit(.minutes(1)))
struct StatusTests {
  private static let all = ["MLST type*;size*;modify*;", "SIZE", "MDTM"]

  /// A server that says these replies to these commands, in this order; to the last one it says with a list.
  private func ask(
    _ features: [String], _ script: [(command: String, reply: String)], list: String? = nil
  ) async throws -> ListingEntry? {
    let server = try ScriptedServer { peer in
      try peer.secure()
      try peer.logIn(features: features)
      for (command, reply) in script {
        try peer.expect(command)
        try peer.send(reply + "\r\n")
      }
      if let list {
        let data = try peer.serve("LIST")
        try data.send(list)
        try data.sendCloseNotify()
        data.close()
        try peer.send("226 done\r\n")
      }
      try peer.expect("QUIT")
      try peer.send("221 bye\r\n")
    }
    let session = try await open(server)
    let result: Result<ListingEntry?, any Error>
    do { result = .success(try await session.status(of: RemotePath("/d/a"))) } catch { result = .failure(error) }
    #expect(await session.isUsable)
    await session.quit()
    #expect(server.scriptProblems == [])
    return try result.get()
  }

  @Test("a refusal that says nothing of the file is no answer", arguments: [450, 451, 530, 553])
  func refused(code: Int) async throws {
    let reply = "\(code) not now"
    await #expect(throws: FTPSError.refused(command: "MLST /d/a", Reply(code, "not now"))) {
      try await ask(Self.all, [("MLST /d/a", reply)])
    }
    await #expect(throws: FTPSError.refused(command: "SIZE /d/a", Reply(code, "not now"))) {
      try await ask(["SIZE"], [("SIZE /d/a", reply)])
    }
    await #expect(throws: FTPSError.refused(command: "CWD /d/a", Reply(code, "not now"))) {
      try await ask(["SIZE"], [("SIZE /d/a", "550 no"), ("CWD /d/a", reply)])
    }
  }

  @Test("nothing is there where the server says so, in either way")
  func nothing() async throws {
    #expect(try await ask(Self.all, [("MLST /d/a", "550 no")]) == nil)
    #expect(try await ask(["SIZE"], [("SIZE /d/a", "550 no"), ("CWD /d/a", "550 no")]) == nil)
    // Announced, and not to be had.
    let replies = [
      ("MLST /d/a", "502 what?"), ("SIZE /d/a", "550 no"), ("MDTM /d/a", "550 no"), ("CWD /d/a", "550 no"),
    ]
    #expect(try await ask(Self.all, replies) == nil)
  }

  /// To a server with neither MLST nor SIZE.
  private static let bare = [("SIZE /d/a", "500 what?"), ("CWD /d/a", "550 no"), ("CWD /d", "250 ok")]

  @Test("without MLST and SIZE the folder's list tells")
  func listed() async throws {
    let lines = "-rw-r--r-- 1 ada ada 7 Mar  1  2024 a\r\n-rw-r--r-- 1 ada ada 8 Mar  1  2024 b\r\n"
    let entry = try await ask([], Self.bare, list: lines)
    #expect(entry?.kind == .file && entry?.size == 7)
    #expect(try await ask([], Self.bare, list: "-rw-r--r-- 1 ada ada 8 Mar  1  2024 b\r\n") == nil)
    // How some say that a folder is empty.
    let empty = try await refusedList("550 No files found.")
    #expect(empty == nil)
  }

  @Test("a list that was not understood does not say that nothing is there")
  func unclear() async throws {
    let lines = "-rw-r--r-- 1 ada ada 8 Mar  1  2024 b\r\n???\r\n"
    await #expect(throws: FTPSError.incompleteList(try RemotePath("/d"))) { try await ask([], Self.bare, list: lines) }
    // What is understood, and has the name, is there.
    let found = try await ask([], Self.bare, list: "???\r\n-rw-r--r-- 1 ada ada 8 Mar  1  2024 a\r\n")
    #expect(found?.size == 8)
  }

  /// A server that refuses the list of the folder.
  private func refusedList(_ reply: String) async throws -> ListingEntry? {
    let server = try ScriptedServer { peer in
      try peer.secure()
      try peer.logIn(features: [])
      for (command, reply) in Self.bare {
        try peer.expect(command)
        try peer.send(reply + "\r\n")
      }
      // With its option, and without it.
      for _ in 0..<2 {
        let listener = try peer.passive()
        try peer.expect("LIST")
        try peer.send(reply + "\r\n")
        listener.accept().close()
      }
      try peer.expect("QUIT")
      try peer.send("221 bye\r\n")
    }
    let session = try await open(server)
    let entry = try await session.status(of: RemotePath("/d/a"))
    await session.quit()
    return entry
  }
}
