import SystemPackage

extension ServerSetup {
  /// Pure-FTPd with a user database of its own.
  func pureFTPd() async throws -> Plan {
    let (_, _, user, group) = owner
    // The line is written by hand: `pure-pw useradd` stores a hash that costs seconds of CPU at each log-in.
    let hash = try await Program("openssl", ["passwd", "-6", options.password]).runSuccessfully().outputText
      .filter { !$0.isWhitespace }
    let users = try folder.write(
      "\(RealServer.user):\(hash):\(user):\(group)::\(root)/./::::::::::::\n", to: "users")
    let database = folder.appending("users.pdb")
    try await Program(unpacked("pure-ftpd/usr/bin/pure-pw"), ["mkdb", database.string, "-f", users.string])
      .runSuccessfully()
    var arguments = [
      "-4", "-S", "127.0.0.1,\(ports.control)", "-p", "\(ports.passive.lowerBound):\(ports.passive.upperBound)",
      "-l", "puredb:\(database)", "-E", "-A", "-H", "-D", "-c", "100", "-C", "100", "-L", "2000000:50", "-U", "022:022",
      "-u", "1", "-f", "none", "-g", folder.appending("pid").string,
      "--tls=2",
    ]
    if options.requiresClientCertificate {
      // The authorities of clients are read from the certificate's own file.
      let both = try FileTree.read(options.certificate.both) + FileTree.read(TestCertificates.authority)
      arguments += ["-J", "-C:HIGH", "--certfile=\(try folder.write(both, to: "both.pem"))"]
    } else {
      arguments += ["--certfile=\(options.certificate.both)"]
    }
    arguments += options.extra
    var plan = Plan(program: Program(unpacked("pure-ftpd/usr/sbin/pure-ftpd"), arguments))
    if !isRoot {
      // The variant that needs no chroot(), and a stand-in for what else only root may do.
      plan.program.name += "-virtualchroot"
      plan.program.environment["LD_PRELOAD"] = unpacked("unprivileged.so")
    }
    return plan
  }
}
