import FTP
import NIOCore
import Synchronization

@testable import FTPSClient
@testable import Transfers

/// What a server in memory does with the bytes of files.
extension MemoryServer {
  func retrieve(_ path: RemotePath, from offset: Int64, into sink: some ByteSink) async throws -> TransferReport {
    let file = try file(path, "RETR \(path) \(offset)")
    let habits = state.withLock { $0.habits }
    if let cut = habits.cutsRetrieval, cut.at == offset, cut.times > 0 {
      change { $0.cutsRetrieval?.times -= 1 }
      throw FTPSError.closed("cut")
    }
    if habits.refusesReading { throw refusal("RETR \(path)") }
    var position = offset
    if offset > 0 {
      switch habits.retrieving {
      case .works: break
      case .ignored: position = 0
      case .refused: throw refusal("REST \(offset)", 502)
      case .wraps(let bits): position = offset & (1 << bits - 1)
      }
    }
    var count: Int64 = 0
    while position < file.size {
      if Task.isCancelled { throw FTPSError.cancelled }
      let bytes = file.read(position, Int(min(20_000, file.size - position)))
      do { try await sink.write(ByteBuffer(bytes: bytes)) } catch { throw LocalFailure(underlying: error) }
      position += Int64(bytes.count)
      count += Int64(bytes.count)
    }
    state.withLock { $0.hook }?("RETR \(path) \(offset) done")
    return TransferReport(bytes: count, wasResumed: true, reply: "Done")
  }

  func store(_ path: RemotePath, from offset: Int64, source: some ByteSource) async throws -> TransferReport {
    try await receive("STOR \(path) \(offset)", path, source) { old, habits in
      if offset == 0 { return [] }
      switch habits.storing {
      case .works: return Array(old.prefix(Int(offset)))
      case .refused:
        throw FTPSError.refused(
          command: "STOR \(path)", Reply(451, "\(path): Append/Restart not permitted, try again"))
      case .fails:
        throw FTPSError.refused(command: "STOR \(path)", Reply(451, "\(path): Local error in processing"))
      case .fillsWithZeros: return [UInt8](repeating: 0, count: Int(offset))
      case .ignored: return []
      case .appends: return old
      }
    }
  }

  func append(_ path: RemotePath, source: some ByteSource) async throws -> TransferReport {
    try await receive("APPE \(path)", path, source) { old, habits in
      if habits.refusesAppending { throw self.refusal("APPE \(path)") }
      return old
    }
  }

  func retrieve(
    _ files: [SmallDownload], isWanted: @escaping @Sendable (Int) -> Bool,
    onResult: @escaping @Sendable (Int, Result<SmallContent, SmallFailure>) -> Void
  ) async throws {
    for (index, wanted) in files.enumerated() where isWanted(index) {
      do {
        let file = try file(wanted.path, "RETR \(wanted.path) 0")
        onResult(index, .success(SmallContent(bytes: ByteBuffer(bytes: file.bytes), modified: file.modified)))
      } catch {
        onResult(index, .failure(.session(error as? FTPSError ?? .cancelled)))
      }
    }
  }

  func store(
    count: Int, next: @Sendable (Int) async -> SmallUpload?,
    onResult: @escaping @Sendable (Int, Result<Void, SmallFailure>) -> Void
  ) async throws {
    for index in 0..<count {
      guard let upload = await next(index) else { continue }
      take("STOR \(upload.temporary) 0")
      keep(Array(upload.bytes.readableBytesView), upload.temporary)
      if let time = upload.modified { _ = try await setModificationTime(time, of: upload.temporary) }
      try await rename(upload.temporary, to: upload.target)
      onResult(index, .success(()))
    }
  }

  private func receive(
    _ command: String, _ path: RemotePath, _ source: some ByteSource,
    _ beginning: (_ old: [UInt8], Habits) throws -> [UInt8]
  ) async throws -> TransferReport {
    take(command)
    try expectNotInUse(path, command)
    if let broken = state.withLock({ $0.habits.breaksUpload }), broken.after == 0 {
      change { $0.breaksUpload = nil }
      throw refusal(String(command.prefix { $0 != " " }), broken.code)
    }
    let (old, habits) = state.withLock { state in (state.files[key(path, state)]?.bytes ?? [], state.habits) }
    var bytes = try beginning(old, habits)
    let start = bytes.count
    var isCut = false
    while !isCut {
      let chunk: ByteBuffer?
      do { chunk = try await source.read(upTo: 20_000) } catch {
        keep(bytes, path)
        throw LocalFailure(underlying: error)
      }
      guard let chunk else { break }
      bytes += chunk.readableBytesView
      if let broken = habits.breaksUpload, bytes.count - start >= broken.after {
        keep(bytes, path)
        change { $0.breaksUpload = nil }
        throw refusal(String(command.prefix { $0 != " " }), broken.code)
      }
      isCut = habits.cutsUploadAfter.map { bytes.count - start >= $0 } ?? false
    }
    keep(bytes, path)
    if isCut {
      change { $0.cutsUploadAfter = nil }
      throw FTPSError.closed("cut")
    }
    return TransferReport(bytes: Int64(bytes.count - start), wasResumed: true, reply: "Done")
  }

  private func keep(_ bytes: [UInt8], _ path: RemotePath) {
    state.withLock { state in
      state.lastUnique += 1
      state.files[key(path, state)] = File(bytes, unique: "\(state.lastUnique)")
    }
  }
}
