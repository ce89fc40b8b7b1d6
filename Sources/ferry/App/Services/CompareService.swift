import Transfers

/// Compares two folders, and makes them alike.
protocol CompareService: Sendable {
  /// The rows of a comparison both ways, which deletes nothing by itself.
  func compare(_ left: Place, _ right: Place, _ comparison: SyncRules.Comparison) async throws -> [SyncRow]
  /// Copies through the queue; what is to be deleted is, once all copies are proved. Returns when all is done.
  func synchronize(_ rows: [SyncRow], _ left: Place, _ right: Place) async throws
}
