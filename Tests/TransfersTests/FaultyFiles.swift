import Dispatch
import FTP
import Glibc
import Synchronization
import SystemPackage
import Transfers

/// The real file system, but that one call fails at its n-th use: once or for ever.
final class FaultyFiles: LocalFiles, CustomStringConvertible {
  enum Kind {
    case error
    /// Half of what was to be written is, before the error.
    case shortWrite
  }

  private struct Plan {
    /// Nil: any call.
    var call: LocalFault.Call?
    var kind = Kind.error
    var code: Int32
    var remaining: Int
    var isForEver: Bool
    var met: LocalFault.Call?
  }

  private let real = PosixFiles()
  private let plan: Mutex<Plan?>
  /// Writes that have begun, and waits for `letWrite` before the first one.
  private let log = Mutex<[LocalFault.Call]>([])
  private let hook = Mutex<(@Sendable (LocalFault.Call) -> Void)?>(nil)
  private let isOnTwoDisks = Atomic(false)
  private enum Removal { case free, awaited, held }
  private let removal = Mutex(Removal.free)
  private let gate = DispatchSemaphore(value: 0)

  init(_ call: LocalFault.Call, code: Int32, at number: Int = 1, forEver: Bool = false) {
    plan = Mutex(Plan(call: call, code: code, remaining: number, isForEver: forEver))
  }

  /// Fails at the n-th call of any kind, or, of the kind `shortWrite`, at the n-th write.
  init(_ kind: Kind, code: Int32, atCall number: Int, forEver: Bool) {
    let call: LocalFault.Call? = kind == .shortWrite ? .write : nil
    plan = Mutex(Plan(call: call, kind: kind, code: code, remaining: number, isForEver: forEver))
  }

  init() { plan = Mutex(nil) }

  /// From now on each folder is on a disk of its own.
  func separateFolders() { isOnTwoDisks.store(true, ordering: .relaxed) }

  /// Calls `body` before each call.
  func before(_ body: @escaping @Sendable (LocalFault.Call) -> Void) { hook.withLock { $0 = body } }

  /// The disk is well again.
  func mend() {
    plan.withLock { plan in
      plan?.isForEver = false
      plan?.remaining = -1
    }
  }

  /// The same fault happens once more, at the n-th call of any kind from now on.
  func failAgain(atCall number: Int) { plan.withLock { $0?.remaining = number } }

  /// Whether the fault was played.
  var wasMet: Bool { plan.withLock { $0?.met != nil } }

  var description: String {
    plan.withLock { plan in
      guard let plan else { return "no fault" }
      let call = plan.met.map { "\($0)" } ?? "nothing"
      return "\(plan.kind) \(plan.code) at \(call)\(plan.isForEver ? ", for ever" : "")"
    }
  }

  var calls: [LocalFault.Call] { log.withLock { $0 } }

  // MARK: Taking time

  /// The next removal of a file waits until ``letRemovalGoOn()``.
  func holdNextRemoval() { removal.withLock { $0 = .awaited } }

  var isHoldingRemoval: Bool { removal.withLock { $0 == .held } }

  func letRemovalGoOn() { gate.signal() }

  private func holdUp() {
    let isHeld = removal.withLock { removal in
      if removal == .awaited { removal = .held }
      return removal == .held
    }
    if !isHeld { return }
    gate.wait()
    removal.withLock { $0 = .free }
  }

  private func meet(_ call: LocalFault.Call) throws(LocalFault) {
    hook.withLock { $0 }?(call)
    log.withLock { $0.append(call) }
    if call == .remove { holdUp() }
    let code: Int32? = plan.withLock { plan in
      guard var next = plan, next.call ?? call == call else { return nil }
      next.remaining -= 1
      let isPlayed = next.remaining == 0 || (next.remaining < 0 && next.isForEver)
      if isPlayed, next.met == nil { next.met = call }
      plan = next
      return isPlayed ? next.code : nil
    }
    if let code { throw LocalFault(call, "played", code: code) }
  }

  func openFolder(_ path: FilePath) throws(LocalFault) -> OpenFolder {
    try meet(.open)
    return try real.openFolder(path)
  }
  func openFolder(_ name: FileName, in folder: OpenFolder, following: Bool) throws(LocalFault) -> OpenFolder {
    try meet(.open)
    return try real.openFolder(name, in: folder, following: following)
  }
  func makeFolder(_ name: FileName, in folder: OpenFolder) throws(LocalFault) -> Bool {
    try meet(.makeFolder)
    return try real.makeFolder(name, in: folder)
  }
  func status(of name: FileName, in folder: OpenFolder, following: Bool) throws(LocalFault) -> LocalStatus? {
    try meet(.status)
    return try real.status(of: name, in: folder, following: following)
  }
  func status(of folder: OpenFolder) throws(LocalFault) -> LocalStatus {
    try meet(.status)
    return try real.status(of: folder)
  }
  func isWithin(_ folder: OpenFolder, _ other: OpenFolder) throws(LocalFault) -> Bool {
    try meet(.status)
    return try real.isWithin(folder, other)
  }
  func names(in folder: OpenFolder) throws(LocalFault) -> [LocalName] {
    try meet(.list)
    return try real.names(in: folder)
  }
  func create(_ name: FileName, in folder: OpenFolder, permissions: UInt16) throws(LocalFault) -> OpenFile {
    try meet(.create)
    return try real.create(name, in: folder, permissions: permissions)
  }
  func openForWriting(_ name: FileName, in folder: OpenFolder) throws(LocalFault) -> OpenFile {
    try meet(.open)
    return try real.openForWriting(name, in: folder)
  }
  func openForReading(_ name: FileName, in folder: OpenFolder, following: Bool) throws(LocalFault) -> OpenFile {
    try meet(.open)
    return try real.openForReading(name, in: folder, following: following)
  }
  func status(of file: OpenFile) throws(LocalFault) -> LocalStatus {
    try meet(.status)
    return try real.status(of: file)
  }
  func write(_ bytes: UnsafeRawBufferPointer, to file: OpenFile, at offset: Int64) throws(LocalFault) {
    do { try meet(.write) } catch {
      if plan.withLock({ $0?.kind == .shortWrite }) {
        try real.write(UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)]), to: file, at: offset)
      }
      throw error
    }
    try real.write(bytes, to: file, at: offset)
  }
  func read(into buffer: UnsafeMutableRawBufferPointer, from file: OpenFile, at offset: Int64) throws(LocalFault) -> Int
  {
    try meet(.read)
    return try real.read(into: buffer, from: file, at: offset)
  }
  func startFlushing(_ file: OpenFile, from offset: Int64, count: Int64) {
    real.startFlushing(file, from: offset, count: count)
  }
  func flush(_ file: OpenFile) throws(LocalFault) {
    try meet(.flush)
    try real.flush(file)
  }
  func flush(_ folder: OpenFolder) throws(LocalFault) {
    try meet(.flush)
    try real.flush(folder)
  }
  func truncate(_ file: OpenFile, to length: Int64) throws(LocalFault) {
    try meet(.truncate)
    try real.truncate(file, to: length)
  }
  func setModified(_ time: Timestamp, of file: OpenFile) throws(LocalFault) {
    try meet(.setTimes)
    try real.setModified(time, of: file)
  }
  func setPermissions(_ bits: UInt16, of file: OpenFile) throws(LocalFault) {
    try meet(.setPermissions)
    try real.setPermissions(bits, of: file)
  }
  func setPermissions(_ bits: UInt16, of name: FileName, in folder: OpenFolder) throws(LocalFault) {
    try meet(.setPermissions)
    try real.setPermissions(bits, of: name, in: folder)
  }
  var newFilePermissions: UInt16 { real.newFilePermissions }
  var newFolderPermissions: UInt16 { real.newFolderPermissions }
  func rename(_ name: FileName, to newName: FileName, in folder: OpenFolder, replacing: Bool) throws(LocalFault) {
    try meet(.rename)
    try real.rename(name, to: newName, in: folder, replacing: replacing)
  }
  func move(
    _ name: FileName, from folder: OpenFolder, to newName: FileName, in newFolder: OpenFolder, replacing: Bool
  ) throws(LocalFault) {
    try meet(.rename)
    if isOnTwoDisks.load(ordering: .relaxed) { throw LocalFault(.rename, "played", code: EXDEV) }
    try real.move(name, from: folder, to: newName, in: newFolder, replacing: replacing)
  }
  func remove(_ name: FileName, in folder: OpenFolder) throws(LocalFault) {
    try meet(.remove)
    try real.remove(name, in: folder)
  }
  func removeFolder(_ name: FileName, in folder: OpenFolder) throws(LocalFault) {
    try meet(.remove)
    try real.removeFolder(name, in: folder)
  }
}
