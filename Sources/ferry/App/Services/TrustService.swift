/// The certificates that are trusted for good.
protocol TrustService: Sendable {
  func run(_ request: TrustRequest) async throws -> TrustOutcome
}
