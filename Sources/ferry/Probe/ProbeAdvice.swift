import FTP
import FTPSClient
import TLS

/// What a person, or the one who runs the server, can do about what a probe has found.
enum ProbeAdvice {
  /// Which step an error belongs to, while a session is being opened with `mode`; `reached` is the last step that was
  /// done.
  static func step(of error: FTPSError, mode: TLSMode, reached: ProbeStep.Kind?) -> ProbeStep.Kind {
    switch error {
    case .unknownHost: .name
    case .unreachable: .connect
    case .silentPort, .notFTP, .malformed(.notAReply): .greeting
    case .notImplicitTLS, .tlsRefused, .bytesAfterAuth: .tls
    case .certificateRejected: .certificate
    case .certificateWanted, .identityRefused, .identityUnfit, .identityUnavailable: .clientCertificate
    case .loginRefused, .passwordNeeded: .login
    case .tooManyConnections: reached == .connect ? .greeting : .login
    case .protectionRefused: .protection
    case .tls(let error): certificateStep(error) ?? .tls
    default: next(after: reached, mode)
    }
  }

  /// An alert about certificates, from a server, is one about ours.
  private static func certificateStep(_ error: TLSError) -> ProbeStep.Kind? {
    if case .peerAlert(let alert) = error, alert.isAboutCertificate { return .clientCertificate }
    return nil
  }

  private static func next(after reached: ProbeStep.Kind?, _ mode: TLSMode) -> ProbeStep.Kind {
    switch reached {
    case nil, .name: .connect
    case .connect: mode == .implicit ? .tls : .greeting
    case .greeting: mode == .explicit ? .tls : .login
    case .tls, .certificate, .clientCertificate: mode == .implicit ? .greeting : .login
    case .login: mode == .plaintext ? .features : .protection
    default: .features
    }
  }

  static func advice(for error: FTPSError, _ server: ServerAddress) -> String? {
    switch error {
    case .unknownHost: "Check the spelling, and whether this machine reaches its name server."
    case .unreachable(_, let port, _):
      "Check the port (\(port)), whether the server runs, and whether a firewall is between."
    case .silentPort(_, speaksTLS: true): "The port is for implicit TLS: write \(other(.implicit, server))."
    case .silentPort: "If the server speaks implicit TLS there, write \(other(.implicit, server))."
    case .notImplicitTLS: "The port is for explicit TLS, or not FTP at all: try \(other(.explicit, server))."
    case .notFTP, .malformed(.notAReply):
      "Another service listens there; FTP is on port 21 as a rule, implicit TLS on 990."
    case .tlsRefused:
      "The server has no TLS, or it is switched off: switch it on there. Nothing secret was sent to it."
    case .bytesAfterAuth: "Do not use this connection; try from another network."
    case .protectionRefused: "The server must allow PROT P, or listings and files go over the network in the clear."
    case .certificateRejected:
      "Compare the fingerprint with the server's owner, then use --trust new or --fingerprint."
    case .certificateWanted: "Make one with ferry identity create NAME, and show it with --identity NAME."
    case .identityUnavailable:
      "Give its passphrase with --passphrase-file or --passphrase-command, or name another one."
    case .identityUnfit: "Make another one with ferry identity create NAME."
    case .passwordNeeded: "Give one with --password-file, --netrc-file or --password-command."
    case .loginRefused: "Check the user's name and the password; the server may also want a certificate of yours."
    case .tooManyConnections: "Close other programs that are connected, or try again later."
    case .tls(.peerAlert(let alert)) where alert.isAboutCertificate:
      "The server wants a certificate that it knows: send it yours, and have it trusted there."
    case .tls: "The server speaks no version of TLS that is safe (1.2 or 1.3), or no common cipher: update it."
    case .timeout, .closed: "The server, or something between, is slow or overloaded; try again later."
    case .dataConnection, .foreignDataConnection, .truncated: dataAdvice
    default: nil
    }
  }

  static let dataAdvice =
    "The server's passive ports must be open in its firewall and forwarded by its router, and not be inspected on the way."

  /// The same port with the other kind of TLS.
  private static func other(_ mode: TLSMode, _ server: ServerAddress) -> String {
    "\(ServerAddress(host: server.host, port: server.port, mode: mode))"
  }
}
