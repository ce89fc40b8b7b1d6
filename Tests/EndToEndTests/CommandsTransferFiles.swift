import Glibc
import SystemPackage
import TestSupport
import Testing

/// `get` and `put` beyond moving whole trees: what exists, what is missing, and what is interrupted.
@Suite struct `A transfer by a command` {
  private struct Setting {
    let ferry: CommandFerry
    let demo: CommandDemo
    let login: [String]
    var server: FilePath { ferry.home.appending("demo/server") }

    init() async throws {
      ferry = try CommandFerry()
      demo = try await CommandDemo(ferry)
      login = ["--trust", "new", "--password-file", demo.passwordFile]
    }
  }

  @Test func `tells what it did, line by line or as JSON`() async throws {
    let setting = try await Setting()
    let (ferry, address) = (setting.ferry, setting.demo.address)
    let plain = try await ferry.run(["get", "\(address)README.txt", "here"] + setting.login)
    #expect(plain.succeeded)
    #expect(plain.outputText == "done /README.txt -> \(ferry.home.appending("here/README.txt")) (521 B)\n")
    #expect(plain.errors == [])
    let json = try await ferry.run(["put", "here", address, "--json"] + setting.login)
    #expect(json.succeeded)
    #expect(json.outputText.split(separator: "\n").count == 2)
    #expect(json.outputText.contains(#""state":"done","kind":"file""#))
    #expect(try FileTree.read(setting.server.appending("here/README.txt")).count == 521)
    await setting.demo.stop()
  }

  @Test func `fails what is missing or in the way, and does the rest`() async throws {
    let setting = try await Setting()
    let (ferry, address) = (setting.ferry, setting.demo.address)
    let get = try await ferry.run(["get", "\(address)missing", "\(address)README.txt", "here"] + setting.login)
    #expect(get.status == .exited(1))
    #expect(get.errorText.contains("missing"))
    #expect(get.outputText.contains("done /README.txt"))
    let again = ["get", "\(address)README.txt", "here"] + setting.login
    try ferry.home.write("mine", to: "here/README.txt")
    #expect(try await ferry.run(again).status == .exited(1))
    #expect(try await ferry.run(again + ["--on-conflict", "skip"]).succeeded)
    #expect(try FileTree.text(ferry.home.appending("here/README.txt")) == "mine")
    #expect(try await ferry.run(again + ["--on-conflict", "rename"]).succeeded)
    #expect(FileTree.exists(ferry.home.appending("here/README (2).txt")))
    #expect(try await ferry.run(again + ["--on-conflict", "overwrite"]).succeeded)
    #expect(try FileTree.read(ferry.home.appending("here/README.txt")).count == 521)
    let put = try await ferry.run(["put", "nothing", "here/README.txt", "\(address)new"] + setting.login)
    #expect(put.status == .exited(1))
    #expect(put.errorText.contains("nothing"))
    #expect(FileTree.exists(setting.server.appending("new/README.txt")))
    await setting.demo.stop()
  }

  @Test func `says what its last argument has to be`() async throws {
    let ferry = try CommandFerry()
    #expect(try await ferry.run(["get", "ftpes://127.0.0.1/x"]).status == .exited(2))
    #expect(try await ferry.run(["get", "ftpes://127.0.0.1/x", "ftpes://127.0.0.1/y"]).status == .exited(2))
    #expect(try await ferry.run(["put", "/etc/hostname", "here"]).status == .exited(2))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `is interrupted in an orderly way, and keeps its part`(_ signal: Int32) async throws {
    let setting = try await Setting()
    // Sparse: its size takes time on the way, not room on the disk.
    let large = setting.server.appending("large")
    try await Program("truncate", ["-s", "4G", large.string]).runSuccessfully()
    let here = try setting.ferry.home.makeFolder("here")
    let running = try setting.ferry.program(["get", "\(setting.demo.address)large", "here"] + setting.login).start()
    func names() throws -> [String] { try FileTree.names(in: here).map(\.string) }
    let begins = try await eventually(within: .seconds(20)) { try names().contains { $0.hasSuffix(".ferry.part") } }
    #expect(begins)
    kill(running.pid, signal)
    let result = try await running.result(timeout: .seconds(10))
    #expect(result.status == .exited(128 + signal), "\(result)")
    #expect(result.errorText.contains("Interrupted"))
    #expect(try names().count == 1)
    #expect(try names().allSatisfy { $0.hasSuffix(".ferry.part") })
    await setting.demo.stop()
  }
}
