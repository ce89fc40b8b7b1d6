import FTP
import FTPSServer
import Glibc
import Storage
import SystemPackage
import TLS

/// The demo's own world, kept between starts: a server with its certificate, password and port, its sample files, and
/// a local folder in which a newcomer can hurt nothing.
struct Demo: Sendable {
  static let user = "demo"

  let password: Secret
  private let folder: FilePath
  private let identity: Identity

  /// What clients see.
  var serverFolder: FilePath { folder.appending("server") }
  /// What the left pane shows.
  var localFolder: FilePath { folder.appending("local") }
  var passwordFile: FilePath { folder.appending("password") }
  private var portFile: FilePath { folder.appending("port") }

  /// A running server, and where it is.
  struct Running: Sendable {
    let server: FTPSServer
    let address: FTPAddress
  }

  /// Makes what is missing.
  ///
  /// - Throws: `StorageError`, `ServerError`, or the system's `Errno`.
  init(_ home: Home) throws {
    folder = try home.prepare(.data).appending("demo")
    try Self.makeFolder(folder)
    try Self.makeFolder(folder.appending("local"))
    try DemoFolder.create(at: folder.appending("server"))
    identity = try ServerIdentity.loadOrCreate(folder)
    password = try Self.password(folder.appending("password"))
  }

  /// Starts the server on the port that it had before, as certificates are trusted and transfers are queued for a host
  /// and port; on another one while a second demo has that.
  func serve() async throws -> Running {
    let kept = try keptPort()
    for port in [kept, 0].compactMap(\.self) {
      var configuration = ServerConfiguration(
        root: serverFolder, identity: identity, login: SingleLogin(user: Self.user, password: password))
      configuration.port = port
      configuration.greeting = "Welcome to Ferry's demo"
      let server = FTPSServer(configuration)
      do {
        let port = try await server.start()
        if kept == nil { try PrivateFile.write(Array("\(port)\n".utf8), to: portFile) }
        let address = ServerAddress(host: "127.0.0.1", port: port, mode: .explicit, user: Self.user)
        return Running(server: server, address: FTPAddress(server: address, path: .root))
      } catch ServerError.listen where port != 0 {
        continue
      }
    }
    preconditionFailure("the system chose no port and gave no error")
  }

  private func keptPort() throws -> Int? {
    guard let bytes = try PrivateFile.read(portFile, isSecret: false) else { return nil }
    let port = Int(String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self))
    return port.flatMap { (1024...65535).contains($0) ? $0 : nil }
  }

  /// The one of earlier starts, or a new one of 100 random bits.
  private static func password(_ path: FilePath) throws -> Secret {
    if let bytes = try PrivateFile.read(path), !bytes.isEmpty { return Secret(utf8: bytes.prefix { $0 != 0x0A }) }
    let letters = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)
    var random = SystemRandomNumberGenerator()
    let word = (0..<20).map { _ in letters[Int(random.next(upperBound: UInt(letters.count)))] }
    try PrivateFile.write(word + [0x0A], to: path)
    return Secret(utf8: word)
  }

  private static func makeFolder(_ path: FilePath) throws {
    if mkdir(path.string, 0o700) != 0, errno != EEXIST { throw Errno(rawValue: errno) }
  }
}
