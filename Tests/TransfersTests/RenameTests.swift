import FTP
import FTPSClient
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// One file or folder that is moved within one machine.
@Suite("A move by renaming", .timeLimit(.minutes(1)))
struct RenameTests {
  private let bytes = content(100_000)
  private static let places = [Place.local, .remote(server)]

  /// A world with the file "from/a" here or on the server, and the folder "to".
  private func world(
    _ place: Place, _ habits: MemoryServer.Habits = MemoryServer.Habits(), _ files: any LocalFiles = PosixFiles()
  ) async throws -> JobWorld {
    let world = try JobWorld(habits, files)
    if place == .local {
      try world.folder.write(bytes, to: "from/a")
      try world.folder.makeFolder("to")
    } else {
      world.remote["/from/a"] = MemoryServer.File(bytes)
      for folder in ["/from", "/to"] { try await world.remote.makeDirectory(RemotePath(folder)) }
    }
    return world
  }

  private func path(_ world: JobWorld, _ place: Place, _ name: String) -> String {
    (place == .local ? world.folder.path.string : "") + "/" + name
  }

  private func move(
    _ world: JobWorld, _ place: Place, _ from: String = "from/a", to: String = "to/a",
    policy: ConflictPolicy = .ask, _ change: (inout TransferItem) -> Void = { _ in }
  ) async -> (outcome: JobOutcome, notes: [ItemNote]) {
    await world.run(
      from: place, path(world, place, from), to: place, path(world, place, to), .move, policy: policy, change)
  }

  private func text(_ world: JobWorld, _ place: Place, _ name: String) -> String? {
    let bytes = place == .local ? try? FileTree.read(world.folder.appending(name)) : world.remote["/" + name]?.bytes
    return bytes.map { String(decoding: $0, as: UTF8.self) }
  }

  private func put(_ text: String, _ world: JobWorld, _ place: Place, _ name: String) throws {
    if place == .local {
      try world.folder.write(text, to: name)
    } else {
      world.remote["/" + name] = MemoryServer.File(Array(text.utf8), unique: name)
    }
  }

  private var whole: String { String(decoding: bytes, as: UTF8.self) }

  @Test("moves no bytes, and the file stays the same one", arguments: places)
  func renamed(_ place: Place) async throws {
    let world = try await world(place)
    let before = FileTree.facts(world.folder.appending("from/a"))
    let result = await move(world, place)
    #expect(result.outcome == .done(.renamed))
    #expect(text(world, place, "from/a") == nil)
    #expect(text(world, place, "to/a") == whole)
    let after = FileTree.facts(world.folder.appending("to/a"))
    #expect(before?.st_ino == after?.st_ino)
    #expect(before?.st_mtim.tv_nsec == after?.st_mtim.tv_nsec)
    #expect(!world.remote.log.contains { $0.hasPrefix("RETR") || $0.hasPrefix("STOR") || $0.hasPrefix("DELE") })
    #expect(result.notes == [.handover(.renamed)])
  }

  @Test("what was not renamed leaves no note that it was; of a lost reply nobody knows", arguments: places)
  func noteTakenBack(_ place: Place) async throws {
    let result = await move(try await world(place), place, "from/none")
    guard case .failed = result.outcome else {
      Issue.record("\(result.outcome)")
      return
    }
    #expect(result.notes == [.handover(.renamed), .handover(nil)])
    var habits = MemoryServer.Habits()
    habits.cutsAfterRename = true
    #expect(await move(try await world(.remote(server), habits), .remote(server)).notes == [.handover(.renamed)])
  }

  @Test("takes a folder with all that is in it", arguments: places)
  func folder(_ place: Place) async throws {
    let world = try await world(place)
    #expect(await move(world, place, "from", to: "to/b") { $0.kind = .folder }.outcome == .done(.renamed))
    #expect(text(world, place, "to/b/a") == whole)
    #expect(text(world, place, "from/a") == nil)
  }

  @Test("follows the rules for existing files", arguments: places)
  func policies(_ place: Place) async throws {
    for policy in [ConflictPolicy.ask, .skip, .size, .overwrite, .rename, .resume] {
      let world = try await world(place)
      try put("old", world, place, "to/a")
      let outcome = await move(world, place, policy: policy).outcome
      let isMoved = text(world, place, "from/a") == nil
      switch policy {
      case .ask:
        guard case .conflict(let conflict) = outcome else {
          Issue.record("no question: \(outcome)")
          return
        }
        #expect(conflict.source.size == 100_000 && conflict.target.size == 3)
        #expect(!isMoved && text(world, place, "to/a") == "old")
      case .skip:
        #expect(outcome == .skipped("The target exists already."))
        #expect(!isMoved && text(world, place, "to/a") == "old")
      case .rename:
        #expect(outcome == .done(.renamed))
        #expect(isMoved && text(world, place, "to/a (2)") == whole && text(world, place, "to/a") == "old")
      // What is there is not its beginning.
      case .resume:
        #expect(outcome == .failed(.notTheBeginning("a")))
        #expect(!isMoved && text(world, place, "to/a") == "old")
      default:
        #expect(outcome == .done(.renamed), "\(policy)")
        #expect(isMoved && text(world, place, "to/a") == whole)
      }
    }
  }

  @Test("a folder in the place of a file is never replaced", arguments: places)
  func folderInTheWay(_ place: Place) async throws {
    let world = try await world(place)
    #expect(await move(world, place, to: "to", policy: .overwrite).outcome == .failed(.targetIsFolder("to")))
    #expect(await move(world, place, to: "to", policy: .rename).outcome == .done(.renamed))
    #expect(text(world, place, "to (2)") == whole)
  }

  @Test("a folder does not go into itself, and nothing to where it is", arguments: places)
  func intoItself(_ place: Place) async throws {
    let world = try await world(place)
    let outcome = await move(world, place, "from", to: "from/b/from") { $0.kind = .folder }.outcome
    #expect(outcome == .failed(.folderIntoItself("from")))
    #expect(
      "\(TransferError.folderIntoItself("from"))".hasSuffix("cannot go into itself: choose a folder outside of it."))
    #expect(await move(world, place, to: "from/a").outcome == .failed(.targetIsSource("a")))
    #expect(text(world, place, "from/a") == whole)
  }

  @Test("a folder does not go into itself by a link either")
  func intoItselfByLink() async throws {
    let world = try await world(.local)
    #expect(symlink("from", world.folder.appending("link").string) == 0)
    let outcome = await move(world, .local, "from", to: "link/from") { $0.kind = .folder }.outcome
    #expect(outcome == .failed(.folderIntoItself("from")))
    #expect(text(world, .local, "from/a") == whole)
  }

  @Test("two names of one file stay as they are")
  func hardLinks() async throws {
    let world = try await world(.local)
    #expect(link(world.folder.appending("from/a").string, world.folder.appending("to/a").string) == 0)
    #expect(await move(world, .local, policy: .overwrite).outcome == .failed(.targetIsSource("a")))
    #expect(text(world, .local, "from/a") == whole && text(world, .local, "to/a") == whole)
  }

  @Test("links and FIFOs go as what they are", arguments: [true, false])
  func links(_ isLink: Bool) async throws {
    let world = try await world(.local)
    let path = world.folder.appending("from/it").string
    #expect((isLink ? symlink("nowhere", path) : mkfifo(path, 0o600)) == 0)
    #expect(await move(world, .local, "from/it", to: "to/it") { $0.kind = .unknown }.outcome == .done(.renamed))
    let kind = FileTree.facts(world.folder.appending("to/it")).map { $0.st_mode & S_IFMT }
    #expect(kind == (isLink ? S_IFLNK : S_IFIFO))
    #expect(!FileTree.exists(FilePath(path)))
  }

  // MARK: By other means

  @Test("what is on another disk is copied, and its source removed then, said so")
  func otherDisk() async throws {
    let files = FaultyFiles()
    files.separateFolders()
    let world = try await world(.local, MemoryServer.Habits(), files)
    let result = await move(world, .local)
    #expect(result.outcome == .done(.length(100_000)))
    #expect(text(world, .local, "to/a") == whole && text(world, .local, "from/a") == nil)
    #expect(
      result.notes.contains(.startsAgain("It goes to another disk, so it is copied, and its source removed then.")))
    // The rename has come to nothing, and the copy is complete before its source goes.
    let handovers = result.notes.filter { if case .handover = $0 { true } else { false } }
    #expect(handovers == [.handover(.renamed), .handover(nil), .handover(.length(100_000))])
  }

  @Test("what the server does not rename is copied, and its source removed then", arguments: [550, 502])
  func refused(_ code: Int) async throws {
    var habits = MemoryServer.Habits()
    habits.refusesRenaming = true
    habits.renameRefusal = code
    let world = try await world(.remote(server), habits)
    // The last step of the copy is refused, too: it is written in place.
    let result = await move(world, .remote(server))
    #expect(result.outcome == .done(.length(100_000)))
    #expect(text(world, .remote(server), "to/a") == whole && text(world, .remote(server), "from/a") == nil)
    #expect(
      result.notes.contains { if case .startsAgain(let text) = $0 { text.contains("does not rename") } else { false } })
    // A server without the command is not asked again.
    try put("x", world, .remote(server), "from/b")
    let other = await move(world, .remote(server), "from/b", to: "to/b") {
      $0 = TransferItem(id: 2, batch: $0.batch, kind: .file, source: $0.source, target: $0.target, token: 8)
    }
    #expect(other.outcome == .done(.length(1)))
    #expect(world.remote.log.contains("RNFR /from/b") == (code == 550))
  }

  @Test("a server that renames to free names only has the old file removed")
  func freeNamesOnly() async throws {
    var habits = MemoryServer.Habits()
    habits.renamesToFreeNamesOnly = true
    let world = try await world(.remote(server), habits)
    try put("old", world, .remote(server), "to/a")
    #expect(await move(world, .remote(server), policy: .overwrite).outcome == .done(.renamed))
    #expect(world.remote.names == ["/to/a"])
    #expect(text(world, .remote(server), "to/a") == whole)
  }

  @Test("on a server that ignores case, nothing is removed for a name that is its own")
  func otherCase() async throws {
    for renamesToFreeNamesOnly in [true, false] {
      var habits = MemoryServer.Habits()
      habits.ignoresCase = true
      habits.renamesToFreeNamesOnly = renamesToFreeNamesOnly
      habits.tellsIdentities = false
      let world = try await world(.remote(server), habits)
      let outcome = await move(world, .remote(server), to: "from/A", policy: .overwrite).outcome
      #expect(outcome.isFailure == renamesToFreeNamesOnly, "\(outcome)")
      #expect(world.remote.names.count == 1)
      #expect(text(world, .remote(server), "from/a") == whole || text(world, .remote(server), "from/A") == whole)
    }
  }

  @Test("a link in a folder is not copied where it cannot be renamed")
  func linkToOtherDisk() async throws {
    let files = FaultyFiles()
    files.separateFolders()
    let world = try await world(.local, MemoryServer.Habits(), files)
    #expect(symlink("a", world.folder.appending("from/link").string) == 0)
    let outcome = await move(world, .local, "from/link", to: "to/link") {
      $0 = TransferItem(
        id: 1, batch: $0.batch, kind: .unknown, source: $0.source, target: $0.target, depth: 2, token: 7)
    }.outcome
    #expect(outcome == .skipped("A symbolic link, which is not followed."))
    #expect(FileTree.exists(world.folder.appending("from/link")) && !FileTree.exists(world.folder.appending("to/link")))
  }

  // MARK: Others, and ends in the middle

  @Test("what somebody puts there in the last moment is not replaced", arguments: places)
  func taken(_ place: Place) async throws {
    let files = FaultyFiles()
    var habits = MemoryServer.Habits()
    habits.renamesToFreeNamesOnly = true
    let world = try await world(place, habits, files)
    let (folder, remote) = (world.folder, world.remote)
    files.before { call in if call == .rename { _ = try? folder.write("theirs", to: "to/a") } }
    remote.before { line in
      if line.hasPrefix("RNFR") { remote["/to/a"] = MemoryServer.File(Array("theirs".utf8), unique: "2") }
    }
    guard case .conflict(let conflict) = await move(world, place).outcome else {
      Issue.record("no question")
      return
    }
    #expect(conflict.target.size == 6 && conflict.source.size == 100_000)
    #expect(text(world, place, "to/a") == "theirs" && text(world, place, "from/a") == whole)
  }

  @Test("what was renamed by a process that ended then is done", arguments: places)
  func handedOver(_ place: Place) async throws {
    let world = try await world(place)
    #expect(await move(world, place).outcome == .done(.renamed))
    let again = await move(world, place) { item in
      item.hasStarted = true
      item.handover = .renamed
    }
    #expect(again.outcome == .done(.renamed))
    // Nobody knows where a source has gone that this item had not begun to move.
    #expect(await move(world, place) { $0.hasStarted = true }.outcome == .failed(.sourceMissing("a")))
    // Nor one whose target is gone, too.
    if place == .local { FileTree.remove(world.folder.appending("to/a")) } else { world.remote["/to/a"] = nil }
    let gone = await move(world, place) { $0.handover = .renamed }.outcome
    #expect(gone.isFailure, "\(gone)")
  }

  @Test("a rename whose reply never came is found to be done by the next attempt")
  func cut() async throws {
    var habits = MemoryServer.Habits()
    habits.cutsAfterRename = true
    let world = try await world(.remote(server), habits)
    let first = await move(world, .remote(server))
    #expect(first.outcome == .failed(.session(.closed("cut"))))
    #expect(first.notes == [.handover(.renamed)])
    let second = await move(world, .remote(server)) { item in
      item.hasStarted = true
      item.handover = .renamed
    }
    #expect(second.outcome == .done(.renamed))
  }

  @Test("what an earlier attempt had copied of it is removed", arguments: places)
  func leftPart(_ place: Place) async throws {
    let world = try await world(place)
    let part = PartName.make(for: "a", token: 7).text
    try put("half", world, place, "to/" + part)
    #expect(await move(world, place) { $0.hasStarted = true }.outcome == .done(.renamed))
    #expect(text(world, place, "to/" + part) == nil && text(world, place, "to/a") == whole)
  }

  @Test("the journal keeps that a source is about to go")
  func journal() {
    for proof in [Proof.renamed, .length(12), .hash(.sha256, [1, 2, 3], bytes: 9)] {
      var item = item(1)
      item.handover = proof
      let fields = Fields(item.options)
      #expect(fields["handover"].map { Proof(journaled: $0.replacing(",", with: " "), size: nil) } == proof)
      #expect(fields["token"] == "1")
    }
    #expect(ItemNote.handover(.renamed).decides)
  }
}

extension JobOutcome {
  fileprivate var isFailure: Bool { if case .failed = self { true } else { false } }
}
