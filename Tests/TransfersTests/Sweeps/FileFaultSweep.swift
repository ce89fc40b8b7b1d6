import FTP
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// Every call to the local file system fails in every way, once and for ever, in the middle of every kind of transfer.
///
/// Whatever fails, what has a final name is whole, nothing that is not is said to be done, and once the disk is well
/// again a retry brings everything over and leaves nothing else behind.
@Suite("File system faults", .serialized, .timeLimit(.minutes(10)))
struct FileFaultSweep {
  enum Scenario: CaseIterable, Sendable {
    case download, replace, resumedDownload, verifiedDownload, upload, resumedUpload, verifiedUpload, copy, move, tree
  }

  static let codes = [EIO, ENOSPC, EDQUOT, EROFS, EACCES, EMFILE]

  @Test("no fault makes a wrong file or a lost item", arguments: Scenario.allCases)
  func sweep(_ scenario: Scenario) async throws {
    let start = ContinuousClock.now
    var played = 0
    // One code in the sample; which, does not matter to anything but the sorting of failures, which has its own tests.
    let codes = Sweep.rounds("FAULTS", sample: 1) > 1 ? Self.codes : [ENOSPC]
    for kind in [FaultyFiles.Kind.error, .shortWrite] {
      for code in kind == .error ? codes : [ENOSPC] {
        for isForEver in [false, true] {
          var number = 1
          while try await play(scenario, FaultyFiles(kind, code: code, atCall: number, forEver: isForEver)) {
            played += 1
            number += 1
          }
        }
      }
    }
    #expect(played > 10)
    Sweep.report("faults, \(scenario): \(played) faults; \(ContinuousClock.now - start)")
  }

  /// Returns whether the fault was met at all.
  private func play(_ scenario: Scenario, _ files: FaultyFiles) async throws -> Bool {
    let world = try FaultWorld(scenario, files)
    await world.begin()
    let first = await world.state
    let context = "\(scenario), \(files)"
    if first.isDone { #expect(world.isWhole, "done and not whole: \(context)") }
    #expect(world.hasOnlyWholeTargets, "a target that is neither the old nor the new one: \(context)")
    if case .move = scenario { #expect(world.isSomewhere, "the only copy is gone: \(context)") }
    files.mend()
    if !first.isDone {
      await world.retry()
      let second = await world.state
      #expect(second.isDone, "\(second) after a retry: \(context)")
    }
    #expect(world.isWhole, "not whole in the end: \(context)")
    #expect(world.leftovers == [], "left behind: \(context)")
    return files.wasMet
  }
}

/// One request between a folder in memory and a server in memory.
private final class FaultWorld: Sendable {
  private static let size = 150_000

  private let scenario: FileFaultSweep.Scenario
  private let local: LocalPlace
  private let remote: MemoryServer
  private let queue: TransferQueue
  private let journal: LeftJournal
  private let request: TransferRequest

  init(_ scenario: FileFaultSweep.Scenario, _ files: FaultyFiles) throws {
    self.scenario = scenario
    local = try LocalPlace(files, in: .memory(bytes: 1 << 20))
    remote = MemoryServer()
    let (there, here) = (Location.remote(server, .root), Location.local(local.folder.path))
    var source = there
    var target = here
    var kind = TransferItem.Kind.file
    var operation = TransferRequest.Operation.copy
    var policy = ConflictPolicy.ask
    var verifies = false
    let bytes = content(Self.size)
    switch scenario {
    case .download, .resumedDownload: remote["/a"] = MemoryServer.File(bytes)
    case .verifiedDownload:
      remote["/a"] = MemoryServer.File(bytes)
      verifies = true
    case .replace:
      remote["/a"] = MemoryServer.File(bytes)
      try local.folder.write("old", to: "a")
      policy = .overwrite
    case .upload, .resumedUpload, .verifiedUpload:
      try local.folder.write(bytes, to: "a")
      (source, target) = (here, there)
      verifies = scenario == .verifiedUpload
      if scenario == .resumedUpload { remote.change { $0.cutsUploadAfter = 100_000 } }
    case .copy, .move, .tree:
      try local.folder.write(bytes, to: scenario == .tree ? "from/a/b" : "from/a")
      try local.folder.makeFolder("to")
      (source, target) = (.local(local.folder.appending("from")), .local(local.folder.appending("to")))
      if scenario == .move { operation = .move }
      if scenario == .tree { kind = .folder }
    }
    request = TransferRequest(
      from: source, [.init("a", kind: kind)], to: target, operation: operation, onConflict: policy,
      isAttended: false, verifies: verifies)
    var retries = RetryPolicy()
    (retries.first, retries.longest) = (.zero, .zero)
    journal = LeftJournal()
    queue = TransferQueue(
      runner: JobRunner(disk: local.disk, sessions: remote), journal: journal, jobs: 1, retries: retries)
  }

  private var target: FilePath {
    switch scenario {
    case .copy, .move: local.folder.appending("to/a")
    case .tree: local.folder.appending("to/a/b")
    default: local.folder.appending("a")
    }
  }

  private var isUpload: Bool { [.upload, .resumedUpload, .verifiedUpload].contains(scenario) }

  func begin() async {
    if scenario == .resumedDownload { return await beginAgain() }
    guard let events = try? await queue.run(request) else { return }
    for await _ in events {}
  }

  /// A process that was killed has left a part.
  private func beginAgain() async {
    var item = TransferItem(
      id: 1, batch: TransferBatch.ID(1), kind: .file, source: ItemPath(bytes: Array("/a".utf8)),
      target: ItemPath(.local(local.folder.appending("a"))), size: Int64(Self.size),
      modified: Timestamp(seconds: 1_600_000_000), identity: "1", token: 7)
    item.bytes = 100_000
    _ = try? local.folder.write(Array(content(Self.size).prefix(100_000)), to: item.partName.text)
    await journal.leave(TransferBatch(id: item.batch, request), [item])
    try? await queue.restore()
    _ = try? await eventually { await !queue.isBusy }
  }

  func retry() async {
    await queue.retryFailed()
    _ = try? await eventually { await !queue.isBusy }
  }

  var state: ItemState {
    get async {
      let rows = await QueueTab.allCases.asyncFlatMap { await queue.rows($0, from: 0, count: 9) }
      return rows.map(\.state).first { !$0.isDone } ?? .done(.folder)
    }
  }

  private var found: [UInt8]? { isUpload ? remote["/a"]?.bytes : try? FileTree.read(target) }
  var isWhole: Bool { found == content(Self.size) }
  var hasOnlyWholeTargets: Bool { isWhole || found == nil || scenario == .replace && found == Array("old".utf8) }
  var isSomewhere: Bool { isWhole || (try? FileTree.read(local.folder.appending("from/a"))) == content(Self.size) }

  var leftovers: [String] {
    let names = (try? allNames(local.folder.path)) ?? []
    return (names + remote.names).filter { $0.hasSuffix(".ferry.part") }
  }

  private func allNames(_ folder: FilePath) throws -> [String] {
    try FileTree.names(in: folder).flatMap { name in
      let path = folder.appending(name)
      let isFolder = FileTree.facts(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
      return [name.string] + (isFolder ? try allNames(path) : [])
    }
  }
}

extension Sequence {
  fileprivate func asyncFlatMap<Value>(_ body: (Element) async -> [Value]) async -> [Value] {
    var values: [Value] = []
    for element in self { values += await body(element) }
    return values
  }
}
