import FTP
import Storage
import SystemPackage

/// Does what the screen of trusted certificates wants, and ends the sessions that have lost their trust.
struct ScreenTrust: TrustService {
  let database: FerryDatabase
  let sessions: SessionDirectory
  let desk: TrustDesk

  func run(_ request: TrustRequest) async throws -> TrustOutcome {
    let store = database.trust
    var said: String?
    var isError = false
    switch request {
    case .list: break
    case .setNote(let note, let id):
      if try !store.setNote(note, of: id) { throw Complaint("It was removed meanwhile.") }
    case .revoke(let id, let server):
      try store.remove(id)
      await desk.takeBack(server)
      await sessions.endAll(with: server)
      said = "It is trusted no more: the next connection to \(SafeText.escape("\(server)")) asks again."
    case .export(let ids, let path):
      let chosen = try store.list().filter { ids.contains($0.id) }
      try Self.write(TrustFile.pem(chosen), to: path)
      said = "Written to \(SafeText.escape(path.string))."
    case .take(let path, let server):
      let name = SafeText.escape(path.string)
      guard let bytes = try PrivateFile.read(path, isSecret: false, limit: TrustFile.largest) else {
        throw Complaint("There is no file \(name).")
      }
      let takeover = try store.take(TrustFile.read(bytes, for: server))
      said = Self.words(takeover)
      isError = !takeover.omitted.isEmpty
    }
    return TrustOutcome(rows: try store.list().map(TrustRow.init), said: said, isError: isError)
  }

  /// Certificates are no secret, but whatever is there already stays.
  private static func write(_ text: String, to path: FilePath) throws {
    let name = SafeText.escape(path.string)
    do {
      let file = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try file.closeAfter { _ = try file.writeAll(text.utf8) }
    } catch Errno.fileExists {
      throw Complaint("\(name) is there already. Choose another name.")
    } catch let error as Errno {
      throw Complaint("\(name) cannot be written: \(error).")
    }
  }

  private static func words(_ takeover: TrustStore.Takeover) -> String {
    var text = "\(Count.of(takeover.added.count, "certificate is", "certificates are")) trusted now"
    if !takeover.known.isEmpty { text += ", \(Count.of(takeover.known.count, "already was", "already were"))" }
    text += "."
    if let first = takeover.omitted.first {
      text += " \(first)"
      if takeover.omitted.count > 1 { text += " (and \(takeover.omitted.count - 1) more)" }
    }
    return text
  }
}
