import FTP
import Storage
import SystemPackage
import TLS

/// Certificates in files that the owner of a server names.
enum ServerAuthorityFile {
  /// Trusts the authorities in a PEM file from now on.
  ///
  /// - Throws: ``UsageProblem`` for a file that holds anything else.
  static func trust(_ file: FilePath, in state: ServerState) throws {
    let name = SafeText.escape(file.string)
    let certificates = try certificates(in: file, option: "--trust-authority")
    if let other = certificates.first(where: { !$0.details.isAuthority }) {
      throw UsageProblem(
        "--trust-authority: \(name) holds \(SafeText.escape("\(other.details.subject)")), which may sign nothing; "
          + "trust a single client with ferry serve clients trust FILE.")
    }
    for certificate in certificates { try state.authorities.add(certificate) }
  }

  /// - Throws: ``UsageProblem``.
  static func certificates(in file: FilePath, option: String) throws -> [Certificate] {
    let name = SafeText.escape(file.string)
    do {
      guard let bytes = try PrivateFile.read(file, isSecret: false) else {
        throw UsageProblem("\(option): there is no file \(name).")
      }
      return try Certificate.pem(bytes)
    } catch let error as TLSError {
      throw UsageProblem("\(option): \(name) holds no certificates in PEM form: \(error).")
    } catch let error as StorageError {
      throw UsageProblem("\(option): \(error)")
    }
  }
}
