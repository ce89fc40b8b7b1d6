package import TLS

/// Why a server cannot start.
package enum ServerError: Error, CustomStringConvertible {
  /// The folder to share cannot be opened.
  case folder(String, FileError)
  /// Nobody can listen there, e.g. because the port is taken.
  case listen(address: String, port: Int, any Error)
  /// OpenSSL does not take the certificate or the key.
  case identity(TLSError)
  /// The file of the server's certificate and key cannot be used.
  case identityFile(String, reason: String)
  /// Only TLS is spoken.
  case plaintext

  package var description: String {
    switch self {
    case .folder(let path, let error): "The folder \(path) cannot be shared: \(error.reason)"
    case .listen(let address, let port, let error): "Nothing can listen on \(address), port \(port): \(error)"
    case .identity(let error): "The certificate cannot be used: \(error)"
    case .identityFile(let path, let reason): "The certificate and key in \(path) cannot be used: \(reason)"
    case .plaintext: "The server speaks only TLS, explicit or implicit"
    }
  }
}
