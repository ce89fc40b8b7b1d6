package import SystemPackage

/// A list of the certificates that `TestCertificates.authority` has taken back, as the `openssl ca` command makes it.
package struct RevocationListFile: Sendable {
  package let path: FilePath
  private let configuration: FilePath

  /// Publishes a list of nothing.
  ///
  /// - Parameter namesKey: whether the list says which of its issuer's keys has signed it.
  package init(in folder: TemporaryFolder, namesKey: Bool = true) async throws {
    try await TestCertificates.make()
    path = folder.appending("authority.crl")
    let index = try folder.write("", to: "index.txt")
    configuration = try folder.write(
      "[ca]\ndefault_ca = own\n[own]\ndatabase = \(index)\ndefault_md = sha256\ndefault_crl_days = 7\n"
        + (namesKey ? "crl_extensions = names\n[names]\nauthorityKeyIdentifier = keyid:always\n" : ""),
      to: "ca.conf")
    try await publish()
  }

  /// Takes back a certificate, and publishes the list anew.
  package func revoke(_ certificate: FilePath) async throws {
    try await authority(["-revoke", certificate.string])
    try await publish()
  }

  /// Publishes the list anew, as of now.
  ///
  /// - Parameter seconds: how long it is valid; seven days without.
  package func publish(for seconds: Int? = nil) async throws {
    try await authority(["-gencrl", "-out", path.string] + (seconds.map { ["-crlsec", "\($0)"] } ?? []))
  }

  private func authority(_ arguments: [String]) async throws {
    let certificate = TestCertificates.authority.string
    try await Program(
      "openssl",
      [
        "ca", "-config", configuration.string, "-cert", certificate, "-keyfile",
        String(certificate.dropLast(3)) + "key",
      ]
        + arguments
    ).runSuccessfully()
  }
}
