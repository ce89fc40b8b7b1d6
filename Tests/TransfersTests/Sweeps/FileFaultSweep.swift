import FTP
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// Every call to the local file system fails in every way, once and for ever, in the middle of every kind of transfer.
///
/// Whatever fails, what has a final name is whole, nothing that is not is said to be done, another fault may come while
/// it is tried again, and once the disk is well a retry brings everything over and leaves nothing else behind.
@Suite("File system faults", .serialized, .timeLimit(.minutes(10)))
struct FileFaultSweep {
  enum Scenario: CaseIterable, Sendable {
    case download, replace, rename, resumedDownload, extendedDownload, verifiedDownload, smallDownloads, movedDownload
    case downloadedTree, segmentedDownload
    case upload, resumedUpload, verifiedUpload, smallUploads, movedUpload, uploadedTree
    case copy, move, moveToOtherDisk, tree
  }

  static let codes = [EIO, ENOSPC, EDQUOT, EROFS, EACCES, EMFILE]

  @Test("no fault makes a wrong file or a lost item", arguments: Scenario.allCases)
  func sweep(_ scenario: Scenario) async throws {
    let start = ContinuousClock.now
    var played = 0
    // In the sample each call meets one code, the next call the next one; in the whole each call meets each.
    let rounds = min(Sweep.rounds("FAULTS", sample: 1), Self.codes.count)
    for kind in [FaultyFiles.Kind.error, .shortWrite] {
      for round in 0..<rounds {
        for isForEver in [false, true] {
          // Of the sample every other call fails once, and the others for ever.
          var number = rounds == 1 && isForEver ? 2 : 1
          while try await play(
            scenario,
            FaultyFiles(
              kind, code: Self.codes[(round + number) % Self.codes.count], atCall: number, forEver: isForEver),
            again: 1 + (number + round * 3) % 19)
          {
            played += 1
            number += rounds == 1 ? 2 : 1
          }
        }
      }
    }
    #expect(played > 5)
    Sweep.report("faults, \(scenario): \(played) faults; \(ContinuousClock.now - start)")
  }

  /// - Parameter again: at which call of the next attempt it happens once more.
  /// - Returns: whether the fault was met at all.
  private func play(_ scenario: Scenario, _ files: FaultyFiles, again: Int) async throws -> Bool {
    let world = try FaultWorld(scenario, files)
    await world.begin()
    let first = await world.state
    let context = "\(scenario), \(files)"
    if first.isDone { #expect(world.isWhole, "done and not whole: \(context)") }
    expectNothingWrong(world, context)
    if !first.isDone {
      files.mend()
      files.failAgain(atCall: again)
      await world.retry()
      if await world.state.isDone { #expect(world.isWhole, "done and not whole, the second time: \(context)") }
      expectNothingWrong(world, "the second time, \(context)")
    }
    files.mend()
    if await !world.state.isDone {
      await world.retry()
      let second = await world.state
      #expect(second.isDone, "\(second) after a retry: \(context)")
    }
    #expect(world.isWhole, "not whole in the end: \(context)")
    #expect(world.leftovers == [], "left behind: \(context)")
    return files.wasMet
  }

  private func expectNothingWrong(_ world: FaultWorld, _ context: String) {
    #expect(world.hasOnlyWholeTargets, "a target that is neither the old nor the new one: \(context)")
    #expect(world.isSomewhere, "the only copy is gone: \(context)")
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
  /// What is to be there in the end, by its path from the source's and the target's folder on.
  private let files: [String: [UInt8]]

  init(_ scenario: FileFaultSweep.Scenario, _ faults: FaultyFiles) throws {
    self.scenario = scenario
    local = try LocalPlace(faults, in: .memory(bytes: 1 << 20))
    remote = MemoryServer()
    files =
      switch scenario {
      case .tree, .downloadedTree, .uploadedTree: ["a/b": content(Self.size), "a/c/d": content(30, seed: 2)]
      case .smallDownloads, .smallUploads:
        Dictionary(uniqueKeysWithValues: (0..<4).map { ("\($0)", content(5_000 + $0, seed: $0)) })
      default: ["a": content(Self.size)]
      }
    let (there, here) = (Location.remote(server, .root), Location.local(local.folder.path))
    let isBetweenFolders = [.copy, .move, .moveToOtherDisk, .tree].contains(scenario)
    if scenario == .moveToOtherDisk { faults.separateFolders() }
    let source = isBetweenFolders ? .local(local.folder.appending("from")) : scenario.isUpload ? here : there
    let target = isBetweenFolders ? .local(local.folder.appending("to")) : scenario.isUpload ? there : here
    var policy = ConflictPolicy.ask
    switch scenario {
    case .replace, .rename:
      try local.folder.write("old", to: "a")
      policy = scenario == .rename ? .rename : .overwrite
    case .extendedDownload:
      try local.folder.write(Array(content(Self.size).prefix(100_000)), to: "a")
      policy = .resume
    case .resumedUpload: remote.change { $0.cutsUploadAfter = 100_000 }
    default: break
    }
    if isBetweenFolders { try local.folder.makeFolder("to") }
    let isTree = files.keys.contains { $0.hasPrefix("a/") }
    let names = isTree ? ["a"] : files.keys.sorted()
    request = TransferRequest(
      from: source, names.map { .init(FileName(stringLiteral: $0), kind: isTree ? .folder : .file) }, to: target,
      operation: [.move, .moveToOtherDisk, .movedDownload, .movedUpload].contains(scenario) ? .move : .copy,
      onConflict: policy,
      isAttended: false, verifies: [.verifiedDownload, .verifiedUpload].contains(scenario))
    var retries = RetryPolicy()
    (retries.first, retries.longest) = (.zero, .zero)
    journal = LeftJournal()
    let segmentation =
      scenario == .segmentedDownload ? Segmentation(sessions: 3, threshold: 100_000, smallest: 40_000) : .off
    queue = TransferQueue(
      runner: JobRunner(disk: local.disk, sessions: remote, segmentation: segmentation), journal: journal, jobs: 1,
      retries: retries)
    try writeSources()
  }

  private func writeSources() throws {
    for (name, bytes) in files {
      switch request.source {
      case .local(let folder): try local.folder.write(bytes, to: relative(folder) + name)
      case .remote:
        if name.contains("/") { remote.makeFolders(above: "/" + name) }
        remote["/" + name] = MemoryServer.File(bytes)
      }
    }
  }

  /// The folder's path from the test's own on, with a slash behind.
  private func relative(_ folder: FilePath) -> String {
    folder == local.folder.path ? "" : (folder.lastComponent?.string ?? "") + "/"
  }

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
    await untilIdle()
  }

  func retry() async {
    await queue.retryFailed()
    await untilIdle()
  }

  private func untilIdle() async { _ = try? await eventually(every: .milliseconds(1)) { await !queue.isBusy } }

  var state: ItemState {
    get async {
      let rows = await QueueTab.allCases.asyncFlatMap { await queue.rows($0, from: 0, count: 9) }
      return rows.map(\.state).first { !$0.isDone } ?? .done(.folder)
    }
  }

  private func found(_ name: String, in place: Location) -> [UInt8]? {
    switch place {
    case .local(let folder): try? FileTree.read(folder.appending(name))
    case .remote: remote["/" + name]?.bytes
    }
  }

  /// Where a file of the source goes.
  private func targetName(_ name: String) -> String { scenario == .rename ? "\(name) (2)" : name }

  private func isThere(_ name: String) -> Bool { found(targetName(name), in: request.target) == files[name] }

  var isWhole: Bool {
    files.keys.allSatisfy(isThere) && (scenario != .rename || found("a", in: request.target) == Array("old".utf8))
  }

  var hasOnlyWholeTargets: Bool {
    files.keys.allSatisfy { name in
      let found = found(targetName(name), in: request.target)
      if found == nil || found == files[name] { return true }
      switch scenario {
      case .replace: return found == Array("old".utf8)
      case .extendedDownload: return found == Array(content(Self.size).prefix(100_000))
      default: return false
      }
    }
  }

  var isSomewhere: Bool { files.keys.allSatisfy { isThere($0) || found($0, in: request.source) == files[$0] } }

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

extension FileFaultSweep.Scenario {
  fileprivate var isUpload: Bool {
    [.upload, .resumedUpload, .verifiedUpload, .smallUploads, .movedUpload, .uploadedTree].contains(self)
  }
}

extension Sequence {
  fileprivate func asyncFlatMap<Value>(_ body: (Element) async -> [Value]) async -> [Value] {
    var values: [Value] = []
    for element in self { values += await body(element) }
    return values
  }
}
