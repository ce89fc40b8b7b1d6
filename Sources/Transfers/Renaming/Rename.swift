import FTP
import FTPSClient

/// A move within one machine as a change of name: in one step, whatever is in a folder, and with all that belongs to a
/// file, as its times and permissions.
struct Rename<Side: RenameSide>: Sendable {
  let job: Job
  let side: Side
  let memory: RenameMemory

  private var item: TransferItem { job.item }

  /// - Returns: nil where it has to be moved by other means: what is in a folder goes into one that is there already, or
  ///   it is copied, and its source removed then.
  func run() async throws -> JobOutcome? {
    guard let there = try await side.target(item.target.name) else { return try await rename(to: item.target.name) }
    guard let source = try await side.source() else { throw TransferError.sourceMissing(item.source.name) }
    if let one = source.unique, one == there.unique { throw TransferError.targetIsSource(item.source.name) }
    // Both folders become one; and what else keeps a folder from being there has its reasons told by who makes it.
    if source.kind == .directory {
      if there.kind == .directory, item.depth == 1, source.unique == nil, try await side.isOneFolder() {
        throw TransferError.targetIsSource(item.source.name)
      }
      return nil
    }
    // An earlier attempt, which had to copy it, may have come as far as that.
    if item.hasStarted, job.policy != .overwrite, isCopy(there, of: source) { return nil }
    var policy = job.policy
    switch there.kind {
    case .file: break
    case .directory: if policy != .rename { throw TransferError.targetIsFolder(there.name) }
    case .other: if policy != .rename, policy != .skip { throw TransferError.notAFile(there.name) }
    // The link itself may be replaced, but says nothing about a size or a time.
    case .symbolicLink: if policy != .overwrite, policy != .skip, policy != .rename { policy = .ask }
    }
    let (facts, theirs) = (FileFacts(source), FileFacts(there))
    switch policy.decide(source: facts, target: theirs) {
    case .ask: return .conflict(Conflict(source: facts, target: theirs))
    case .skip(let reason): return .skipped(reason)
    case .overwrite: return try await rename(to: item.target.name, replacing: true)
    case .rename: return try await renameToFreeName()
    // What is there has to be shown to be the beginning.
    case .resume: return nil
    }
  }

  private func isCopy(_ there: ListingEntry, of source: ListingEntry) -> Bool {
    source.kind == .file && there.kind == .file
      && FileFacts(size: source.size, modified: source.modified)
        .isSameFile(as: FileFacts(size: there.size, modified: there.modified))
  }

  private func renameToFreeName() async throws -> JobOutcome? {
    for number in 2...9_999 {
      let name = FreeName.numbered(item.target.name, number)
      if try await side.target(name) != nil { continue }
      // Kept first: a process that ends after the rename finds what it made, and makes no second one.
      await job.note(.target(item.target.renamed(name)))
      let outcome = try await rename(to: name)
      // Somebody else has taken it meanwhile.
      if case .conflict = outcome { continue }
      if outcome == nil { await job.note(.target(item.target)) }
      return outcome
    }
    throw TransferError.targetExists(item.target.name)
  }

  private func rename(to name: FileName, replacing: Bool = false) async throws -> JobOutcome? {
    await job.note(.handover(.renamed))
    let end: RenameEnd
    do { end = try await side.rename(to: name, replacing: replacing) } catch {
      // Else whoever finds the source gone one day, and anything at the target, would take that for this rename.
      if TransferError(error).leavesNames { await job.note(.handover(nil)) }
      throw error
    }
    switch end {
    case .renamed: return .done(.renamed)
    case .taken:
      await job.note(.handover(nil))
      let facts = try await side.source().map { FileFacts($0) } ?? item.facts
      return .conflict(
        Conflict(source: facts, target: try await side.target(name).map { FileFacts($0) } ?? FileFacts()))
    case .refused(let reason):
      await job.note(.handover(nil))
      memory.learnRefusal(item)
      return try await leaveOut(reason)
    }
  }

  /// What only a rename would have taken along is left out of what is copied.
  private func leaveOut(_ reason: String) async throws -> JobOutcome? {
    // In a list only links and devices are unknown. The machine is not asked again: it may tell what a link leads to.
    if item.kind == .unknown, item.depth > 1, !job.batch.followsLinks { return .skipped(FolderWalk.linkIsLeft) }
    await job.note(.startsAgain(reason))
    return nil
  }
}

extension FileFacts {
  init(_ entry: ListingEntry) {
    self.init(size: entry.size, modified: entry.modified, identity: entry.unique)
  }
}

extension TransferError {
  /// Whether no name was changed by a rename that ended so. One whose reply was lost, or that could only not be flushed,
  /// may have been done.
  fileprivate var leavesNames: Bool {
    switch self {
    case .local(let fault): fault.call != .flush
    case .session(.refused): true
    default: FailureClass(self) == .final
    }
  }
}
