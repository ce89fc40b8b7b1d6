/// Going on where an earlier attempt ended.
enum Resumption {
  /// Bytes that are compared before any are added: those that end what is there already.
  static let overlap: Int64 = 64 << 10

  /// Why a download cannot go on and has to begin again.
  enum Problem: Equatable {
    /// What is here is not the beginning of the source.
    case otherContent
    /// The server does not start where it is asked to.
    case unableServer

    /// A sentence for people.
    var text: String {
      switch self {
      case .otherContent: "What had come is not the beginning of the source any more, so it starts again."
      case .unableServer: "The server cannot go on in the middle of a file, so it starts again."
      }
    }
  }

  static let sourceHasChanged = "The source has changed since the transfer began, so it starts again."

  /// The largest offset that a server can be trusted with, judged from where it began instead: nil where it is another
  /// file that it sent.
  ///
  /// Known of servers: `REST` ignored; offsets that wrap, or become 0, at 2 or 4 GiB.
  ///
  /// - Parameters:
  ///   - start: where it was to begin.
  ///   - holds: whether what came is what lies at an offset of the part that is here.
  static func limit(start: Int64, holds: (Int64) throws -> Bool) rethrows -> Int64? {
    // Where both explain it, the weaker one: a smaller limit will show itself.
    for bits in [32, 31] {
      let modulus = Int64(1) << bits
      if start >= modulus, try holds(start % modulus) { return modulus - 1 }
    }
    guard try holds(0) else { return nil }
    return start < 1 << 31 ? 0 : start < 1 << 32 ? 1 << 31 - 1 : 1 << 32 - 1
  }
}
