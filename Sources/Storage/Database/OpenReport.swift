internal import FTP
package import SystemPackage

/// What was found when the database was opened.
package enum OpenReport: Hashable, Sendable {
  /// There was none; it is empty now.
  case created
  /// It was there and is whole.
  case opened
  /// It could not be used. It is kept under another name, and an empty one took its place.
  case replaced(kept: FilePath, because: Damage)

  /// Why a database cannot be used.
  package enum Damage: Hashable, Sendable {
    /// No byte is left in it.
    case empty
    /// It is no SQLite database.
    case notADatabase
    /// A part is missing or makes no sense; what SQLite says about it.
    case damaged(String)
    /// A whole database, but not of Ferry's making, or without tables that it must have.
    case foreign
    /// A later version of Ferry made it.
    case newer
  }

  /// What the user has to know, in a sentence or two; nil where there is nothing to say.
  package var notice: String? {
    guard case .replaced(let kept, let damage) = self else { return nil }
    let name = SafeText.escape(kept.string)
    return
      "The database \(damage.description). It is kept as \(name); trusted certificates, sites and the queue start empty."
  }
}

extension OpenReport.Damage: CustomStringConvertible {
  /// Continues "The database".
  package var description: String {
    switch self {
    case .empty: "was empty"
    case .notADatabase: "was no database"
    case .damaged(let reason): "was damaged (\(SafeText.escape(reason)))"
    case .foreign: "was not made by Ferry"
    case .newer: "was made by a newer Ferry"
    }
  }
}
