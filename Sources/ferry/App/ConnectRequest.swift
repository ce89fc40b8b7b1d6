import FTP

/// What a person asked to be connected to.
struct ConnectRequest: Hashable, Sendable {
  var server: ServerAddress
  /// Nil where none was given: it is asked for if the server wants one.
  var password: SecretBox?
  /// The client certificate to show, by its name; nil for the one that the site or the command line names.
  var identity: String?
  /// The folder to show; nil for where the server puts the user.
  var folder: RemotePath?

  /// Reads what was typed: an address, or a host that may have a port and a folder, which `mode` is meant for.
  init(_ text: String, mode: TLSMode) throws(FTPError) {
    let address = try FTPAddress(FTPAddress.looksLikeAddress(text) ? text : "\(mode.scheme)://\(text)")
    server = address.server
    password = address.password.map(SecretBox.init)
    folder = address.path
  }

  init(
    server: ServerAddress, password: SecretBox? = nil, identity: String? = nil, folder: RemotePath? = nil
  ) {
    self.server = server
    self.password = password
    self.identity = identity
    self.folder = folder
  }
}

/// A password within values that are compared and hashed; its hash says nothing about it.
struct SecretBox: Hashable, Sendable {
  let secret: Secret

  init(_ secret: Secret) { self.secret = secret }

  func hash(into hasher: inout Hasher) {}
}
