/// What is known of a listing besides its entries.
package struct ListingSummary: Equatable, Sendable {
  /// How many entries came out.
  package var entries = 0
  /// How many lines were not understood, or held a name that is no single path component.
  package var unparsed = 0
  /// How many of those were refused for their name: it holds a "/" or a NUL byte.
  package var refusedNames = 0
  /// The first `sampleLimit` of the unparsed lines, each cut after `sampleLength` bytes: foreign bytes, as they came.
  package var samples: [[UInt8]] = []
  /// Whether there was anything of a folder: an entry, or its ".", which even an empty one has where all is shown.
  package var showsFolder = false
  /// Whether a limit cut the listing.
  package var isTruncated = false
  /// What the listing looked like, such as "Unix"; nil where nothing was understood.
  package var dialect: String?

  package static let sampleLimit = 8
  package static let sampleLength = 512

  package init() {}
}

/// What a server may make a client hold.
package struct ListingLimits: Equatable, Sendable {
  package var entries = 1_000_000
  package var bytes = 512 << 20
  /// A longer line counts as unparsed.
  package var lineLength = 1 << 16

  package init() {}
}
