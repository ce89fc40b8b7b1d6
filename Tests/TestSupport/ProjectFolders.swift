import Glibc
package import SystemPackage

/// Where the tests find the project's own files.
package enum ProjectFolders {
  /// The folder of Package.swift.
  package static let root: FilePath = {
    // Symbolic links are resolved: a package may hold this folder under another name.
    guard let resolved = realpath(#filePath, nil) else { preconditionFailure("the sources are gone: \(#filePath)") }
    defer { free(resolved) }
    return FilePath(platformString: resolved).removingLastComponent().removingLastComponent().removingLastComponent()
  }()

  /// The scripts that get and start servers.
  package static var servers: FilePath { root.appending("Tests/Servers") }

  /// What `Tests/Servers/prepare` fetched.
  package static var unpackedServers: FilePath { root.appending(".build/servers") }

  /// The program: `FERRY_BINARY`, else the release build in `.build`.
  ///
  /// - Throws: `TestFailure` where there is none.
  package static func ferry() throws -> String {
    let binary = getenv("FERRY_BINARY").map { String(cString: $0) } ?? root.appending(".build/release/ferry").string
    guard access(binary, X_OK) == 0 else {
      throw TestFailure("no program at \(binary): swift build -c release --product ferry, or set FERRY_BINARY")
    }
    return binary
  }
}
