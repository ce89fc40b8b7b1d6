package import FTP
import Glibc
package import SystemPackage

/// Lists a local folder for a pane: all names first, which is quick, then the facts of each, which takes a system call
/// a file.
package enum LocalListing {
  /// What is known so far.
  package enum Update: Sendable {
    /// Every name in the folder, in its order; of a large folder without size and time, and the kind only where the
    /// folder tells it. `isComplete` says that no facts will follow.
    case names([ListingEntry], isComplete: Bool)
    /// The facts of the entries from an index of the names on.
    case facts(from: Int, [ListingEntry])
  }

  /// Up to this many entries come at once with their facts.
  private static let smallCount = 1_000
  /// Entries whose facts are handed over together.
  private static let chunkCount = 4_096

  /// Lists a folder on the disk's threads; symbolic links in it are described, not followed.
  ///
  /// - Parameter onUpdate: called on a thread of the disk, in order; it must not wait.
  /// - Throws: ``LocalFault`` if the folder cannot be read; `CancellationError`.
  package static func read(
    _ path: FilePath, on disk: LocalDisk, onUpdate: @escaping @Sendable (Update) -> Void
  ) async throws {
    let cancellation = Cancellation()
    try await withTaskCancellationHandler {
      try await disk.run { files in
        let folder = try files.openFolder(path)
        let names = try files.names(in: folder)
        if names.count <= smallCount {
          onUpdate(.names(names.map { entry($0, in: folder, files) }, isComplete: true))
          return
        }
        onUpdate(.names(names.map(entryWithoutFacts), isComplete: false))
        for start in stride(from: 0, to: names.count, by: chunkCount) {
          if cancellation.isCancelled { throw CancellationError() }
          let chunk = names[start..<min(start + chunkCount, names.count)]
          onUpdate(.facts(from: start, chunk.map { entry($0, in: folder, files) }))
        }
      }
    } onCancel: {
      cancellation.cancel()
    }
  }

  /// The facts of a few names, such as those on the screen while the rest of a large folder is still being looked at.
  /// Names that are gone are left out.
  package static func facts(
    of names: [FileName], in path: FilePath, on disk: LocalDisk
  ) async throws -> [ListingEntry] {
    try await disk.run { files in
      let folder = try files.openFolder(path)
      return try names.compactMap { name in
        guard let status = try files.status(of: name, in: folder, following: false) else { return nil }
        return describe(name, status, in: folder)
      }
    }
  }

  private static func entryWithoutFacts(_ name: LocalName) -> ListingEntry {
    let kind: ListingEntry.Kind =
      switch name.kind {
      case .folder: .directory
      case .file, nil: .file
      case .symbolicLink: .symbolicLink(target: nil)
      case .other: .other
      }
    return ListingEntry(name: name.name, kind: kind)
  }

  /// An entry whose facts cannot be had (removed meanwhile, no permission) keeps its name.
  private static func entry(_ name: LocalName, in folder: OpenFolder, _ files: any LocalFiles) -> ListingEntry {
    guard let status = try? files.status(of: name.name, in: folder, following: false) else {
      return entryWithoutFacts(name)
    }
    return describe(name.name, status, in: folder)
  }

  private static func describe(_ name: FileName, _ status: LocalStatus, in folder: OpenFolder) -> ListingEntry {
    status.entry(named: name, target: status.kind == .symbolicLink ? linkTarget(name, in: folder) : nil)
  }

  private static func linkTarget(_ name: FileName, in folder: OpenFolder) -> [UInt8]? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { memory in
      let count = name.withCString { readlinkat(folder.descriptor.rawValue, $0, memory.baseAddress!, memory.count) }
      return count < 0 ? nil : memory[..<count].map { UInt8(bitPattern: $0) }
    }
  }
}
