import Glibc

/// How much of a sweep is run: a sample unless `Tests/Sweeps/run` asks for more through the environment.
enum Sweep {
  /// Rounds of the sweep that runs now.
  static func rounds(_ name: String, sample: Int) -> Int { number("FERRY_SWEEP_\(name)") ?? sample }

  /// What all of its chance comes from; printed, so that a failure can be played again with `FERRY_SWEEP_SEED`.
  static let seed: UInt64 = number("FERRY_SWEEP_SEED").map { UInt64($0) } ?? .random(in: 1...999_999)

  private static func number(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }

  /// The figures, for whoever ran it.
  static func report(_ line: String) {
    print("sweep: \(line)")
    fflush(nil)
  }
}
