import Glibc
import Storage
import SystemPackage
import TestSupport
import Testing

@Suite("The home")
struct HomeTests {
  @Test(
    "the environment says where things are",
    arguments: [
      (["FERRY_HOME": "/x", "HOME": "/h", "XDG_DATA_HOME": "/d"], "/x", "/x", "/x"),
      (["HOME": "/h"], "/h/.config/ferry", "/h/.local/share/ferry", "/h/.local/state/ferry"),
      (["HOME": "/h", "FERRY_HOME": ""], "/h/.config/ferry", "/h/.local/share/ferry", "/h/.local/state/ferry"),
      (
        ["HOME": "/h", "XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d", "XDG_STATE_HOME": "/s"],
        "/c/ferry", "/d/ferry", "/s/ferry"
      ),
      (
        ["HOME": "/h", "XDG_CONFIG_HOME": "relative", "XDG_DATA_HOME": ""],
        "/h/.config/ferry", "/h/.local/share/ferry", "/h/.local/state/ferry"
      ),
    ] as [([String: String], String, String, String)])
  func environment(variables: [String: String], configuration: String, data: String, state: String) throws {
    let home = try Home(environment: variables)
    #expect(home.path(of: .configuration).string == configuration)
    #expect(home.path(of: .data).string == data)
    #expect(home.path(of: .state).string == state)
    #expect(home.settings.string == configuration + "/config.toml")
    #expect(home.keys.string == configuration + "/keys.toml")
    #expect(home.path(of: .themes).string == configuration + "/themes")
    #expect(home.database.string == data + "/ferry.db")
    #expect(home.path(of: .identities).string == data + "/identities")
    #expect(home.log.string == state + "/ferry.log")
  }

  @Test("without any home in the environment, the user database has one")
  func userDatabase() throws {
    #expect(try Home(environment: [:]).path(of: .data).isAbsolute)
  }

  @Test("a relative FERRY_HOME starts at the current folder")
  func relative() throws {
    let path = try Home(environment: ["FERRY_HOME": "a/../b"]).path(of: .data)
    #expect(path.isAbsolute && path.lastComponent?.string == "b" && !path.string.contains(".."))
  }

  @Test("folders are made for their owner alone, with those above them", arguments: Home.Folder.allCases)
  func made(folder: Home.Folder) throws {
    let base = try TemporaryFolder("home")
    let home = try Home(environment: ["HOME": base.appending("new/user").string])
    let path = try home.prepare(folder)
    #expect(path == home.path(of: folder))
    #expect(permissions(path) == 0o700)
    #expect(permissions(path.removingLastComponent()) == 0o700)
    #expect(try home.prepare(folder) == path)
  }

  @Test("permissions of others are taken away from Ferry's own folders", arguments: [0o755, 0o777, 0o770] as [mode_t])
  func tightened(mode: mode_t) throws {
    let base = try TemporaryFolder("home")
    let home = try Home(environment: ["HOME": base.path.string])
    let path = try home.prepare(.data)
    chmod(path.string, mode)
    try home.prepare(.data)
    #expect(permissions(path) == 0o700)
  }

  @Test("a folder that FERRY_HOME names keeps its permissions, but must be writable by its owner alone")
  func chosenFolder() throws {
    let base = try TemporaryFolder("home")
    let home = Home(folder: base.path)
    chmod(base.path.string, 0o755)
    try home.prepare(.data)
    #expect(permissions(base.path) == 0o755)
    #expect(permissions(try home.prepare(.identities)) == 0o700)
    chmod(base.path.string, 0o775)
    #expect(throws: StorageError.openToOthers(base.path, isFolder: true)) { try home.prepare(.data) }
    #expect(permissions(base.path) == 0o775)
  }

  @Test("a folder of another user is refused, and so is the database in it")
  func foreignFolder() throws {
    let base = try TemporaryFolder("home")
    let (path, owner) = try foreign(base)
    #expect(throws: StorageError.foreignOwner(path, user: owner)) { try Home(folder: path).prepare(.data) }
    let database = FerryDatabase(Home(folder: path))
    #expect(throws: StorageError.foreignOwner(path, user: owner)) { try database.open() }
    #expect(throws: StorageError.foreignOwner(path, user: owner)) { try database.trust.list() }
  }

  @Test("a link to a folder of one's own is followed")
  func ownLink() throws {
    let base = try TemporaryFolder("home")
    try base.makeFolder("real")
    let link = base.appending("link")
    #expect(symlink("real", link.string) == 0)
    let database = FerryDatabase(Home(folder: link))
    #expect(try database.open() == .created)
    #expect(FileTree.exists(base.appending("real/ferry.db")))
  }

  @Test("a link to a folder of another user is refused")
  func linkToForeignFolder() throws {
    let base = try TemporaryFolder("home")
    let (path, owner) = try foreign(base)
    let link = base.appending("link")
    #expect(symlink(path.string, link.string) == 0)
    #expect(throws: StorageError.foreignOwner(link, user: owner)) { try Home(folder: link).prepare(.data) }
  }

  @Test(
    "a link that another user made is refused, even to a folder of one's own",
    .enabled(if: geteuid() == 0, "only root can make a file belong to another user"))
  func foreignLink() throws {
    let base = try TemporaryFolder("home")
    let real = try base.makeFolder("real")
    let link = base.appending("link")
    #expect(symlink(real.string, link.string) == 0 && lchown(link.string, 65534, 65534) == 0)
    #expect(throws: StorageError.foreignOwner(link, user: 65534)) { try Home(folder: link).prepare(.data) }
  }

  @Test("a file in the place of the folder is said to be none")
  func fileInstead() throws {
    let base = try TemporaryFolder("home")
    let path = try base.write("x", to: "file")
    #expect(throws: StorageError.wrongKind(path, isFolder: true)) { try Home(folder: path).prepare(.data) }
    #expect(throws: StorageError.self) { try Home(folder: path.appending("below")).prepare(.data) }
  }

  /// A folder that the one who tests does not own.
  private func foreign(_ base: TemporaryFolder) throws -> (FilePath, UInt32) {
    if geteuid() != 0 { return ("/usr", 0) }
    let path = try base.makeFolder("foreign")
    #expect(chown(path.string, 65534, 65534) == 0)
    return (path, 65534)
  }
}

/// The permission bits of a file.
func permissions(_ path: FilePath) -> mode_t? { FileTree.facts(path).map { $0.st_mode & 0o7777 } }
