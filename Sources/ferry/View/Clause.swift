extension String {
  /// A sentence as it goes on behind a colon: its first word without its capital, unless it may be a name.
  var asClause: String {
    guard let first = split(separator: " ").first, Self.beginnings.contains(String(first)) else { return self }
    return prefix(1).lowercased() + dropFirst()
  }

  private static let beginnings: Set<String> = [
    "A", "An", "Another", "It", "Its", "No", "Not", "Nothing", "One", "Something", "The", "There", "This", "What",
  ]
}
