import FTP
import Storage
import Testing

@Suite("Sites")
struct SiteStoreTests {
  let fixture: Fixture
  let sites: SiteStore

  init() throws {
    fixture = try Fixture()
    sites = fixture.database.sites
  }

  @Test("a site comes back as it was added")
  func roundTrip() throws {
    let added = try sites.add(
      "Wörk", address: ServerAddress(host: "::1", port: 9990, mode: .implicit, user: "ada"),
      remotePath: try RemotePath([0x2F, 0xFF]), localPath: [0x2F, 0xFE], identity: "me", notes: "n'n")
    let bare = try sites.add("bare", address: ServerAddress(host: "h"))
    #expect(try fixture.another().sites.find("Wörk") == added)
    #expect(added.remotePath?.bytes == [0x2F, 0xFF] && added.localPath == [0x2F, 0xFE])
    #expect(bare.address.user == nil && bare.remotePath == nil && bare.localPath == nil && bare.identity == nil)
    #expect(try sites.list() == [bare, added])
  }

  @Test("a name is there once")
  func unique() throws {
    try sites.add("a", address: exampleServer)
    var b = try sites.add("b", address: exampleServer)
    #expect(throws: StorageError.nameTaken("a")) { try sites.add("a", address: ServerAddress(host: "x")) }
    b.name = "a"
    #expect(throws: StorageError.nameTaken("a")) { try sites.update(b) }
    #expect(try sites.list().map(\.name) == ["a", "b"])
    #expect(try sites.find("a")?.address == exampleServer)
  }

  @Test("which servers may exchange files is asked by address and user")
  func exchange() throws {
    let server = ServerAddress(host: "h", user: "ada")
    var site = try sites.add("a", address: server, mayExchange: true)
    try sites.add("b", address: ServerAddress(host: "anonymous"), mayExchange: true)
    try sites.add("c", address: ServerAddress(host: "no", user: "ada"))
    #expect(try sites.find("a") == site && site.mayExchange)
    #expect(try sites.mayExchange(server))
    #expect(try sites.mayExchange(ServerAddress(host: "anonymous")))
    for other in [
      ServerAddress(host: "h"), ServerAddress(host: "h", user: "eve"), ServerAddress(host: "h", port: 22, user: "ada"),
      ServerAddress(host: "h", port: 21, mode: .implicit, user: "ada"), ServerAddress(host: "no", user: "ada"),
    ] {
      #expect(try !sites.mayExchange(other))
    }
    site.mayExchange = false
    try sites.update(site)
    #expect(try !sites.mayExchange(server))
  }

  @Test("a site can be changed, used and removed")
  func change() throws {
    var site = try sites.add("a", address: exampleServer)
    site.name = "c"
    site.notes = "new"
    site.address = ServerAddress(host: "other", mode: .implicit)
    #expect(try sites.update(site))
    try sites.touch(site.id)
    let changed = try #require(try sites.find("c"))
    #expect(changed.notes == "new" && changed.address == site.address && changed.lastUsed == fixture.clock.now)
    #expect(try sites.find("a") == nil)
    #expect(try sites.remove("c"))
    #expect(try !sites.remove("c"))
    #expect(try !sites.update(site))
  }
}
