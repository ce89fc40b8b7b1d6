internal import Foundation
internal import GRDB

/// Bytes as SQLite keeps them.
func blob(_ bytes: [UInt8]) -> DatabaseValue { Data(bytes).databaseValue }

/// The same, or NULL.
func blob(_ bytes: [UInt8]?) -> DatabaseValue { bytes.map { blob($0) } ?? .null }

extension Row {
  /// The bytes of a BLOB; empty for anything else.
  func bytes(_ column: String) -> [UInt8] { optionalBytes(column) ?? [] }

  /// The bytes of a BLOB; nil for anything else.
  func optionalBytes(_ column: String) -> [UInt8]? {
    guard case .blob(let data) = (self[column] as DatabaseValue).storage else { return nil }
    return Array(data)
  }
}
