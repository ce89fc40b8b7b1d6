/// A command line that cannot be carried out, with the sentence that says why and what to write instead.
struct UsageProblem: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// One thing that was asked for and cannot be done; the others can.
struct ItemProblem: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A certificate was not accepted, as a sentence.
struct NotTrusted: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
