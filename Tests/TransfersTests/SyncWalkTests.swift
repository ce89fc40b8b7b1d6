import FTP
import FTPSClient
import Synchronization
import SystemPackage
import Testing
import Transfers

/// Whole trees compared, and what becomes of them when the plan is carried out: with trees in memory, that fail on demand.
@Suite("A walk through two trees") struct SyncWalkTests {
  /// A tree in memory: paths to contents, nil for folders.
  final class Tree: SyncSide {
    struct State: Sendable {
      var files: [[FileName]: (text: String, time: Int64)] = [:]
      var folders: Set<[FileName]> = [[]]
      var unreadable: Set<[FileName]> = []
      var twice: Set<[FileName]> = []
      var perhapsLinks: Set<[FileName]> = []
    }

    let state: Mutex<State>
    let isRemote: Bool

    init(_ state: State = State(), isRemote: Bool = true) {
      self.state = Mutex(state)
      self.isRemote = isRemote
    }

    var now: State { state.withLock { $0 } }

    func list(_ path: [FileName]) async throws -> FolderList {
      try state.withLock { state in
        guard state.folders.contains(path), !state.unreadable.contains(path) else { throw SyncProblem("no list") }
        let files = state.files.filter { $0.key.dropLast() == path[...] }.map { path, file in
          ListingEntry(
            name: path[path.count - 1], kind: .file, size: Int64(file.text.utf8.count),
            modified: Timestamp(seconds: file.time))
        }
        let folders = state.folders.filter { $0.count == path.count + 1 && $0.dropLast() == path[...] }.map {
          ListingEntry(name: $0[$0.count - 1], kind: .directory)
        }
        var list = FolderList(files + folders + files.filter { state.twice.contains(path + [$0.name]) })
        list.perhapsLinks = Set(folders.map(\.name).filter { state.perhapsLinks.contains(path + [$0]) })
        return list
      }
    }

    func modified(_ path: [FileName]) async throws -> Timestamp? {
      state.withLock { $0.files[path].map { Timestamp(seconds: $0.time) } }
    }

    func digest(of path: [FileName], size: Int64?) async throws -> [UInt8]? {
      state.withLock { $0.files[path].map { Array($0.text.utf8) } }
    }

    func makeFolder(_ path: [FileName]) async throws { _ = state.withLock { $0.folders.insert(path) } }

    func delete(_ path: [FileName], isFolder: Bool) async throws {
      try state.withLock { state in
        if isFolder {
          let isEmpty = !(state.files.keys + Array(state.folders)).contains {
            $0.count > path.count && $0.starts(with: path)
          }
          guard isEmpty else { throw SyncProblem("not empty") }
          state.folders.remove(path)
        } else {
          state.files[path] = nil
        }
      }
    }
  }

  static func path(_ text: String) -> [FileName] { text.split(separator: "/").map { try! FileName(String($0)) } }

  static func tree(_ files: [String: (String, Int64)], unreadable: [String] = [], twice: [String] = []) -> Tree {
    var state = Tree.State()
    for (text, (content, time)) in files {
      let path = path(text)
      for count in 0..<path.count { state.folders.insert(Array(path[..<count])) }
      state.files[path] = (content, time)
    }
    state.unreadable = Set(unreadable.map(path))
    state.twice = Set(twice.map(path))
    return Tree(state)
  }

  static func rows(_ left: Tree, _ right: Tree, _ rules: SyncRules) async throws -> [SyncRow] {
    var rows: [SyncRow] = []
    try await SyncWalk(left: left, right: right, rules: rules).rows { rows.append($0) }
    return rows
  }

  static func text(_ rows: [SyncRow]) -> [String] {
    rows.map { "\($0.action.rawValue) \(String(decoding: $0.pathBytes, as: UTF8.self))\($0.isFolder ? "/" : "")" }
  }

  @Test("tells folders before what is copied in them, and after what is deleted in them")
  func order() async throws {
    let left = Self.tree(["a": ("1", 1), "new/x": ("1", 1), "new/deep/y": ("1", 1)])
    let right = Self.tree(["a": ("1", 1), "gone/x": ("1", 1), "gone/deep/y": ("1", 1)])
    let rows = try await Self.rows(left, right, SyncRules(deletes: true))
    #expect(
      Self.text(rows) == [
        "equal a", "delete-right gone/deep/y", "delete-right gone/deep/", "delete-right gone/x", "delete-right gone/",
        "copy-right new/", "copy-right new/deep/", "copy-right new/deep/y", "copy-right new/x",
      ])
  }

  @Test("deletes nothing that a list which could not be read may still name, nor a folder around it")
  func incomplete() async throws {
    let left = Self.tree(["keep/a": ("1", 1), "seen": ("1", 1)], unreadable: ["keep"])
    let right = Self.tree(
      ["keep/b": ("1", 1), "gone/deep/c": ("1", 1), "gone/d": ("1", 1), "seen": ("1", 1)], unreadable: ["gone/deep"])
    let rows = try await Self.rows(left, right, SyncRules(deletes: true))
    #expect(Self.text(rows) == ["delete-right gone/d", "leave gone/deep/", "leave gone/", "leave keep/", "equal seen"])
    #expect(rows.filter(\.isProblem).count == 2)
    await #expect(throws: SyncProblem.self) {
      _ = try await Self.rows(Self.tree([:], unreadable: [""]), right, SyncRules(deletes: true))
    }
  }

  @Test(
    "where it deletes, walks through nothing that may be a link, on either side, and says so", arguments: [true, false])
  func perhapsLinks(_ isRight: Bool) async throws {
    let (left, right) = (Self.tree(["d/a": ("1", 1)]), Self.tree(["d/b": ("1", 1), "old/d/c": ("1", 1)]))
    (isRight ? right : left).state.withLock { $0.perhapsLinks = [["d"], ["old", "d"]] }
    let rows = try await Self.rows(left, right, SyncRules(deletes: true))
    let old =
      isRight ? ["leave old/d/", "leave old/"] : ["delete-right old/d/c", "delete-right old/d/", "delete-right old/"]
    #expect(Self.text(rows) == ["leave d/"] + old)
    #expect(rows.first?.isProblem == true)
    // Of both ways, each row may be made a deletion.
    let both = try await Self.rows(left, right, SyncRules(mode: .bothWays))
    #expect(both.allSatisfy { $0.path != [FileName(stringLiteral: "d"), FileName(stringLiteral: "b")] })
    #expect(both.first?.isProblem == true)
    // Copies take nothing away.
    let copied = try await Self.rows(left, right, SyncRules())
    #expect(Self.text(copied) == ["copy-right d/a", "leave d/b", "leave old/"])
  }

  @Test("leaves alone what is excluded, and the folder that holds it")
  func excluded() async throws {
    let right = Self.tree(["old/a.txt": ("1", 1), "old/cache.tmp": ("1", 1)])
    let rules = SyncRules(deletes: true, filter: SyncFilter(excluding: ["*.tmp"]))
    let rows = try await Self.rows(Self.tree([:]), right, rules)
    #expect(Self.text(rows) == ["delete-right old/a.txt", "leave old/"])
  }

  @Test("does nothing to a name that comes twice, or that FTP cannot say")
  func awkward() async throws {
    let left = Self.tree(["a": ("1", 1), "line\nbreak": ("1", 1)])
    let right = Self.tree(["a": ("12", 1)], twice: ["a"])
    let rows = try await Self.rows(left, right, SyncRules(deletes: true))
    #expect(rows.map(\.action) == [.leave, .leave])
    #expect(!rows.contains { !$0.isProblem })
  }

  @Test(
    "deletes nothing, and copies nothing, where a name is on the other side in another case or form of an accent",
    arguments: [
      ("A.txt", "a.txt"), ("Gr\u{00FC}n", "Gru\u{0308}n"), ("Docs/a", "docs/b"), ("dir", "DIR/a"),
    ], [SyncRules(deletes: true), SyncRules(mode: .bothWays)])
  func oneNameInTwoForms(_ names: (String, String), _ rules: SyncRules) async throws {
    let rows = try await Self.rows(Self.tree([names.0: ("1", 2)]), Self.tree([names.1: ("12", 1)]), rules)
    #expect(rows.map(\.action) == [.leave, .leave], "\(Self.text(rows))")
    #expect(rows.allSatisfy { $0.isProblem && $0.reason.contains("only in case or in an accent") })
    #expect(rows.allSatisfy { $0.choices == [.leave] })
  }

  @Test("a side that lists both of two such names keeps them apart, so one of them may be deleted")
  func bothForms() async throws {
    let (left, right) = (Self.tree(["a": ("1", 1)]), Self.tree(["a": ("1", 1), "A": ("1", 1)]))
    #expect(Self.text(try await Self.rows(left, right, SyncRules(deletes: true))) == ["delete-right A", "equal a"])
  }

  @Test("two names in the source that some servers take for one are copied with a look at which of them is there")
  func twoFormsInTheSource() async throws {
    let left = Self.tree(["d/a": ("1", 1), "d/A": ("1", 1), "d/b": ("1", 1)])
    for right in [Self.tree(["d/a": ("1", 1)]), Self.tree([:])] {
      let rows = try await Self.rows(left, right, SyncRules(deletes: true))
      let plan = SyncPlan(rows, left: .local("/left"), right: .remote(server, .root))
      let collides = plan.requests.flatMap(\.entries).filter(\.collides).map(\.name)
      #expect(Self.text(rows).contains("copy-right d/A"))
      #expect(collides == (right.now.files.isEmpty ? ["A", "a"] : ["A"]))
    }
  }

  @Test("asks for contents where they are to be compared")
  func contents() async throws {
    let left = Self.tree(["a": ("same", 1), "b": ("left", 1)])
    let right = Self.tree(["a": ("same", 9), "b": ("rght", 9)])
    let rows = try await Self.rows(left, right, SyncRules(.hash))
    #expect(Self.text(rows) == ["equal a", "copy-right b"])
  }

  // MARK: Property

  /// Small trees with few names, so that both sides have much in common, and a few folders that cannot be read.
  private static func random(_ generator: inout some RandomNumberGenerator) -> Tree {
    var state = Tree.State()
    for _ in 0..<Int.random(in: 0...14, using: &generator) {
      let names = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
        try! FileName(String("abc".randomElement(using: &generator)!))
      }
      // A name is a file or a folder.
      let parents = (1..<max(1, names.count)).map { Array(names[..<$0]) }
      guard !state.folders.contains(names), !parents.contains(where: { state.files[$0] != nil }) else { continue }
      for parent in parents { state.folders.insert(parent) }
      state.files[names] = (
        String("xyz".randomElement(using: &generator)!), Int64.random(in: 1...2, using: &generator)
      )
    }
    for folder in state.folders where !folder.isEmpty && Int.random(in: 0..<8, using: &generator) == 0 {
      state.unreadable.insert(folder)
    }
    return Tree(state)
  }

  /// Does what a plan says, as the program does.
  private static func carryOut(_ rows: [SyncRow], _ left: Tree, _ right: Tree) async throws {
    let plan = SyncPlan(rows, left: .local("/left"), right: .local("/right"))
    for folder in plan.folders { try await (folder.isLeft ? left : right).makeFolder(folder.path) }
    for request in plan.requests {
      let toLeft = request.target.path.starts(with: Array("/left".utf8))
      let (from, to) = toLeft ? (right, left) : (left, right)
      let top = toLeft ? "/left".utf8.count : "/right".utf8.count
      let folder = path(String(decoding: request.target.path.dropFirst(top), as: UTF8.self))
      for entry in request.entries {
        let file = from.now.files[folder + [entry.name]]
        let hasFolder = to.now.folders.contains(folder)
        #expect(hasFolder && file != nil)
        to.state.withLock { $0.files[folder + [entry.name]] = file }
      }
    }
    for removal in plan.removals {
      try await (removal.isLeft ? left : right).delete(removal.path, isFolder: removal.isFolder)
    }
  }

  @Test(
    "makes the destination like the source, once and for all, and never loses what it has not seen", arguments: 0..<400)
  func property(seed: UInt64) async throws {
    var generator = Seeded(seed)
    let (left, right) = (Self.random(&generator), Self.random(&generator))
    let (before, rightBefore) = (left.now, right.now)
    let deletes = Bool.random(using: &generator)
    let rules = SyncRules(
      [.size, .time, .hash].randomElement(using: &generator)!,
      mode: Bool.random(using: &generator) ? .leftToRight : .bothWays,
      deletes: deletes, overwritesNewer: true)
    let rows = try await Self.rows(left, right, rules)
    #expect(Set(rows.map(\.path)).count == rows.count, "a path comes twice")
    try await Self.carryOut(rows, left, right)
    if rules.mode == .leftToRight {
      #expect(left.now.files.keys.allSatisfy { before.files[$0] != nil } && left.now.files.count == before.files.count)
    }
    // Whatever was below a folder that could not be read is there still.
    for folder in before.unreadable.union(rightBefore.unreadable) {
      for (path, file) in rightBefore.files where path.starts(with: folder) {
        #expect(right.now.files[path]?.text == file.text, "seed \(seed): \(path) is gone")
      }
    }
    if rules.mode == .bothWays || !deletes {
      #expect(Set(rightBefore.files.keys).isSubset(of: right.now.files.keys), "seed \(seed): something was deleted")
    }
    // A second run finds nothing left to do.
    let again = try await Self.rows(left, right, rules)
    let open = again.filter { ![.equal, .leave, .conflict].contains($0.action) }
    #expect(open.isEmpty, "seed \(seed): \(Self.text(open))")
    // Where all could be read and nothing is in conflict, the trees are the same in what the comparison looks at.
    guard rules.mode == .leftToRight, deletes, before.unreadable.isEmpty, rightBefore.unreadable.isEmpty,
      !rows.contains(where: { $0.action == .conflict })
    else { return }
    #expect(Set(right.now.files.keys) == Set(left.now.files.keys), "seed \(seed)")
    #expect(right.now.folders == left.now.folders, "seed \(seed)")
  }

  private struct Seeded: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }
}
