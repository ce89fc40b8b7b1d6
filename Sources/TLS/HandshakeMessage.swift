internal import COpenSSL

/// One message of a handshake as it crossed the connection (RFC 8446 section 4, RFC 5246 section 7.4).
package struct HandshakeMessage: Hashable, Sendable {
  package enum Sender: Hashable, Sendable {
    case client, server
  }

  package var sender: Sender
  /// As in the standards, e.g. "ClientHello".
  package var name: String
  /// Whether nobody on the way could read it: with TLS 1.3 everything but the hellos.
  package var isEncrypted: Bool

  package init(_ sender: Sender, _ name: String, isEncrypted: Bool = false) {
    self.sender = sender
    self.name = name
    self.isEncrypted = isEncrypted
  }
}

/// Notes the messages of one handshake.
struct HandshakeTrace {
  private struct Note {
    var isWritten: Bool
    var name: String
  }

  static let changeCipherSpec = "ChangeCipherSpec"
  /// More than any handshake has; a peer that sends more is not listened to in such detail.
  private static let limit = 64

  private var notes: [Note] = []

  /// What OpenSSL's message callback tells: a record's inner content type and a whole message.
  mutating func noted(isWritten: Bool, contentType: Int32, _ message: UnsafeRawBufferPointer) {
    guard notes.count < Self.limit, let type = message.first else { return }
    switch contentType {
    case SSL3_RT_CHANGE_CIPHER_SPEC: notes.append(Note(isWritten: isWritten, name: Self.changeCipherSpec))
    case SSL3_RT_HANDSHAKE: notes.append(Note(isWritten: isWritten, name: Self.name(type, message)))
    default: break
    }
  }

  /// The messages in order, once the version is known.
  func messages(role: TLSContext.Role, isTLS13: Bool) -> [HandshakeMessage] {
    var messages: [HandshakeMessage] = []
    var hasChanged: Set<HandshakeMessage.Sender> = []
    for note in notes {
      let sender: HandshakeMessage.Sender = note.isWritten == (role == .client) ? .client : .server
      if note.name == Self.changeCipherSpec {
        // With TLS 1.3 it means nothing, and is there for old devices on the way (RFC 8446 appendix D.4).
        if isTLS13 { continue }
        messages.append(HandshakeMessage(sender, note.name))
        hasChanged.insert(sender)
        continue
      }
      let isHello = ["ClientHello", "ServerHello", "HelloRetryRequest"].contains(note.name)
      messages.append(
        HandshakeMessage(sender, note.name, isEncrypted: isTLS13 ? !isHello : hasChanged.contains(sender)))
    }
    return messages
  }

  private static func name(_ type: UInt8, _ message: UnsafeRawBufferPointer) -> String {
    switch type {
    case 0: "HelloRequest"
    case 1: "ClientHello"
    // It looks like a ServerHello but for its random (RFC 8446 section 4.1.3).
    case 2:
      message.dropFirst(6).prefix(4).elementsEqual([0xCF, 0x21, 0xAD, 0x74]) ? "HelloRetryRequest" : "ServerHello"
    case 4: "NewSessionTicket"
    case 8: "EncryptedExtensions"
    case 11: "Certificate"
    case 12: "ServerKeyExchange"
    case 13: "CertificateRequest"
    case 14: "ServerHelloDone"
    case 15: "CertificateVerify"
    case 16: "ClientKeyExchange"
    case 20: "Finished"
    case 22: "CertificateStatus"
    case 24: "KeyUpdate"
    default: "message \(type)"
    }
  }
}

extension TLSSession {
  /// Notes the messages of the handshake from here on, for people; before it begins.
  package func traceHandshake() {
    trace = HandshakeTrace()
    SSL_set_msg_callback(ssl) { isWritten, _, contentType, bytes, count, ssl, _ in
      guard let session = TLSSession.of(ssl), let bytes else { return }
      session.trace?.noted(
        isWritten: isWritten == 1, contentType: contentType, UnsafeRawBufferPointer(start: bytes, count: count))
    }
  }

  /// The messages of the handshake that were noted; empty where ``traceHandshake()`` was not called.
  package var handshakeMessages: [HandshakeMessage] {
    trace?.messages(role: context.role, isTLS13: SSL_version(ssl) == TLSVersion.tls13.rawValue) ?? []
  }

  /// The handshake is over: data costs nothing more.
  func endTrace() {
    if trace != nil { SSL_set_msg_callback(ssl, nil) }
  }
}
