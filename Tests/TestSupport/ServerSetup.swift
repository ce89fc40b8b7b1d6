import Glibc
package import SystemPackage

/// Writes the configuration of one server, and says how it is run.
struct ServerSetup {
  /// How it is run, where it logs and what it calls its root folder.
  struct Plan {
    var program: Program
    var logs: [FilePath] = []
    var home = "/"
  }

  let software: ServerSoftware
  let options: ServerOptions
  let folder: TemporaryFolder
  let root: FilePath
  let ports: PortBlock

  var isRoot: Bool { geteuid() == 0 }
  /// The user and group that sessions run as. Those of root are the same on every Debian.
  var owner: (name: String, group: String, user: UInt32, groupNumber: UInt32) {
    if isRoot { return ("daemon", "daemon", 1, 1) }
    let name = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(geteuid())"
    let group = getgrgid(getegid()).map { String(cString: $0.pointee.gr_name) } ?? "\(getegid())"
    return (name, group, geteuid(), getegid())
  }

  func plan() async throws -> Plan {
    var plan =
      switch software {
      case .vsftpd: try vsftpd()
      case .proFTPD: try await proFTPD()
      case .pureFTPd: try await pureFTPd()
      case .pyftpdlib: try pyftpdlib()
      }
    plan.program.environment["OPENSSL_CONF"] = try OpenSSLVersions.write(options.versions, in: folder).string
    plan.program.environment.merge(options.environment) { $1 }
    // Before they have a log some report what is wrong to descriptor 0, as if it were the client.
    plan.program.arguments = ["-c", "exec \"$@\" 0<&1", "server", plan.program.name] + plan.program.arguments
    plan.program.name = "/bin/sh"
    return plan
  }

  /// The file of those whose client certificates are trusted: a copy, which a test may add to.
  static let clientAuthorities = "client-authorities.pem"

  func clientAuthorities() throws -> FilePath {
    try folder.write(FileTree.read(TestCertificates.authority), to: Self.clientAuthorities)
  }

  func unpacked(_ path: String) -> String { ProjectFolders.unpackedServers.appending(path).string }
}

/// Files that limit the TLS versions of any program that uses OpenSSL.
package enum OpenSSLVersions {
  /// Writes a configuration for the environment variable `OPENSSL_CONF`, and returns its path.
  package static func write(_ versions: ServerOptions.Versions, in folder: TemporaryFolder) throws -> FilePath {
    let minimum = versions == .only13 ? "TLSv1.3" : "TLSv1.2"
    let maximum = versions == .only12 ? "TLSv1.2" : "TLSv1.3"
    let text = """
      openssl_conf = start
      [start]
      ssl_conf = ssl
      [ssl]
      system_default = limits
      [limits]
      MinProtocol = \(minimum)
      MaxProtocol = \(maximum)

      """
    return try folder.write(text, to: "openssl.cnf", permissions: [.ownerReadWrite, .groupRead, .otherRead])
  }
}
