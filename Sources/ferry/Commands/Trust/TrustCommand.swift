import ArgumentParser
import FTP
import Storage
import SystemPackage

/// `ferry trust list|show|add|note|remove|export|import`
struct TrustCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust", abstract: "Certificates that are trusted for good.",
    subcommands: [
      TrustListCommand.self, TrustShowCommand.self, TrustAddCommand.self, TrustNoteCommand.self,
      TrustRemoveCommand.self, TrustExportCommand.self, TrustImportCommand.self,
    ])

  /// The cache of the person who runs this.
  static func store(_ output: Output) throws -> TrustStore {
    let database = FerryDatabase(try Home())
    if let notice = try database.open().notice { output.problem(notice) }
    return database.trust
  }

  /// The certificates that a word names.
  static func find(_ word: String, _ output: Output) throws -> (store: TrustStore, found: [TrustedCertificate]) {
    let store = try store(output)
    let found = try store.find(word)
    guard !found.isEmpty else {
      throw ItemProblem(
        "No trusted certificate is named by \u{201C}\(SafeText.escape(word))\u{201D}; ferry trust list shows them all.")
    }
    return (store, found)
  }

  /// A server as "files.example.org", "files.example.org:2121", or an address.
  static func server(_ text: String, isImplicit: Bool) throws -> ServerAddress {
    do {
      let address = try FTPAddress(
        FTPAddress.looksLikeAddress(text) ? text : "\((isImplicit ? TLSMode.implicit : .explicit).scheme)://\(text)")
      return ServerAddress(host: address.host, port: address.port, mode: address.mode)
    } catch {
      throw UsageProblem(Headless.sentence(error))
    }
  }

  /// The bytes of a file that a person named; "-" is standard input.
  static func read(_ path: FilePath) throws -> [UInt8] {
    let name = SafeText.escape(path.string)
    do {
      if path == "-" { return try Self.readAll(.standardInput) }
      guard let bytes = try PrivateFile.read(path, isSecret: false, limit: TrustFile.largest) else {
        throw ItemProblem("There is no file \(name).")
      }
      return bytes
    } catch let error as Errno {
      throw ItemProblem("\(name) cannot be read: \(error).")
    }
  }

  private static func readAll(_ descriptor: FileDescriptor) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= TrustFile.largest {
      let count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return bytes
  }
}
