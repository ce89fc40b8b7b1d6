internal import Foundation
internal import GRDB

/// Bytes as SQLite keeps them.
func blob(_ bytes: [UInt8]) -> DatabaseValue { Data(bytes).databaseValue }

/// The same, or NULL.
func blob(_ bytes: [UInt8]?) -> DatabaseValue { bytes.map { blob($0) } ?? .null }

extension Row {
  /// The value of a column. What a damaged database holds instead of it must not end the program: that is thrown.
  func read<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
    try decode(Value.self, forColumn: column)
  }

  /// The bytes of a BLOB.
  func bytes(_ column: String) throws -> [UInt8] { Array(try decode(Data.self, forColumn: column)) }

  /// The same, or nil for NULL.
  func optionalBytes(_ column: String) throws -> [UInt8]? {
    try decode(Data?.self, forColumn: column).map { Array($0) }
  }
}

/// Thrown for a row that makes no sense.
struct SpoiltRow: Error {}

extension Optional {
  /// The value; a row without it makes no sense.
  func orSpoilt() throws -> Wrapped {
    guard let self else { throw SpoiltRow() }
    return self
  }
}
