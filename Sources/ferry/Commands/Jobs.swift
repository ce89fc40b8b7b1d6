import ArgumentParser

/// How many files are transferred at the same time (`--jobs`).
enum Jobs {
  static let usual = 3
  static let range = 1...16

  static func check(_ jobs: Int?) throws {
    guard let jobs, !range.contains(jobs) else { return }
    throw ValidationError("--jobs takes a number from \(range.lowerBound) to \(range.upperBound).")
  }
}
