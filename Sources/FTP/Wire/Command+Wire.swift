extension Command {
  enum Argument {
    case none
    case bytes([UInt8])
    case secret(Secret)

    static func text(_ text: String) -> Argument { .bytes(Array(text.utf8)) }
    static func path(_ path: RemotePath?) -> Argument { path.map { .bytes($0.bytes) } ?? .none }
    static func text(_ text: String, _ path: RemotePath) -> Argument { .bytes(Array((text + " ").utf8) + path.bytes) }
  }

  /// The command's word as it is sent; empty for `.raw`.
  package var verb: String {
    switch self {
    case .auth: "AUTH"
    case .pbsz: "PBSZ"
    case .prot: "PROT"
    case .host: "HOST"
    case .user: "USER"
    case .pass: "PASS"
    case .acct: "ACCT"
    case .clnt: "CLNT"
    case .feat: "FEAT"
    case .opts: "OPTS"
    case .syst: "SYST"
    case .quit: "QUIT"
    case .pwd: "PWD"
    case .cwd: "CWD"
    case .cdup: "CDUP"
    case .mkd: "MKD"
    case .rmd: "RMD"
    case .type: "TYPE"
    case .epsv: "EPSV"
    case .pasv: "PASV"
    case .cpsv: "CPSV"
    case .sscn: "SSCN"
    case .eprt: "EPRT"
    case .port: "PORT"
    case .mlsd: "MLSD"
    case .mlst: "MLST"
    case .list: "LIST"
    case .nlst: "NLST"
    case .stat: "STAT"
    case .retr: "RETR"
    case .stor: "STOR"
    case .appe: "APPE"
    case .rest: "REST"
    case .allo: "ALLO"
    case .size: "SIZE"
    case .mdtm, .setMdtm: "MDTM"
    case .mfmt: "MFMT"
    case .mffMode: "MFF"
    case .dele: "DELE"
    case .rnfr: "RNFR"
    case .rnto: "RNTO"
    case .hash: "HASH"
    case .checksum(let algorithm, _): algorithm.checksumVerb
    case .xsha: "XSHA"
    case .site: "SITE"
    case .noop: "NOOP"
    case .abor: "ABOR"
    case .raw: ""
    }
  }

  var argument: Argument {
    switch self {
    case .feat, .syst, .quit, .pwd, .cdup, .epsv, .pasv, .cpsv, .noop, .abor: .none
    case .auth(let mechanism): .text(mechanism.rawValue)
    case .pbsz: .text("0")
    case .prot(let level): .text(level.rawValue)
    case .host(let name), .user(let name), .clnt(let name): .text(name)
    case .pass(let secret), .acct(let secret): .secret(secret)
    case .opts(let option): .text(option.text)
    case .type(let type): .text(type.rawValue)
    case .sscn(let isClient): .text(isClient ? "ON" : "OFF")
    case .eprt(let address, let port): .text("|\(address.utf8.contains(UInt8(ascii: ":")) ? 2 : 1)|\(address)|\(port)|")
    case .port(let host, let port):
      .text((host.map(Int.init) + [port >> 8, port & 255]).map(String.init).joined(separator: ","))
    case .list(let path, isComplete: true): path.map { .text("-a", $0) } ?? .text("-a")
    case .mlsd(let path), .list(let path, isComplete: false), .nlst(let path), .stat(let path): .path(path)
    case .cwd(let path), .mkd(let path), .rmd(let path), .mlst(let path), .retr(let path), .stor(let path),
      .appe(let path), .size(let path), .mdtm(let path), .dele(let path), .rnfr(let path), .rnto(let path),
      .hash(let path), .checksum(_, let path), .xsha(let path):
      .path(path)
    case .rest(let count), .allo(let count): .text(String(count))
    case .mfmt(let time, let path), .setMdtm(let time, let path): .text(time.compact, path)
    case .mffMode(let bits, let path): .text("UNIX.mode=0\(String(bits & 0o7777, radix: 8));", path)
    case .site(let site): .bytes(site.bytes)
    case .raw(let bytes): .bytes(bytes)
    }
  }
}

extension Command.Option {
  var text: String {
    switch self {
    case .utf8: "UTF8 ON"
    case .mlst(let facts): "MLST " + facts.map { $0 + ";" }.joined()
    case .hash(let algorithm): "HASH " + algorithm.rawValue
    }
  }
}

extension Command.SiteCommand {
  var bytes: [UInt8] {
    switch self {
    case .chmod(let bits, let path): Array("CHMOD \(String(bits & 0o7777, radix: 8)) ".utf8) + path.bytes
    case .utime(let time, let path): Array("UTIME \(time.compact) ".utf8) + path.bytes
    case .symlink(let target, let link): Array("SYMLINK ".utf8) + target.bytes + [UInt8(ascii: " ")] + link.bytes
    case .raw(let bytes): bytes
    }
  }
}
