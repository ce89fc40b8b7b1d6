import FTP
import FTPSClient
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// A server whose lists are in the zone of its own clock, and its MDTM in UTC. vsftpd is none of them: where its
/// use_localtime is on, its MDTM is in its own zone, too, and takes times to set in it. Nothing tells that to a client: a
/// file just sent would, but only to who has written there, and until the server is started anew in summer.
@Suite("The zone of a real server's lists", .timeLimit(.minutes(2)))
struct ServerZoneTests {
  /// POSIX's own way to name zones needs no data base of them.
  static let zones = ["EST5EDT,M3.2.0,M11.1.0", "<+0545>-5:45", "UTC0"]

  private static let day = 86_400

  private let logs: TemporaryFolder

  init() throws { logs = try TemporaryFolder("logs") }

  /// How often the server was asked for the time of a file.
  private var questions: Int {
    (try? FileTree.text(logs.appending("commands")))?.ranges(of: "MDTM ").count ?? 0
  }

  private func start(_ zone: String) async throws -> RealServer {
    var options = ServerOptions()
    options.extra = [
      "TimesGMT off", "FactsAdvertise off", "LogFormat command \"%r\"",
      "ExtendedLog \(logs.appending("commands")) ALL command",
    ]
    options.environment = ["TZ": zone]
    return try await RealServer.start(.proFTPD, options)
  }

  private func write(_ text: String, _ path: FilePath, _ time: Int) throws {
    try FileTree.makeFolders(path.removingLastComponent())
    try FileTree.write(Array(text.utf8), to: path)
    var times = [timeval(tv_sec: time, tv_usec: 0), timeval(tv_sec: time, tv_usec: 0)]
    #expect(utimes(path.string, &times) == 0)
  }

  /// Runs `body` with a server that has a file of each of some ages, in days, in "from".
  private func with(
    _ zone: String, _ body: (QueueWorld, RealServer, ServerAddress, [String: Int]) async throws -> Void
  ) async throws {
    try await QueueWorld.with { world in
      let server = try await start(zone)
      world.provider.setPassword(server.password)
      var times: [String: Int] = [:]
      for age in [0, 1, 5, 20, 40, 90, 150] {
        let time = Glibc.time(nil) - age * Self.day - 3_607
        times["\(age)"] = time
        try write("\(age)", server.root.appending("from/\(age)"), time)
      }
      try await server.adopt()
      let address = ServerAddress(host: "127.0.0.1", port: server.port, user: RealServer.user)
      try await body(world, server, address, times)
      await server.stop()
    }
  }

  @Test("the first list has its times in UTC, for one round trip more", arguments: zones)
  func list(_ zone: String) async throws {
    try await with(zone) { world, server, address, times in
      let folder = try RemotePath(server.remotePath("from"))
      for _ in 0..<3 {
        let list = try await world.provider.pool(for: address).withSession(for: .browsing) { session in
          try await session.wholeList(of: folder)
        }
        #expect(list.entries.count == times.count)
        for entry in list.entries {
          guard let time = times[entry.name.text], let shown = entry.modified else {
            Issue.record("no time of \(entry)")
            continue
          }
          // What lies between summer and winter stays the server's own time; whatever is said to be UTC is right.
          if shown.isUTC { #expect(shown.seconds == Int64(time) / 60 * 60, "\(entry.name), \(zone)") }
        }
        let known = list.entries.count { $0.modified?.isUTC == true }
        #expect(known == times.count || zone.hasPrefix("EST") && known >= 4, "\(known) known")
      }
      #expect(2...(zone.hasPrefix("EST") ? 8 : 4) ~= questions, "\(questions)")
    }
  }

  @Test("files come with their exact times, and rules about newer files are right", arguments: zones)
  func transfers(_ zone: String) async throws {
    try await with(zone) { world, server, address, times in
      let from = Location.remote(address, try RemotePath(server.home))
      // Older than the server's by half an hour, and newer by as much: in another zone both would be wrong.
      try write("old", world.local.folder.appending("from/0"), (times["0"] ?? 0) - 1_800)
      try write("new", world.local.folder.appending("from/5"), (times["5"] ?? 0) + 1_800)
      _ = try await world.run(
        [.init("from", kind: .folder)], from: from, to: world.here(), onConflict: .newer)
      for (name, time) in times where name != "5" {
        let path = world.local.folder.appending("from/" + name)
        #expect(try FileTree.text(path) == name)
        #expect(FileTree.facts(path)?.st_mtim.tv_sec == time, "\(name)")
      }
      #expect(try FileTree.text(world.local.folder.appending("from/5")) == "new")
    }
  }

  @Test("a comparison by time needs no question for each file", arguments: zones)
  func sync(_ zone: String) async throws {
    try await with(zone) { world, server, address, times in
      for (name, time) in times { try write(name, world.local.folder.appending(name), time) }
      try write("other", world.local.folder.appending("1"), (times["1"] ?? 0) + 1_800)
      let left = LocalSyncSide(world.local.folder.path, disk: world.local.disk)
      let right = RemoteSyncSide(address, try RemotePath(server.remotePath("from")), sessions: world.provider)
      var actions: [String: SyncRow.Action] = [:]
      try await SyncWalk(left: left, right: right, rules: SyncRules(.time, mode: .bothWays)).rows { row in
        if let name = row.path.last, row.action != .equal { actions[name.text] = row.action }
      }
      #expect(actions == ["1": .copyRight])
      #expect(questions <= (zone.hasPrefix("EST") ? 7 : 4), "\(questions) questions")
    }
  }

  @Test("a file of the morning after the clocks were changed has its own difference, at the first list that shows it")
  func nightOfChange() async throws {
    // Ten days ago, at 2 o'clock, whatever the time of the year is.
    let midnight = (Glibc.time(nil) / Self.day - 10) * Self.day
    var moment = midnight
    var calendar = tm()
    gmtime_r(&moment, &calendar)
    let zone = "WIN0SUM-1,\(calendar.tm_yday)/2,\((calendar.tm_yday + 100) % 365)/2"
    try await QueueWorld.with { world in
      let server = try await start(zone)
      world.provider.setPassword(server.password)
      let address = ServerAddress(host: "127.0.0.1", port: server.port, user: RealServer.user)
      let folder = try RemotePath(server.remotePath("from"))
      var times: [String: Int] = [:]
      for (name, time) in [("before", midnight + 1_800), ("after", midnight + 5 * 3_600)] {
        times[name] = time
        try write(name, server.root.appending("from/\(name)"), time)
        try await server.adopt()
        let list = try await world.provider.pool(for: address).withSession(for: .browsing) { session in
          try await session.wholeList(of: folder)
        }
        #expect(list.entries.count == times.count)
        for entry in list.entries {
          #expect(entry.modified?.isUTC == true)
          #expect(entry.modified?.seconds == times[entry.name.text].map(Int64.init), "\(entry.name)")
        }
      }
      #expect(questions == 2)
      await server.stop()
    }
  }

  @Test("vsftpd with a zone of its own is taken at its word: what was sent there compares right", arguments: zones)
  func ownZone(_ zone: String) async throws {
    try await QueueWorld.with { world in
      var options = ServerOptions()
      options.extra = ["use_localtime=YES"]
      options.environment = ["TZ": zone]
      let server = try await RealServer.start(.vsftpd, options)
      world.provider.setPassword(server.password)
      let address = ServerAddress(host: "127.0.0.1", port: server.port, user: RealServer.user)
      let now = Glibc.time(nil)
      let times = Dictionary(uniqueKeysWithValues: [1, 20, 150, 400].map { ("\($0)", now - $0 * Self.day - 3_607) })
      for (name, time) in times { try write(name, world.local.folder.appending("sent/" + name), time) }
      let home = try RemotePath(server.home)
      _ = try await world.run([.init("sent", kind: .folder)], from: world.here(), to: .remote(address, home))
      let left = LocalSyncSide(world.local.folder.path.appending("sent"), disk: world.local.disk)
      let right = RemoteSyncSide(address, home.appending(FileName("sent")), sessions: world.provider)
      var actions: [String: SyncRow.Action] = [:]
      try await SyncWalk(left: left, right: right, rules: SyncRules(.time, mode: .bothWays)).rows { row in
        if let name = row.path.last { actions[name.text] = row.action }
      }
      #expect(actions == times.mapValues { _ in .equal })
      await server.stop()
    }
  }
}
