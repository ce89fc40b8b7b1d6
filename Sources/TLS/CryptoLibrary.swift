internal import COpenSSL

/// OpenSSL as a whole.
package enum CryptoLibrary {
  /// To be called before anything else of this module by a program that ends while other threads run: OpenSSL would
  /// take down at `exit(3)` what those threads are using, and they would crash. The system takes all of it back anyway.
  package static func staysUntilTheEnd() {
    OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
  }
}
