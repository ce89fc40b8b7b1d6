internal import Glibc
package import SystemPackage

/// Where Ferry keeps its things. Making the value touches no file.
package struct Home: Hashable, Sendable {
  /// A folder below which only Ferry writes.
  package enum Folder: CaseIterable, Sendable {
    /// Settings, keys and themes, which people edit.
    case configuration
    case themes
    /// The database.
    case data
    /// Client certificates and their keys.
    case identities
    /// Signing authorities and what they signed.
    case authorities
    /// What `ferry serve` keeps: its certificate and key, its users, and what was decided about clients.
    case server
    /// The log.
    case state
    /// Copies of remote files that are being edited, or whose way back is not over.
    case edits
  }

  private let configuration: FilePath
  private let data: FilePath
  private let state: FilePath
  /// Whether all of it lies in one folder that the user chose.
  private let isPortable: Bool

  /// The folders that the environment names: all in `FERRY_HOME` where that is set, else `ferry` in each of
  /// `XDG_CONFIG_HOME`, `XDG_DATA_HOME` and `XDG_STATE_HOME`, or in what the XDG specification says for those.
  /// As it demands, their relative values are ignored; a relative `FERRY_HOME` starts at the current folder.
  ///
  /// - Throws: `StorageError.noHome`.
  package init(environment: [String: String]) throws(StorageError) {
    if let chosen = environment["FERRY_HOME"], !chosen.isEmpty {
      self.init(folder: FilePath(chosen))
      return
    }
    func base(_ variable: String, _ usual: FilePath) throws(StorageError) -> FilePath {
      if let named = environment[variable].map({ FilePath($0) }), named.isAbsolute { return named }
      if let home = environment["HOME"].map({ FilePath($0) }), home.isAbsolute { return home.pushing(usual) }
      guard let entry = getpwuid(geteuid()), let home = entry.pointee.pw_dir else { throw .noHome }
      return FilePath(platformString: home).pushing(usual)
    }
    self.init(
      configuration: try base("XDG_CONFIG_HOME", ".config").appending("ferry"),
      data: try base("XDG_DATA_HOME", ".local/share").appending("ferry"),
      state: try base("XDG_STATE_HOME", ".local/state").appending("ferry"), isPortable: false)
  }

  /// The same for the environment of this process.
  package init() throws(StorageError) {
    var environment: [String: String] = [:]
    for name in ["FERRY_HOME", "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
      if let value = getenv(name) { environment[name] = String(cString: value) }
    }
    try self.init(environment: environment)
  }

  /// Everything in one folder.
  package init(folder: FilePath) {
    let folder = folder.isAbsolute ? folder.lexicallyNormalized() : Self.current.pushing(folder).lexicallyNormalized()
    self.init(configuration: folder, data: folder, state: folder, isPortable: true)
  }

  private init(configuration: FilePath, data: FilePath, state: FilePath, isPortable: Bool) {
    self.configuration = configuration
    self.data = data
    self.state = state
    self.isPortable = isPortable
  }

  /// Where a folder is, or will be.
  package func path(of folder: Folder) -> FilePath {
    switch folder {
    case .configuration: configuration
    case .themes: configuration.appending("themes")
    case .data: data
    case .identities: data.appending("identities")
    case .authorities: data.appending("authorities")
    case .server: data.appending("serve")
    case .state: state
    case .edits: state.appending("edits")
    }
  }

  package var settings: FilePath { configuration.appending("config.toml") }
  package var keys: FilePath { configuration.appending("keys.toml") }
  package var database: FilePath { data.appending("ferry.db") }
  package var log: FilePath { state.appending("ferry.log") }

  /// Makes a folder, mode 0700, and those above it; or checks the one that is there: it is ours, and so is the link
  /// that leads to it. Permissions of others are taken away from Ferry's own folders. The folder that `FERRY_HOME`
  /// names may be one with other things in it and is left as it is, but nobody else may write there.
  ///
  /// - Returns: its path.
  /// - Throws: `StorageError`: `foreignOwner`, `openToOthers`, `wrongKind` or `system`.
  @discardableResult
  package func prepare(_ folder: Folder) throws(StorageError) -> FilePath {
    let path = path(of: folder)
    switch folder {
    case .themes: try prepare(.configuration)
    case .identities, .authorities, .server: try prepare(.data)
    case .edits: try prepare(.state)
    case .configuration, .data, .state: try PrivateFolder.makeParents(of: path)
    }
    let isChosen = isPortable && [.configuration, .data, .state].contains(folder)
    try PrivateFolder.prepare(path, tightening: !isChosen)
    return path
  }

  private static var current: FilePath {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return FilePath(platformString: path)
  }
}
