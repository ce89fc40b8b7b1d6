import SystemPackage

extension ServerSetup {
  /// vsftpd without PAM and without root: a log-in that needs no system user is "anonymous", and its password is looked
  /// up in a list. As root it could chroot(), but then an anonymous user's top folder may not be writable.
  func vsftpd() throws -> Plan {
    let log = folder.appending("vsftpd.log")
    let passwords = try folder.write(options.password + "\n", to: "passwords")
    let certificate = try folder.write(FileTree.read(options.certificate.both), to: "certificate.pem")
    var lines = [
      "listen=YES", "background=NO", "listen_address=\(options.host)", "listen_port=\(ports.control)",
      "pasv_min_port=\(ports.passive.lowerBound)", "pasv_max_port=\(ports.passive.upperBound)",
      "pasv_address=\(options.host)",
      "anonymous_enable=YES", "ftp_username=\(owner.name)", "anon_root=\(root)", "write_enable=YES",
      "secure_email_list_enable=YES", "email_password_file=\(passwords)",
      "anon_upload_enable=YES", "anon_mkdir_write_enable=YES", "anon_other_write_enable=YES",
      "anon_world_readable_only=NO", "anon_umask=022", "mdtm_write=YES", "force_dot_files=YES",
      "run_as_launching_user=YES", "secure_chroot_dir=\(try folder.makeFolder("empty"))",
      // Its old filter kills sessions on new kernels.
      "seccomp_sandbox=NO",
      "session_support=NO", "tcp_wrappers=NO", "setproctitle_enable=NO", "max_per_ip=200", "max_login_fails=3",
      "ssl_enable=YES", "rsa_cert_file=\(certificate)", "rsa_private_key_file=\(certificate)",
      "ssl_ciphers=HIGH", "allow_anon_ssl=YES", "force_anon_data_ssl=YES", "force_anon_logins_ssl=YES",
      "implicit_ssl=\(options.mode == .implicit ? "YES" : "NO")",
      "xferlog_enable=YES", "xferlog_std_format=NO", "log_ftp_protocol=YES", "debug_ssl=YES", "vsftpd_log_file=\(log)",
    ]
    if options.requiresClientCertificate {
      lines += ["require_cert=YES", "validate_cert=YES", "ca_certs_file=\(try clientAuthorities())"]
    }
    let text = (lines + options.extra).joined(separator: "\n") + "\n"
    let configuration = try folder.write(text, to: "vsftpd.conf")
    // A copy, because another user may not look into the project's folder.
    let binary = try folder.write(
      FileTree.read(FilePath(unpacked("vsftpd/usr/sbin/vsftpd"))), to: "vsftpd", permissions: .ownerReadWriteExecute)
    var program = Program(binary.string, [configuration.string])
    if isRoot {
      program.name = "setpriv"
      program.arguments =
        ["--reuid=\(owner.user)", "--regid=\(owner.groupNumber)", "--clear-groups", binary.string]
        + program.arguments
    }
    return Plan(program: program, logs: [log], home: root.string)
  }
}
