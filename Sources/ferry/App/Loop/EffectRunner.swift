import FTP
import FTPSClient
import Synchronization
import SystemPackage
import TLS
import Transfers

/// Does what `update` wants done, in tasks; what comes of it goes to the inbox.
///
/// Not here: what needs the terminal (editor, suspension, redrawing), which `AppLoop` does.
final class EffectRunner: Sendable {
  private let services: AppServices
  private let inbox: Inbox
  /// What each pane waits for: at most one thing, the newest.
  private let waits = Mutex<[Side: Task<Void, Never>]>([:])
  /// The comparison that is under way.
  private let comparing = Mutex<Task<Void, Never>?>(nil)

  init(services: AppServices, inbox: Inbox) {
    self.services = services
    self.inbox = inbox
  }

  /// Tells where the panes are, or on their way to: before what is done for that.
  func visit(_ servers: Set<ServerAddress>) { services.connections.visit(servers) }

  func run(_ effect: Effect) {
    switch effect {
    case .list(let side, let place, let generation):
      wait(side) { await self.list(side, place, generation: generation) }
    case .connect(let side, let request, let generation):
      wait(side) { await self.connect(side, request, generation: generation) }
    case .cancel(let side):
      waits.withLock { $0.removeValue(forKey: side) }?.cancel()
    case .disconnect(let server): Task { await services.connections.disconnect(server) }
    case .makeFolder(let name, let place):
      change(place, select: name) { try await $0.makeFolder(place.appending(name)) }
    case .rename(let old, let new, let place):
      change(place, select: new) { try await $0.rename(place.appending(old), to: place.appending(new)) }
    case .delete(let entries, let place):
      change(place, select: nil) { try await $0.delete(entries, in: place) }
    case .count(let entries, let place, let ticket):
      Task {
        // What cannot be counted is not told; the question stands without it.
        guard let count = try? await services.panes(for: place).count(entries, in: place) else { return }
        inbox.post(.counted(ticket: ticket, count))
      }
    case .answerCertificate(let id, let answer): Task { await services.connections.answerCertificate(id, answer) }
    case .answerPassword(let id, let password):
      Task { await services.connections.answerPassword(id, password?.secret) }
    case .answerPassphrase(let id, let passphrase):
      Task { await services.identities.answerPassphrase(id, passphrase) }
    case .identity(let task):
      Task {
        do { try await services.identities.run(task) } catch {
          inbox.post(.said(Self.sentence(error), isError: true))
        }
      }
    case .trust(let request):
      Task {
        do {
          inbox.post(.trusted(try await services.trust.run(request)))
        } catch {
          inbox.post(.trustFailed(Self.sentence(error)))
        }
      }
    case .enqueue(let order): queue { try await $0.enqueue(order) }
    case .queueDeletion(let entries, let place): queue { try await $0.delete(entries, in: place) }
    case .setPermissions(let change, let entries, let place):
      queue { try await $0.setPermissions(change, of: entries, in: place) }
    case .queue(let command): queue { try await $0.run(command) }
    case .read(let file, let offset, let count, let ticket):
      Task {
        do {
          let chunk = try await services.panes(for: file).read(file, offset: offset, count: count)
          inbox.post(.chunk(ticket: ticket, chunk))
        } catch {
          inbox.post(.readFailed(ticket: ticket, Self.sentence(error)))
        }
      }
    case .prepareEdit(let file, let entry): Task { await prepareEdit(file, entry) }
    case .finishEdit(let task): Task { await finishEdit(task) }
    case .compare(let left, let right, let comparison, let ticket):
      compare { await self.compare(left, right, comparison, ticket) }
    case .cancelCompare: compare(nil)
    case .synchronize(let rows, let left, let right): Task { await synchronize(rows, left, right) }
    case .readSessions:
      let inbox = inbox
      let records = services.book.read {
        Task {
          // A picture that changes more often than this cannot be read.
          try? await Task.sleep(for: .milliseconds(40))
          inbox.post(.sessionsMoved)
        }
      }
      inbox.post(.sessions(records))
    case .save(let text, let path): Task { await save(text, as: path) }
    case .site(let change):
      Task {
        do { inbox.post(.sitesChanged(try await services.sites.change(change))) } catch {
          inbox.post(.said(Self.sentence(error), isError: true))
        }
      }
    case .runCommand(let command, let facts):
      Task {
        do { try await ShellCommand.run(command, facts) } catch {
          inbox.post(.said(Self.sentence(error), isError: true))
        }
      }
    case .runEditor, .redraw, .suspend, .notify, .copy, .quit: preconditionFailure("the loop does this")
    }
  }

  // MARK: Panes

  private func wait(_ side: Side, _ body: @escaping @Sendable () async -> Void) {
    waits.withLock { waits in
      waits[side]?.cancel()
      waits[side] = Task { await body() }
    }
  }

  private func list(_ side: Side, _ place: Place, generation: Int) async {
    let inbox = inbox
    let hasRows = Atomic(false)
    do {
      let facts = try await services.panes(for: place).list(place) { update in
        switch update {
        case .rows(let rows):
          let isFirst = !hasRows.exchange(true, ordering: .relaxed)
          inbox.post(.rows(side, generation: generation, place, rows, isFirst: isFirst))
        case .facts(let start, let rows): inbox.post(.facts(side, generation: generation, from: start, rows))
        }
      }
      if !hasRows.load(ordering: .relaxed) { inbox.post(.rows(side, generation: generation, place, [], isFirst: true)) }
      inbox.post(.listed(side, generation: generation, facts))
    } catch is CancellationError where Task.isCancelled {
    } catch {
      inbox.post(.listingFailed(side, generation: generation, Self.sentence(error)))
    }
  }

  private func connect(_ side: Side, _ request: ConnectRequest, generation: Int) async {
    do {
      let session = try await services.connections.connect(request)
      let folder = request.folder ?? session.folder
      inbox.post(.connected(side, generation: generation, session.server, folder: folder))
      if request.identity != nil { try? await services.identities.run(.load) }
      Task { await services.transfers.reached(session.server) }
      await list(side, .remote(session.server, folder), generation: generation)
    } catch is CancellationError where Task.isCancelled {
    } catch let error as FTPSError {
      if let refusal = CertificateRefusal(error) {
        let connection = PendingConnection(side: side, request: request)
        inbox.post(.certificateRefused(connection, generation: generation, refusal))
      } else {
        inbox.post(.listingFailed(side, generation: generation, Self.sentence(error)))
      }
    } catch {
      inbox.post(.listingFailed(side, generation: generation, Self.sentence(error)))
    }
  }

  private func change(
    _ folder: Place, select name: FileName?, _ body: @escaping @Sendable (any PaneService) async throws -> Void
  ) {
    Task {
      var failure: String?
      do {
        try await body(services.panes(for: folder))
      } catch {
        failure = Self.sentence(error)
      }
      inbox.post(
        .operationFinished(folder: folder, select: failure == nil ? name : nil, said: nil, failure: failure))
    }
  }

  private func queue(_ body: @escaping @Sendable (any TransferService) async throws -> Void) {
    Task {
      do {
        try await body(services.transfers)
      } catch {
        inbox.post(.said(Self.sentence(error), isError: true))
      }
    }
  }

  // MARK: Synchronisation

  private func compare(_ body: (@Sendable () async -> Void)?) {
    comparing.withLock { comparing in
      comparing?.cancel()
      comparing = body.map { body in Task { await body() } }
    }
  }

  private func compare(_ left: Place, _ right: Place, _ comparison: SyncRules.Comparison, _ ticket: Int) async {
    do {
      inbox.post(.foldersCompared(ticket: ticket, try await services.compare.compare(left, right, comparison)))
    } catch is CancellationError where Task.isCancelled {
    } catch {
      inbox.post(.compareFailed(ticket: ticket, Self.sentence(error)))
    }
  }

  private func synchronize(_ rows: [SyncRow], _ left: Place, _ right: Place) async {
    do {
      try await services.compare.synchronize(rows, left, right)
      inbox.post(.said("Both folders are synchronised.", isError: false))
    } catch {
      inbox.post(.said(Self.sentence(error), isError: true))
    }
    for folder in [left, right] { inbox.post(.changed(folder)) }
  }

  private func save(_ text: String, as path: FilePath) async {
    do {
      try LocalFiles.write(Array(text.utf8), toNew: path)
      inbox.post(.said("Saved as \(SafeText.escape(path.bytes)).", isError: false))
      inbox.post(.changed(.local(path.removingLastComponent())))
    } catch {
      inbox.post(.said(Self.sentence(error), isError: true))
    }
  }

  // MARK: Editing

  private func prepareEdit(_ file: Place, _ entry: Entry) async {
    if case .local(let path) = file {
      inbox.post(.readyToEdit(EditTask(file: file, path: path)))
      return
    }
    do {
      let folder = try services.editFolder()
      let old = EditCopy.forgotten(in: folder)
      // What cannot be told to be of no use stays.
      if !old.isEmpty, let awaited = try? await services.transfers.awaited(old) {
        for copy in old where !awaited.contains(copy) { EditCopy.remove(copy) }
      }
      let copy = try EditCopy.make(for: entry.name, in: folder)
      let fetched = try await services.remote.fetch(file, into: copy)
      inbox.post(.readyToEdit(EditTask(file: file, path: copy, before: EditCopy.stamp(copy), fetched: fetched)))
    } catch {
      inbox.post(.said(Self.sentence(error), isError: true))
    }
  }

  private func finishEdit(_ task: EditTask) async {
    let name = task.file.name.map { SafeText.escape($0.bytes) } ?? ""
    let copy = SafeText.escape(task.path.bytes)
    guard let now = EditCopy.stamp(task.path), now != task.before else {
      guard task.wasBrief else { return EditCopy.remove(task.path) }
      let text = "The editor came back at once, so the copy is kept as \(copy). What it writes there is not sent back."
      return inbox.post(.said(text, isError: false))
    }
    do {
      try await services.transfers.replace(task.file, with: task.path, fetched: task.fetched)
      EditCopy.remove(task.path)
      inbox.post(.said("Sent the edited \(name) back.", isError: false))
      if let folder = task.file.parent { inbox.post(.changed(folder)) }
    } catch {
      inbox.post(
        .operationFinished(
          folder: task.file.parent ?? task.file, select: nil, said: nil,
          failure: "\(Self.sentence(error))\nThe edited copy is kept as \(copy)."))
    }
  }

  private static func sentence(_ error: any Error) -> String {
    // Whoever wanted it still does.
    if error is CancellationError { return "Its session was ended before it was done. Try again." }
    let text = "\(error)"
    guard let last = text.last else { return "It failed for an unknown reason." }
    let capital = text.prefix(1).uppercased() + text.dropFirst()
    return ".!?".contains(last) ? capital : capital + "."
  }
}

extension CertificateRefusal {
  /// Nil for an error that is not about our certificate.
  init?(_ error: FTPSError) {
    switch error {
    case .certificateWanted(let issuers): self = .wanted(issuers: issuers.map { $0.commonName ?? "\($0)" })
    case .identityRefused(let refusal):
      self = .refused(
        name: refusal.name, sha256: String("\(refusal.fingerprint)".dropFirst("SHA256:".count)), said: refusal.said,
        isAwaiting: refusal.isAwaitingTrust)
    default: return nil
    }
  }
}
