package import FTP
package import TLS
import TLSChannel

/// Something that happened in a session, as a value: for the diagram of the session, and for `ferry probe`.
///
/// Its texts are escaped, and secrets are masked.
package struct SessionEvent: Sendable, Hashable {
  /// Since the session began, by a clock that never goes back.
  package var time: Duration
  package var kind: Kind

  package init(_ time: Duration, _ kind: Kind) {
    self.time = time
    self.kind = kind
  }

  package enum Kind: Sendable, Hashable {
    /// The name is looked up, and a TCP connection is tried.
    case connecting
    /// The control connection's TCP is there; the address in numbers.
    case connected(address: String, port: Int)
    /// A command that was sent, without its line's end.
    case command(String)
    /// A reply, or the greeting: the first line that says something, at most 200 bytes of it, and how many lines it had.
    case reply(code: Int, text: String, lines: Int)
    /// Somebody decided about the server's certificate.
    case judged(Judgement)
    /// From here on the control connection is encrypted.
    case secured(Protection)
    /// On the data connection of this number, from 1.
    case data(Int, DataEvent)
    /// The session is over; why, as a sentence. In order means that this side ended it.
    case ended(String, inOrder: Bool)
  }

  /// What a handshake has settled.
  package struct Protection: Sendable, Hashable {
    /// "TLS 1.2" or "TLS 1.3".
    package var version: String
    /// OpenSSL's name of the cipher suite.
    package var cipher: String
    /// Whether an earlier session was resumed, so that no certificate was shown.
    package var isResumed: Bool
    /// The subject of the server's own certificate.
    package var subject: String
    /// The server's own certificate.
    package var fingerprint: Fingerprint?
    package var clientCertificate: ClientCertificate
    /// The handshake's messages in order.
    package var messages: [HandshakeMessage]

    package init(
      version: String, cipher: String, isResumed: Bool, subject: String = "", fingerprint: Fingerprint? = nil,
      clientCertificate: ClientCertificate = .notAsked, messages: [HandshakeMessage] = []
    ) {
      self.version = version
      self.cipher = cipher
      self.isResumed = isResumed
      self.subject = subject
      self.fingerprint = fingerprint
      self.clientCertificate = clientCertificate
      self.messages = messages
    }
  }

  /// What became of the certificate of this side.
  package enum ClientCertificate: Sendable, Hashable {
    case notAsked
    /// The server asked, and there was none to show.
    case missing
    case shown
  }

  /// A decision about the server's certificate.
  package struct Judgement: Sendable, Hashable {
    /// The handshake so far, with the certificate that was shown.
    package var shown: Protection
    /// Why the chain does not vouch for the server by itself; empty if it does.
    package var problems: [String]
    /// Nil for accepted, else why not.
    package var rejection: String?

    package init(shown: Protection, problems: [String] = [], rejection: String? = nil) {
      self.shown = shown
      self.problems = problems
      self.rejection = rejection
    }
  }

  /// What happened on a data connection.
  package enum DataEvent: Sendable, Hashable {
    /// Its TCP connection is tried.
    case connecting(TransferExchange.Direction, port: Int)
    /// It may carry data; nil means that it does so unencrypted.
    case opened(Protection?)
    /// It is over, after so many bytes of data. The reason is nil where both sides ended it in order.
    case ended(bytes: Int64, problem: String?)
  }
}

extension SessionEvent.Protection {
  /// - Parameter hasIdentity: whether this side has a certificate to show.
  init(_ facts: TLSFacts, hasIdentity: Bool) {
    let leaf = facts.peerChain.first
    self.init(
      version: facts.version, cipher: SafeText.escape(facts.cipher), isResumed: facts.isResumed,
      subject: leaf.map { SafeText.excerpt("\($0.details.subject)".utf8, limit: 200) } ?? "",
      fingerprint: leaf?.sha256,
      clientCertificate: facts.wasAskedForCertificate ? (hasIdentity ? .shown : .missing) : .notAsked,
      messages: facts.messages)
  }

  /// What matters of a data connection: its certificate is the control connection's, or there is no connection.
  init(data facts: TLSFacts) {
    self.init(version: facts.version, cipher: SafeText.escape(facts.cipher), isResumed: facts.isResumed)
  }
}

extension SessionEvent.Kind {
  /// A reply as it is kept: long ones cost no more memory than short ones.
  package init(_ reply: Reply) {
    let line = reply.lines.first { $0.contains { $0 != UInt8(ascii: " ") } } ?? []
    self = .reply(code: reply.code, text: SafeText.excerpt(line, limit: 200), lines: reply.lines.count)
  }
}
