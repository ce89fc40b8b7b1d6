import FTP
import Glibc

/// MLSD, LIST and NLST.
extension ControlConnection {
  func listFacts(_ path: RemotePath) async throws {
    try await list(path, .facts(facts), orFile: false)
  }

  func listLong(_ request: Request) async throws {
    try await list(path(Self.withoutOptions(request.argument)), .long(now: Int64(time(nil))), orFile: true)
  }

  func listNames(_ request: Request) async throws {
    try await list(path(Self.withoutOptions(request.argument)), .names, orFile: false)
  }

  private func list(_ path: RemotePath, _ form: Listing.Form, orFile: Bool) async throws {
    guard await isReadyForData() else { return }
    let listing = try await shared.run { folder throws(FileError) in
      if orFile, let name = path.name {
        let status = try folder.status(of: path, followingLink: true)
        if status.kind != .folder {
          return Listing(
            FolderReader.Entry(name: name, status: status), form: form, isReadOnly: folder.isReadOnly)
        }
      }
      return try Listing(folder.openFolder(path), form: form, isReadOnly: folder.isReadOnly)
    }
    await transfer(ServerReply(150, "The listing follows")) { data in
      while let lines = try await shared.run({ _ throws(FileError) in try listing.next() }) {
        try await data.write(lines)
      }
      try await data.finishSending(within: shared.configuration.limits.closing)
      return "The listing is complete"
    }
    if listing.unspeakable > 0 {
      log(.problem("\(listing.unspeakable) names with line ends in them were not listed"))
    }
  }

  /// `LIST -al name`: options of the ls command, which some clients send, are not names.
  private static func withoutOptions(_ argument: [UInt8]) -> [UInt8] {
    guard argument.first == UInt8(ascii: "-") else { return argument }
    let end = argument.firstIndex(of: UInt8(ascii: " ")) ?? argument.endIndex
    guard argument[1..<end].allSatisfy({ "aAlLFrtR1d".utf8.contains($0) }) else { return argument }
    return withoutOptions(Array(argument[end...].dropFirst()))
  }
}
