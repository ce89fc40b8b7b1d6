/// The saved sites.
protocol SiteService: Sendable {
  /// All of them, by name.
  func list() async throws -> [SiteChoice]
  /// Changes one; returns all of them as they are then.
  func change(_ change: SiteChange) async throws -> [SiteChoice]
}
