import NIOCore
import TLS

/// AUTH, PBSZ and PROT (RFC 4217). There is no way back to plaintext.
extension ControlConnection {
  func authenticate(_ request: Request) async {
    guard login.phase == .plaintext else { return await send(ServerReply(503, "TLS is there already")) }
    guard ["TLS", "TLS-C", "TLS-P", "SSL"].contains(request.words.first) else {
      control.stayInPlaintext()
      return await send(ServerReply(504, "Only AUTH TLS"))
    }
    let answer = ServerReply(234, "Start the handshake")
    let session = shared.makeSession(scope)
    guard control.startTLS(session, after: ByteBuffer(bytes: answer.encoded)) else {
      log(.problem("Bytes came after AUTH, before the encryption"))
      return await leave(ServerReply(421, "Nothing may follow AUTH before the handshake"))
    }
    log(.reply(answer.logged))
    if await awaitHandshake() { login.encrypted() }
  }

  func setBufferSize() async {
    guard login.phase != .plaintext else { return await send(ServerReply(503, "AUTH TLS first")) }
    hasBufferSize = true
    await send(ServerReply(200, "PBSZ=0"))
  }

  func setProtection(_ request: Request) async {
    guard hasBufferSize else { return await send(ServerReply(503, "PBSZ first")) }
    switch request.words.first {
    case "P":
      isDataProtected = true
      await send(ServerReply(200, "Data connections are encrypted"))
    case "C": await send(ServerReply(534, "Data connections must be encrypted"))
    case "S", "E": await send(ServerReply(536, "Only PROT P"))
    default: await send(ServerReply(504, "Only PROT P"))
    }
  }
}
