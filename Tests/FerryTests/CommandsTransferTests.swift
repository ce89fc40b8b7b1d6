import ArgumentParser
import FTP
import SystemPackage
import TestSupport
import Testing

@testable import Transfers
@testable import ferry

@Suite("A transfer on the command line") struct CommandsTransferTests {
  private func row(
    _ name: String, _ state: ItemState = .running, size: Int64? = 1000, bytes: Int64 = 0
  ) throws -> QueueSnapshot.Row {
    let server = ServerAddress(host: "files.example.org")
    return QueueSnapshot.Row(
      id: TransferItem.ID(1), batch: TransferBatch.ID(1), kind: .file, direction: .download, operation: .copy,
      name: try FileName(name), source: .remote(server, try RemotePath("/www/\(name)")),
      target: .local(FilePath("/home/ada/\(name)")), state: state, size: size, bytes: bytes)
  }

  @Test("is drawn within the terminal's width, its name escaped", arguments: [20, 40, 80, 200])
  func width(_ width: Int) throws {
    var snapshot = QueueSnapshot()
    snapshot.counts.running = 2
    snapshot.bytesPerSecond = 3 * 1024 * 1024
    snapshot.secondsLeft = 4000
    snapshot.rows[.running] = [
      try row("evil \u{1B}[31m\u{202E} name that is very long and goes on and on", bytes: 500),
      try row("of unknown size", size: nil, bytes: 12345),
    ]
    let lines = ProgressLines(width: width).lines(snapshot)
    #expect(lines.count == 3)
    for line in lines {
      #expect(line.count <= width)
      #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
    }
    if width >= 80 {
      #expect(lines[0].contains("50 %"))
      #expect(lines[1].contains("12.1 KiB"))
      #expect(lines[2] == "Total: 0 done, 2 to go, 3.0 MiB/s, 1:06:40 left")
    }
  }

  @Test("is told in a line, or in a JSON object")
  func report() throws {
    let done = ItemReport(try row("a b", .done(.length(1000)), bytes: 1000))
    #expect(done.line == "done /www/a b -> /home/ada/a b (1000 B)")
    #expect(done.status == nil)
    let failed = ItemReport(try row("x", .failed(TransferFailure(.login, "The login was refused."))))
    #expect(failed.problem == "/www/x: The login was refused.")
    #expect(failed.status == .loginRefused)
    #expect(
      failed.json.text
        == #"{"state":"failed","kind":"file","source":"/www/x","target":"/home/ada/x","bytes":0,"#
        + #""reason":"The login was refused."}"#)
  }

  @Test("gives the status of what kept all of it out, and 1 where only some failed")
  func tally() throws {
    let done = ItemReport(try row("a", .done(.length(1000))))
    func failed(_ kind: Transfers.TransferFailure.Kind) throws -> ItemReport {
      ItemReport(try row("b", .failed(TransferFailure(kind, "No."))))
    }
    let table: [([ItemReport], ferry.ExitStatus)] = [
      ([], .done), ([done], .done), ([try failed(.item)], .itemsFailed), ([try failed(.trust)], .notTrusted),
      ([try failed(.connection), try failed(.connection)], .noConnection),
      ([try failed(.login), try failed(.connection)], .itemsFailed), ([done, try failed(.trust)], .itemsFailed),
    ]
    for (reports, status) in table {
      var tally = Tally()
      for report in reports { tally.count(TransferItem.ID(1), report) }
      #expect(tally.status == status)
    }
  }

  @Test("goes into a folder that is made where only it is missing")
  func target() throws {
    let folder = try TemporaryFolder("target")
    let new = folder.appending("new")
    #expect(try LocalPaths.targetFolder(new.string) == new)
    #expect(try LocalPaths.targetFolder(new.string) == new)
    #expect(throws: UsageProblem.self) { try LocalPaths.targetFolder(folder.appending("a/b").string) }
    try folder.write("x", to: "file")
    #expect(throws: UsageProblem.self) { try LocalPaths.targetFolder(folder.appending("file").string) }
  }

  @Test("begins at a folder and a name, also for names that stand for others")
  func source() throws {
    let folder = try TemporaryFolder("source")
    let inner = try folder.makeFolder("a/b")
    try folder.write("x", to: "a/file")
    #expect(try LocalPaths.source(folder.appending("a/file").string).name.text == "file")
    #expect(try LocalPaths.source(folder.appending("a/b/").string).name.text == "b")
    #expect(try LocalPaths.source(inner.string + "/.").name.text == "b")
    #expect(try LocalPaths.source(inner.string + "/..").name.text == "a")
    #expect(throws: ItemProblem.self) { try LocalPaths.source(folder.appending("missing").string) }
    #expect(throws: ItemProblem.self) { try LocalPaths.source("/") }
  }

  @Test("of several things in one folder is one request")
  func folders() throws {
    let server = ServerAddress(host: "files.example.org")
    var sources = SourceFolders()
    for (folder, name) in [("/a", "1"), ("/b", "2"), ("/a", "3")] {
      sources.add(TransferRequest.Entry(try FileName(name)), in: .remote(server, try RemotePath(folder)))
    }
    let requests = sources.requests(to: .local("/tmp"), try TransferOptions.parse(["--on-conflict", "newer"]))
    #expect(requests.map(\.entries.count) == [2, 1])
    #expect(requests.allSatisfy { !$0.isAttended && $0.onConflict == .newer })
  }

  @Test("says amounts as people do")
  func amounts() {
    let table: [(Int64, String)] = [
      (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (4300, "4.2 KiB"), (12 << 20, "12.0 MiB"),
      (233 << 30, "233 GiB"), (.max, "8192 PiB"),
    ]
    for (bytes, text) in table { #expect(Amount.size(bytes) == text) }
    #expect(Amount.time(6.2) == "0:07")
    #expect(Amount.time(3661) == "1:01:01")
    #expect(Amount.time(.infinity) == "99:59:59")
  }
}
