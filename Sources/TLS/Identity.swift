/// A certificate with its key: what one side shows to the other. The certificates that lead to the issuer follow it.
package struct Identity: Sendable {
  /// The own certificate first; never empty.
  package let chain: [Certificate]
  package let key: PrivateKey

  /// Throws `TLSError.keyMismatch` when the key is not that of the first certificate.
  package init(chain: [Certificate], key: PrivateKey) throws(TLSError) {
    guard let leaf = chain.first else { throw .malformed("certificate chain") }
    guard key.matches(leaf) else { throw .keyMismatch }
    self.chain = chain
    self.key = key
  }
}
