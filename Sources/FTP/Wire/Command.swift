/// What a client says on the control connection, with arguments that are values and not text.
package enum Command: Equatable, Sendable {
  // MARK: Reaching TLS and logging in

  /// RFC 4217 section 4.
  case auth(SecurityMechanism)
  /// `PBSZ 0`, which TLS requires before PROT.
  case pbsz
  case prot(ProtectionLevel)
  /// RFC 7151: which of a server's virtual hosts is meant.
  case host(String)
  case user(String)
  case pass(Secret)
  case acct(Secret)
  /// Names this program to servers that ask for it.
  case clnt(String)
  case feat
  case opts(Option)
  case syst
  case quit

  // MARK: Folders

  case pwd
  case cwd(RemotePath)
  case cdup
  case mkd(RemotePath)
  case rmd(RemotePath)

  // MARK: Data connections and listings

  case type(RepresentationType)
  case epsv
  case pasv
  /// PASV of which the server is the TLS client, for a connection between two servers; RFC 4217 section 7 has it the
  /// other way round.
  case cpsv
  /// The same for every data connection until it is taken back, however it is made.
  case sscn(isClient: Bool)
  /// RFC 2428: where the client listens; `address` as in `192.0.2.1` or `2001:db8::1`.
  case eprt(address: String, port: Int)
  /// `host` is four bytes.
  case port(host: [UInt8], port: Int)
  case mlsd(RemotePath?)
  case mlst(RemotePath)
  /// `isComplete` asks with `-a` for names that start with a dot, which is an option of ls and no part of FTP.
  case list(RemotePath?, isComplete: Bool = false)
  case nlst(RemotePath?)
  /// A status without a path; a listing on the control connection with one.
  case stat(RemotePath?)

  // MARK: Files

  case retr(RemotePath)
  case stor(RemotePath)
  case appe(RemotePath)
  /// From which byte the next RETR or STOR, which must follow at once, goes on.
  case rest(Int64)
  case allo(Int64)
  case size(RemotePath)
  case mdtm(RemotePath)
  case mfmt(Timestamp, RemotePath)
  /// Permission bits as a fact (draft-somers-ftp-mfxx section 5): `MFF UNIX.mode=`.
  case mffMode(UInt16, RemotePath)
  /// MDTM with a time: how servers without MFMT let a client set one.
  case setMdtm(Timestamp, RemotePath)
  case dele(RemotePath)
  case rnfr(RemotePath)
  case rnto(RemotePath)
  /// The digest of a file (draft-bryan-ftpext-hash), of the algorithm chosen with `.opts(.hash)`.
  case hash(RemotePath)
  /// XCRC, XMD5, XSHA1, XSHA256 or XSHA512.
  case checksum(HashAlgorithm, RemotePath)
  /// SHA-1 under the name that it had first.
  case xsha(RemotePath)
  case site(SiteCommand)

  // MARK: Other

  case noop
  case abor
  /// What somebody typed.
  case raw([UInt8])

  package enum SecurityMechanism: String, Sendable {
    case tls = "TLS"
    case ssl = "SSL"
  }

  package enum ProtectionLevel: String, Sendable {
    case clear = "C"
    case `private` = "P"
  }

  package enum RepresentationType: String, Sendable {
    case image = "I"
    case ascii = "A"
  }

  package enum Option: Hashable, Sendable {
    case utf8
    /// The facts wanted in MLSD and MLST.
    case mlst([String])
    case hash(HashAlgorithm)
  }

  package enum SiteCommand: Hashable, Sendable {
    /// Permission bits, 0...0o7777.
    case chmod(UInt16, RemotePath)
    case utime(Timestamp, RemotePath)
    case symlink(target: RemotePath, link: RemotePath)
    case raw([UInt8])
  }

  /// The line to send, with one CRLF, at its end. Throws `FTPError.forbiddenByte` for CR, LF or NUL in an argument:
  /// such a name cannot be said in FTP, and rewriting it would act on another file.
  package func encoded() throws(FTPError) -> [UInt8] {
    var line = Array(verb.utf8)
    switch argument {
    case .none: break
    case .bytes(let bytes):
      if !line.isEmpty { line.append(UInt8(ascii: " ")) }
      line += bytes
    case .secret(let secret):
      line.append(UInt8(ascii: " "))
      // Reserved, so that growing does not leave half a password behind in freed memory.
      line.reserveCapacity(line.count + secret.count + 2)
      secret.withBytes { line.append(contentsOf: $0) }
    }
    for byte in line where byte == 0x00 || byte == 0x0A || byte == 0x0D {
      throw .forbiddenByte(byte, in: logged)
    }
    line += [0x0D, 0x0A]
    return line
  }

  /// For transcripts: secrets masked, everything invisible escaped, without the line's end.
  package var logged: String {
    switch argument {
    case .none: verb
    case .bytes(let bytes): verb.isEmpty ? SafeText.escape(Self.masked(bytes)) : verb + " " + SafeText.escape(bytes)
    case .secret(let secret): verb + " " + secret.description
    }
  }

  /// A typed PASS or ACCT keeps its argument out of transcripts too.
  private static func masked(_ line: [UInt8]) -> [UInt8] {
    let words = line.split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: true)
    guard words.count == 2, ["pass", "acct"].contains(where: { words[0].map(lowercased).elementsEqual($0.utf8) })
    else { return line }
    return words[0] + Array(" ••••".utf8)
  }
}
