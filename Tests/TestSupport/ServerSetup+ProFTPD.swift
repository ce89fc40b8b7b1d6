import SystemPackage

extension ServerSetup {
  /// ProFTPD with a password file; without root, mod_vroot stands in for chroot().
  func proFTPD() async throws -> Plan {
    let (name, group, user, groupNumber) = owner
    let hash = try await Program("openssl", ["passwd", "-6", options.password]).runSuccessfully().outputText
      .filter { !$0.isWhitespace }
    let users = try folder.write(
      "\(RealServer.user):\(hash):\(user):\(groupNumber)::\(root):/bin/sh\n", to: "users")
    let groups = try folder.write("\(RealServer.user):x:\(groupNumber):\n", to: "groups")
    let logs = [folder.appending("proftpd.log"), folder.appending("tls.log")]
    var lines = [
      "ModulePath \(unpacked("proftpd-core/usr/lib/proftpd"))", "LoadModule mod_tls.c",
      "ServerType standalone", "DefaultAddress \(options.host)", "Port \(ports.control)", "SocketBindTight on",
      "UseIPv6 off", "PassivePorts \(ports.passive.lowerBound) \(ports.passive.upperBound)",
      "MasqueradeAddress \(options.host)", "MaxInstances 200",
      "User \(name)", "Group \(group)", "AuthPAM off", "AuthOrder mod_auth_file.c", "AuthUserFile \(users)",
      "AuthGroupFile \(groups)", "RequireValidShell off", "DefaultRoot ~", "Umask 022",
      "AllowOverwrite on", "AllowStoreRestart on", "AllowRetrieveRestart on",
      "WtmpLog off", "UseReverseDNS off", "PidFile \(folder.appending("pid"))",
      "ScoreboardFile \(folder.appending("scoreboard"))", "SystemLog \(logs[0])", "TransferLog none",
      "<IfModule mod_delay.c>", "DelayEngine off", "</IfModule>",
      "<IfModule mod_ctrls.c>", "ControlsEngine off", "</IfModule>",
      // Long listings are cut at 10,000 names otherwise.
      "ListOptions \"\" maxfiles 2000000",
      "TLSEngine on", "TLSRequired on", "TLSProtocol \(versions)", "TLSRenegotiate none", "TLSLog \(logs[1])",
      "TLS\(keyKind)CertificateFile \(options.certificate.certificate)",
      "TLS\(keyKind)CertificateKeyFile \(options.certificate.key)",
      "TLSOptions EnableDiags\(options.mode == .implicit ? " UseImplicitSSL" : "")",
    ]
    if !isRoot { lines += ["LoadModule mod_vroot.c", "VRootEngine on"] }
    if options.requiresClientCertificate {
      lines += ["TLSVerifyClient on", "TLSCACertificateFile \(try clientAuthorities())"]
    }
    let text = (lines + options.extra).joined(separator: "\n") + "\n"
    let configuration = try folder.write(text, to: "proftpd.conf")
    return Plan(
      program: Program(unpacked("proftpd-core/usr/sbin/proftpd"), ["--nodaemon", "-c", configuration.string]),
      logs: logs)
  }

  private var keyKind: String { options.certificate == .rsa ? "RSA" : "EC" }

  /// `TLSProtocol` wins over OpenSSL's own configuration.
  private var versions: String {
    switch options.versions {
    case .any: "TLSv1.2 TLSv1.3"
    case .only12: "TLSv1.2"
    case .only13: "TLSv1.3"
    }
  }
}
