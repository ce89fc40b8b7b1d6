import FTP
import FTPSClient
import Glibc
import NIOPosix
import Synchronization

/// Walks through a connection step by step, and tells what it finds.
struct Prober {
  let address: FTPAddress
  let server: ServerAddress
  let engine: Engine
  let book: SessionBook
  /// Whether files may be written on the server, and removed again.
  let mayWrite: Bool
  let tell: @Sendable (ProbeStep) -> Void

  /// Looks at everything.
  ///
  /// - Returns: the status for the shell: that of the error where no session came about.
  func run() async throws -> ExitStatus {
    guard await lookUp() else { return .noConnection }
    let witness = TrustWitness(engine.desk)
    var configuration = await engine.sessions.configuration(for: server)
    configuration.trust = witness
    configuration.book = book
    let session: FTPSession
    do {
      session = try await open(&configuration)
    } catch let error as FTPSError {
      if error == .cancelled { throw error }
      tellOpening(witness, error)
      return ExitStatus(error)
    }
    tellOpening(witness, nil)
    let probe = SessionProbe(session: session, folder: address.path ?? session.facts.home, tell: tell)
    var hasFailed = false
    do {
      hasFailed = try await probe.run(mayWrite: mayWrite)
    } catch let error as FTPSError {
      if error == .cancelled { throw error }
      hasFailed = true
    }
    if mayWrite { hasFailed = await probe.leaveNothing(engine, configuration) || hasFailed }
    await session.quit()
    return hasFailed ? .itemsFailed : .done
  }

  /// Opens a session; one more with the client certificate, where there is one and the server asks for it: before that
  /// nobody is asked for its passphrase.
  private func open(_ configuration: inout SessionConfiguration) async throws -> FTPSession {
    let first: Result<FTPSession, FTPSError>
    do { first = .success(try await engine.sessions.open(configuration)) } catch let error as FTPSError {
      first = .failure(error)
    }
    guard wantsCertificate(first), let identity = try await engine.sessions.openIdentity(for: server) else {
      return try first.get()
    }
    if case .success(let session) = first { await session.quit() }
    configuration.identity = identity
    return try await engine.sessions.open(configuration)
  }

  private func wantsCertificate(_ opening: Result<FTPSession, FTPSError>) -> Bool {
    switch opening {
    case .success(let session): session.facts.asksForCertificate
    case .failure(.certificateWanted): true
    case .failure:
      book.read().last?.events.contains { event in
        if case .secured(let protection) = event.kind { protection.clientCertificate == .missing } else { false }
      } ?? false
    }
  }

  private func tellOpening(_ witness: TrustWitness, _ error: FTPSError?) {
    // The opening may have taken two connections, of which the second counts.
    let events = book.read().last?.events ?? []
    let opening = ProbeOpening(
      server: server, events: events, question: witness.question, error: error, now: Int64(time(nil)))
    for step in opening.steps { tell(step) }
    if error == nil, events.contains(where: { $0.kind == .command("PROT P") }) {
      tell(ProbeStep(.protection, .ok, "listings and files are encrypted (PROT P)"))
    }
  }

  // MARK: Name

  private func lookUp() async -> Bool {
    let host = server.host
    let found = try? await NIOThreadPool.singleton.runIfActive { HostLookUp.addresses(of: host) }
    switch found {
    case .success(let addresses)?:
      let isName = addresses != [host]
      tell(
        ProbeStep(
          .name, .ok, isName ? "\(SafeText.escape(host)) is \(addresses.joined(separator: ", "))" : "an address already"
        ))
      return true
    case .failure(let reason)?:
      let error = FTPSError.unknownHost(host)
      tell(ProbeStep(.name, .fail, "\(error) (\(reason.text))", ProbeAdvice.advice(for: error, server)))
      return false
    case nil: return true
    }
  }
}

/// A look-up of a name, which may take seconds.
enum HostLookUp {
  struct Failure: Error { var text: String }

  /// The addresses of a name, in numbers, in the order in which they are to be tried.
  static func addresses(of host: String) -> Result<[String], Failure> {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, nil, &hints, &list)
    guard status == 0 else { return .failure(Failure(text: String(cString: gai_strerror(status)))) }
    defer { freeaddrinfo(list) }
    var addresses: [String] = []
    var next = list
    while let entry = next?.pointee {
      next = entry.ai_next
      var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      let isRead = getnameinfo(
        entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
      guard isRead == 0 else { continue }
      let address = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      if !addresses.contains(address) { addresses.append(address) }
    }
    return .success(addresses)
  }
}

/// Lets another authority decide, and remembers what was asked.
final class TrustWitness: TrustAuthority {
  private let authority: any TrustAuthority
  private let asked = Mutex<TrustQuestion?>(nil)

  init(_ authority: any TrustAuthority) { self.authority = authority }

  var question: TrustQuestion? { asked.withLock { $0 } }

  func judge(_ question: TrustQuestion) async -> TrustDecision {
    asked.withLock { $0 = question }
    return await authority.judge(question)
  }

  func stands(_ question: TrustQuestion) async throws -> Bool { try await authority.stands(question) }
}
