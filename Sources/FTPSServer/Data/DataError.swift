/// Why a data connection is not used, or not to its end.
enum DataError: Error, Hashable, CustomStringConvertible {
  /// Neither EPSV nor PASV, EPRT nor PORT came before.
  case noListener
  /// The client has not connected in time.
  case noConnection
  case handshakeTimeout
  /// The handshake was a full one: nothing proves who connected.
  case notResumed
  /// The client showed another certificate than on the control connection.
  case foreignCertificate
  /// Not a byte moved for too long.
  case stalled
  /// The client said ABOR, or its control connection is gone.
  case interrupted

  var description: String {
    switch self {
    case .noListener: "Use EPSV or PASV first"
    case .noConnection: "No data connection came"
    case .handshakeTimeout: "The TLS handshake of the data connection took too long"
    case .notResumed: "The data connection must resume the TLS session of the control connection"
    case .foreignCertificate: "The data connection must show the certificate of the control connection"
    case .stalled: "Nothing moved for too long"
    case .interrupted: "Interrupted"
    }
  }
}
