internal import COpenSSL

/// Whose signature makes a certificate trusted without a question.
package enum TrustRoots: Hashable, Sendable {
  /// The system's collection, or what `SSL_CERT_FILE` and `SSL_CERT_DIR` name.
  case system
  /// PEM files.
  case files([String])
  case certificates([Certificate])
  /// Nobody's.
  case none

  /// Reads the system's collection, if that is wanted and has not happened: for a thread that has nothing else to do while
  /// the first connection is being made.
  package func prepare() {
    if self == .system { _ = Self.systemStore }
  }

  /// OpenSSL's store, of which the caller frees one reference, and the files that could not be read.
  func makeStore() -> (store: OpaquePointer, unreadable: [String]) {
    if self == .system {
      X509_STORE_up_ref(Self.systemStore)
      return (Self.systemStore, [])
    }
    guard let store = X509_STORE_new() else { preconditionFailure("out of memory") }
    var unreadable: [String] = []
    ErrorQueue.clear()
    switch self {
    case .files(let paths): unreadable = paths.filter { X509_STORE_load_file(store, $0) != 1 }
    case .certificates(let certificates):
      for certificate in certificates { certificate.withX509 { _ = X509_STORE_add_cert(store, $0) } }
    case .system, .none: break
    }
    ErrorQueue.clear()
    return (store, unreadable)
  }

  /// Read once, since that takes 20 ms where all roots are in one file. OpenSSL counts and locks it; hence safe from
  /// every thread.
  private nonisolated(unsafe) static let systemStore: OpaquePointer = {
    guard let store = X509_STORE_new() else { preconditionFailure("out of memory") }
    ErrorQueue.clear()
    X509_STORE_set_default_paths(store)
    ErrorQueue.clear()
    return store
  }()
}
