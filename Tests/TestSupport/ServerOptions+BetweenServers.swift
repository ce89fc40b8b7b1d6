extension ServerOptions {
  /// Of a server that exchanges files with other servers, and checks their certificates when it is the TLS client.
  ///
  /// - Parameter number: of its address: 127.0.0.2 and 127.0.0.3 are strangers for one another, and for any client.
  package static func betweenServers(
    _ software: ServerSoftware, at number: Int, versions: Versions = .any
  ) -> ServerOptions {
    var options = ServerOptions(versions: versions)
    options.host = "127.0.0.\(number)"
    switch software {
    case .vsftpd: options.extra = ["pasv_promiscuous=YES", "port_promiscuous=YES", "require_ssl_reuse=NO"]
    case .proFTPD:
      options.extra = [
        "AllowForeignAddress on", "TLSOptions NoSessionReuseRequired", "TLSVerifyServer on",
        "TLSCACertificateFile \(TestCertificates.authority)",
      ]
    case .pureFTPd, .pyftpdlib: preconditionFailure("neither listens anywhere else in these tests")
    }
    return options
  }
}
