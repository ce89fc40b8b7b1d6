import FTP
import Storage
import SystemPackage

/// The saved sites in the database.
struct ScreenSites: SiteService {
  let store: SiteStore
  /// Which of them wait for trust in a client certificate; nil leaves that out.
  var uses: IdentityUses?

  func list() async throws -> [SiteChoice] {
    try await LocalPanes.blocking { [store, uses] _ in try store.list().map { SiteChoice($0, uses) } }
  }

  func change(_ change: SiteChange) async throws -> [SiteChoice] {
    try await LocalPanes.blocking { [store, uses] _ in
      switch change {
      case .remove(let name): try store.remove(name)
      case .save(let choice, let old): try Self.save(choice, replacing: old, store)
      }
      return try store.list().map { SiteChoice($0, uses) }
    }
  }

  private static func save(_ choice: SiteChoice, replacing old: String?, _ store: SiteStore) throws {
    let request = try ConnectRequest(choice)
    let local = choice.localFolder.map { Array($0.utf8) }
    guard let old, var site = try store.find(old) else {
      try store.add(
        choice.name, address: request.server, remotePath: request.folder, localPath: local,
        mayExchange: choice.mayExchange, notes: choice.notes)
      return
    }
    site.name = choice.name
    site.address = request.server
    site.remotePath = request.folder
    site.localPath = local
    site.mayExchange = choice.mayExchange
    site.notes = choice.notes
    try store.update(site)
  }
}

extension SiteChoice {
  init(_ site: Site, _ uses: IdentityUses? = nil) {
    self.init(
      name: site.name, address: "\(FTPAddress(server: site.address, path: site.remotePath))",
      mode: site.address.mode == .plaintext ? .plaintext : nil,
      localFolder: site.localPath.map { String(decoding: $0, as: UTF8.self) }, notes: site.notes,
      identity: site.identity, mayExchange: site.mayExchange,
      isAwaitingTrust: ((try? uses?.awaitingSince(site.address)) ?? nil) != nil)
  }
}
