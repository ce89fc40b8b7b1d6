import ArgumentParser
import FTP
import FTPSServer
import SystemPackage

/// `ferry serve DIRECTORY`
struct ServeFolderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "folder", abstract: "Share a folder.",
    discussion: """
      Only this machine can connect unless an address is given. Users and passwords are those of ferry serve users, or of \
      --user. A client certificate that nobody has decided on is refused and kept: see ferry serve clients.
      """)

  enum Certificates: String, CaseIterable, ExpressibleByArgument { case off, request, require }

  @Argument(help: "The folder that clients see.")
  var directory: FilePath

  @Option(help: ArgumentHelp("The numeric address to listen on; 0.0.0.0 or :: for all.", valueName: "address"))
  var address = "127.0.0.1"

  @Option(help: ArgumentHelp("The port; 2121, or 9990 with --implicit, if none is given.", valueName: "port"))
  var port: Int?

  @Flag(help: "TLS from the first byte (ftps://), rather than after AUTH TLS (ftpes://).")
  var implicit = false

  @Option(
    help: ArgumentHelp(
      "Whether clients need certificates of their own.",
      discussion: "off: none is asked for; request: one that is shown must be trusted; require: nobody without."))
  var clientCertificates = Certificates.off

  @Option(
    help: ArgumentHelp("Trust client certificates that the authorities in this PEM file signed.", valueName: "file"))
  var trustAuthority: [FilePath] = []

  @Option(
    help: ArgumentHelp(
      "Refuse the client certificates in this file of revocation lists (CRLs), in PEM or DER; read again when it changes.",
      valueName: "file"))
  var crlFile: FilePath?

  @Flag(help: "Clients can change nothing.")
  var readOnly = false

  @Option(
    help: ArgumentHelp(
      "Let in only this user, and set the password if there is none; repeat for others.",
      valueName: "name"))
  var user: [String] = []

  @Option(
    help: ArgumentHelp("Set the passwords of --user from the lines of this file, in their order.", valueName: "file"))
  var passwordFile: FilePath?

  @Option(help: ArgumentHelp("The passphrase of the server's key is the first line of this file.", valueName: "file"))
  var passphraseFile: FilePath?

  @Option(help: ArgumentHelp("Ports for data connections, as in 50000-50100.", valueName: "ports"))
  var passivePorts: PortRange?

  @Option(help: ArgumentHelp("Clients connected at the same time, 1 to 1000.", valueName: "count"))
  var maxConnections = 64

  @Option(help: ArgumentHelp("The same for each address; half as many if not given.", valueName: "count"))
  var maxConnectionsPerAddress: Int?

  @Option(help: ArgumentHelp("Bytes a second of all transfers together, at least 16K; K, M or G.", valueName: "rate"))
  var limit: ByteRate?

  @OptionGroup var state: ServeStateOptions

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @Flag(help: "Print commands and replies too.")
  var verbose = false

  func validate() throws {
    if let port, !(0...65535).contains(port) { throw ValidationError("--port is 0 to 65535; 0 chooses a free one.") }
    guard (1...1000).contains(maxConnections) else { throw ValidationError("--max-connections is 1 to 1000.") }
    if let most = maxConnectionsPerAddress, !(1...maxConnections).contains(most) {
      throw ValidationError("--max-connections-per-address is 1 to \(maxConnections).")
    }
    if passwordFile != nil, user.isEmpty { throw ValidationError("--password-file needs --user.") }
    if !trustAuthority.isEmpty, clientCertificates == .off {
      throw ValidationError("--trust-authority needs --client-certificates request or require.")
    }
    if crlFile != nil, clientCertificates == .off {
      throw ValidationError("--crl-file needs --client-certificates request or require.")
    }
  }

  func run() async throws {
    let output = Output(isJSON: json)
    let server = try await ServedFolder(self, output)
    try await server.run()
  }
}

/// "50000-50100"
struct PortRange: ExpressibleByArgument {
  let ports: ClosedRange<Int>

  init?(argument: String) {
    let parts = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let first = parts[0], let last = parts[1], (1024...65535).contains(first),
      (first...65535).contains(last)
    else { return nil }
    ports = first...last
  }
}

/// "500K", "2M"; at least 16 KiB a second, below which clients take a transfer for stalled.
struct ByteRate: ExpressibleByArgument {
  let bytesPerSecond: Int64

  init?(argument: String) {
    let units: [Character: Int64] = ["k": 1 << 10, "m": 1 << 20, "g": 1 << 30]
    let unit = argument.last.flatMap { units[Character($0.lowercased())] }
    guard let count = Int64(unit == nil ? argument : String(argument.dropLast())), (1...1 << 30).contains(count) else {
      return nil
    }
    bytesPerSecond = count * (unit ?? 1)
    if bytesPerSecond < 16 << 10 { return nil }
  }
}
