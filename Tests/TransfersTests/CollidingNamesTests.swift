import FTP
import FTPSClient
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// A disk, and a server, that take names for one which differ only in case or in the form of an accent: nothing that came
/// from one of them is replaced by another one without a word.
@Suite("Names that some targets take for one", .timeLimit(.minutes(1)))
struct CollidingNamesTests {
  private static let names: [FileName] = ["README", "readme", "Readme", "caf\u{E9}", "cafe\u{301}", "other"]
  private let contents = Dictionary(
    uniqueKeysWithValues: names.enumerated().map { ($1, content(300 + 100_000 * ($0 % 2), seed: $0)) })

  private struct Ended {
    var done: Set<FileName> = []
    var failed: [FileName: String] = [:]
  }

  private func run(_ request: TransferRequest, _ runner: JobRunner) async throws -> Ended {
    let queue = TransferQueue(runner: runner, journal: MemoryJournal(), jobs: 4, retries: .quick)
    var ended = Ended()
    for await event in try await queue.run(request) {
      guard case .finished(let row) = event, row.kind == .file else { continue }
      let name = row.name
      switch row.state {
      case .done: ended.done.insert(name)
      case .failed(let failure): ended.failed[name] = failure.reason
      default: Issue.record("\(name): \(row.state)")
      }
    }
    await queue.stop()
    return ended
  }

  /// Of each group of names that are one over there, one file is there, whole, and it is the one that is said to be done.
  private func check(_ ended: Ended, _ found: [FileName: [UInt8]]) {
    #expect(ended.done.count == 3, "\(ended)")
    #expect(ended.failed.count == 3)
    #expect(
      ended.failed.values.allSatisfy { $0.hasSuffix("rename one and retry.") || $0.hasSuffix("exists already.") },
      "\(ended)")
    #expect(Set(found.keys) == ended.done)
    for name in ended.done { #expect(found[name] == contents[name], "\(name)") }
  }

  @Test(
    "downloaded to a disk that does not tell them apart", arguments: [ConflictPolicy.ask, .overwrite], 1...5)
  func downloads(_ policy: ConflictPolicy, _ round: Int) async throws {
    let remote = MemoryServer()
    remote.makeFolders(above: "/a/x")
    for (name, bytes) in contents { remote["/a/\(name.text)"] = MemoryServer.File(bytes) }
    let local = try LocalPlace(FoldingFiles())
    let ended = try await run(
      TransferRequest(
        from: .remote(server, .root), [.init("a", kind: .folder)], to: .local(local.folder.path), onConflict: policy,
        isAttended: false),
      JobRunner(disk: local.disk, sessions: remote))
    var found: [FileName: [UInt8]] = [:]
    for name in try FileTree.names(in: local.folder.appending("a")).map(\.string)
    // What fails keeps its part for another attempt.
    where !name.hasSuffix(".ferry.part") {
      found[try FileName(name)] = try FileTree.read(local.folder.appending("a").appending(name))
    }
    check(ended, found)
  }

  @Test("uploaded to a server that does not", arguments: [ConflictPolicy.ask, .overwrite], 1...5)
  func uploads(_ policy: ConflictPolicy, _ round: Int) async throws {
    var habits = MemoryServer.Habits()
    habits.ignoresCase = true
    let remote = MemoryServer(habits)
    let local = try LocalPlace()
    for (name, bytes) in contents { try local.folder.write(bytes, to: "a/\(name.text)") }
    let ended = try await run(
      TransferRequest(
        from: .local(local.folder.path), [.init("a", kind: .folder)], to: .remote(server, .root), onConflict: policy,
        isAttended: false),
      JobRunner(disk: local.disk, sessions: remote))
    var found: [FileName: [UInt8]] = [:]
    for entry in try await remote.list(RemotePath("/a")).entries {
      found[entry.name] = remote["/a/\(entry.name.text)"]?.bytes
    }
    check(ended, found)
  }

  @Test("where they are told apart all of them arrive")
  func apart() async throws {
    let remote = MemoryServer()
    remote.makeFolders(above: "/a/x")
    for (name, bytes) in contents { remote["/a/\(name.text)"] = MemoryServer.File(bytes) }
    let local = try LocalPlace()
    let ended = try await run(
      TransferRequest(
        from: .remote(server, .root), [.init("a", kind: .folder)], to: .local(local.folder.path), isAttended: false),
      JobRunner(disk: local.disk, sessions: remote))
    #expect(ended.done.count == 6)
    for (name, bytes) in contents {
      #expect(try FileTree.read(local.folder.appending("a").appending(name)) == bytes, "\(name.text)")
    }
  }
}

/// The real file system, but that a name stands for whatever has it in another case, or with its accents in another form.
private final class FoldingFiles: LocalFiles {
  private let real = PosixFiles()
  private let renaming = Mutex(())

  /// The name under which it is there.
  private func stored(_ name: FileName, in folder: OpenFolder) throws(LocalFault) -> FileName {
    let folded = FoldedName(name)
    return try real.names(in: folder).first { FoldedName($0.name) == folded }?.name ?? name
  }

  func openFolder(_ path: FilePath) throws(LocalFault) -> OpenFolder { try real.openFolder(path) }
  func openFolder(_ name: FileName, in folder: OpenFolder, following: Bool) throws(LocalFault) -> OpenFolder {
    try real.openFolder(stored(name, in: folder), in: folder, following: following)
  }
  func makeFolder(_ name: FileName, in folder: OpenFolder) throws(LocalFault) -> Bool {
    try real.makeFolder(stored(name, in: folder), in: folder)
  }
  func status(of name: FileName, in folder: OpenFolder, following: Bool) throws(LocalFault) -> LocalStatus? {
    try real.status(of: stored(name, in: folder), in: folder, following: following)
  }
  func status(of folder: OpenFolder) throws(LocalFault) -> LocalStatus { try real.status(of: folder) }
  func isWithin(_ folder: OpenFolder, _ other: OpenFolder) throws(LocalFault) -> Bool {
    try real.isWithin(folder, other)
  }
  func names(in folder: OpenFolder) throws(LocalFault) -> [LocalName] { try real.names(in: folder) }
  func create(_ name: FileName, in folder: OpenFolder, permissions: UInt16) throws(LocalFault) -> OpenFile {
    try real.create(stored(name, in: folder), in: folder, permissions: permissions)
  }
  func openForWriting(_ name: FileName, in folder: OpenFolder) throws(LocalFault) -> OpenFile {
    try real.openForWriting(stored(name, in: folder), in: folder)
  }
  func openForReading(_ name: FileName, in folder: OpenFolder, following: Bool) throws(LocalFault) -> OpenFile {
    try real.openForReading(stored(name, in: folder), in: folder, following: following)
  }
  func status(of file: OpenFile) throws(LocalFault) -> LocalStatus { try real.status(of: file) }
  func write(_ bytes: UnsafeRawBufferPointer, to file: OpenFile, at offset: Int64) throws(LocalFault) {
    try real.write(bytes, to: file, at: offset)
  }
  func read(into buffer: UnsafeMutableRawBufferPointer, from file: OpenFile, at offset: Int64) throws(LocalFault) -> Int
  {
    try real.read(into: buffer, from: file, at: offset)
  }
  func startFlushing(_ file: OpenFile, from offset: Int64, count: Int64) {}
  func flush(_ file: OpenFile) throws(LocalFault) { try real.flush(file) }
  func flush(_ folder: OpenFolder) throws(LocalFault) { try real.flush(folder) }
  func truncate(_ file: OpenFile, to length: Int64) throws(LocalFault) { try real.truncate(file, to: length) }
  func setModified(_ time: Timestamp, of file: OpenFile) throws(LocalFault) { try real.setModified(time, of: file) }
  func setPermissions(_ bits: UInt16, of file: OpenFile) throws(LocalFault) {
    try real.setPermissions(bits, of: file)
  }
  func setPermissions(_ bits: UInt16, of name: FileName, in folder: OpenFolder) throws(LocalFault) {
    try real.setPermissions(bits, of: stored(name, in: folder), in: folder)
  }
  var newFilePermissions: UInt16 { real.newFilePermissions }
  var newFolderPermissions: UInt16 { real.newFolderPermissions }
  func rename(_ name: FileName, to newName: FileName, in folder: OpenFolder, replacing: Bool) throws(LocalFault) {
    let result = renaming.withLock { _ -> Result<Void, LocalFault> in
      do throws(LocalFault) {
        try real.rename(stored(name, in: folder), to: stored(newName, in: folder), in: folder, replacing: replacing)
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }
  func move(
    _ name: FileName, from folder: OpenFolder, to newName: FileName, in newFolder: OpenFolder, replacing: Bool
  ) throws(LocalFault) {
    try real.move(
      stored(name, in: folder), from: folder, to: stored(newName, in: newFolder), in: newFolder, replacing: replacing)
  }
  func remove(_ name: FileName, in folder: OpenFolder) throws(LocalFault) {
    try real.remove(stored(name, in: folder), in: folder)
  }
  func removeFolder(_ name: FileName, in folder: OpenFolder) throws(LocalFault) {
    try real.removeFolder(stored(name, in: folder), in: folder)
  }
}
