/// Client certificates on the disk. What they are comes through the inbox (`AppEvent.identitiesChanged`).
protocol IdentityService: Sendable {
  /// Does something with them, and tells the new state. Throws a `Complaint` where it came to nothing.
  func run(_ task: IdentityTask) async throws
  /// Nil: nobody gives one.
  func answerPassphrase(_ id: Int, _ passphrase: SecretBox?) async
}
