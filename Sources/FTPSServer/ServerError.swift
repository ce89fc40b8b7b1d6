import FTP
import Glibc
import NIOCore
import SystemPackage
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
  /// The server's key is encrypted.
  case passphraseNeeded
  case wrongPassphrase
  /// Only TLS is spoken.
  case plaintext

  package var description: String {
    switch self {
    case .folder(let path, let error): "The folder \(SafeText.escape(path)) cannot be shared: \(error.reason)"
    case .listen(let address, let port, let error):
      "Nothing can listen on \(address), port \(port): \(Self.reason(error))"
    case .identity(let error): "The certificate cannot be used: \(error)"
    case .identityFile(let path, let reason):
      "The certificate and key in \(SafeText.escape(path)) cannot be used: \(reason)"
    case .passphraseNeeded: "The server's key needs its passphrase"
    case .wrongPassphrase: "The passphrase does not open the server's key"
    case .plaintext: "The server speaks only TLS, explicit or implicit"
    }
  }

  /// The words of the system, without those of the library between.
  private static func reason(_ error: any Error) -> String {
    guard let error = error as? IOError else { return "\(error)" }
    return switch error.errnoCode {
    case EADDRINUSE: "another program uses it already"
    case EACCES: "ports below 1024 are for the system's own services"
    case EADDRNOTAVAIL: "this machine has no such address"
    default: Errno(rawValue: error.errnoCode).description
    }
  }
}
