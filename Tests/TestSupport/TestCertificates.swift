package import SystemPackage

/// The certificates of the tests, made once by `Tests/Servers/certificates`. All keys are unencrypted PEM.
package enum TestCertificates {
  /// A server's certificate: for `localhost` and 127.0.0.1 to 127.0.0.3, signed by `authority`.
  package enum Server: String, Sendable, CaseIterable {
    case rsa = "server-rsa"
    case p256 = "server-p256"
    /// Another P-256 one, for a server that has changed its certificate.
    case other = "server-other"

    package var certificate: FilePath { folder.appending("\(rawValue).pem") }
    package var key: FilePath { folder.appending("\(rawValue).key") }
    /// Key and certificate in one file.
    package var both: FilePath { folder.appending("\(rawValue).both.pem") }
  }

  /// A client's certificate.
  package enum Client: String, Sendable, CaseIterable {
    /// Signed by `authority`.
    case known = "client"
    /// Signed by an authority that no server trusts.
    case stranger = "client-stranger"

    package var certificate: FilePath { folder.appending("\(rawValue).pem") }
    package var key: FilePath { folder.appending("\(rawValue).key") }
    /// Key and certificate in one file.
    package var both: FilePath { folder.appending("\(rawValue).both.pem") }
  }

  /// The certificate of the authority that signed what servers and known clients show.
  package static var authority: FilePath { folder.appending("authority.pem") }

  private static var folder: FilePath { ProjectFolders.unpackedServers.appending("certificates") }

  /// Makes them where they are not there yet. Starting a `RealServer` does this.
  package static func make() async throws { try await ServerFiles.shared.prepare() }
}
