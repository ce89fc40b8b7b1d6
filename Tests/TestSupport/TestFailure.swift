/// What a part of the tests' own machinery could not do. Thrown, so that the test fails and says why.
package struct TestFailure: Error, CustomStringConvertible {
  /// One sentence or more; may hold a server's log.
  package let description: String

  /// A failure with its text.
  package init(_ description: String) { self.description = description }
}

/// `text` as one word of a POSIX shell command.
package func shellQuoted(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
