package import SystemPackage

/// The servers that the tests run against.
package enum ServerSoftware: String, Sendable, CaseIterable, CustomStringConvertible {
  case vsftpd
  case proFTPD = "ProFTPD"
  case pureFTPd = "Pure-FTPd"
  case pyftpdlib

  package var description: String { rawValue }

  /// Whether it can serve implicit TLS.
  package var hasImplicit: Bool { self == .vsftpd || self == .proFTPD }
  /// Whether it refuses data connections that do not resume a session, unless told otherwise.
  package var requiresResumption: Bool { self == .vsftpd || self == .proFTPD }
  /// Whether it lists with MLSD; vsftpd has LIST only.
  package var hasMLSD: Bool { self != .vsftpd }
}

/// How a `RealServer` is started.
package struct ServerOptions: Sendable {
  /// When TLS begins.
  package enum Mode: String, Sendable { case explicit, implicit }
  /// The TLS versions that the server speaks.
  package enum Versions: String, Sendable, CaseIterable {
    case any = "TLS 1.2 and 1.3"
    case only12 = "TLS 1.2"
    case only13 = "TLS 1.3"
  }

  package var mode = Mode.explicit
  package var versions = Versions.any
  package var certificate = TestCertificates.Server.p256
  /// Clients must show a certificate signed by `TestCertificates.authority`.
  package var requiresClientCertificate = false
  /// The password of the only user, `RealServer.user`; without spaces and colons.
  package var password = "sesame-21"
  /// The folder to serve; a new, empty one if nil.
  package var root: FilePath?
  /// Where a new root folder is made.
  package var place = TemporaryFolder.Place.disk
  /// Where vsftpd and ProFTPD listen. At one of the others, up to 127.0.0.3, a server is a foreign host for every client
  /// and server that is not there too: connections within this machine come from 127.0.0.1, unless they are bound.
  package var host = "127.0.0.1"
  /// Further lines for the configuration file of vsftpd and ProFTPD, further arguments for Pure-FTPd, commands that
  /// pyftpdlib does not know.
  package var extra: [String] = []
  /// What it finds in its environment beside what all of them do.
  package var environment: [String: String] = [:]

  package init(mode: Mode = .explicit, versions: Versions = .any) {
    self.mode = mode
    self.versions = versions
  }
}
