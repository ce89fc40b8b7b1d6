import NIOCore

/// A way to the one data connection that comes next. Used on one event loop.
protocol DataOpening: AnyObject {
  /// The client's connection, whose handshake goes on; asked for once.
  func connection(within time: TimeAmount) async throws(DataError) -> DataHandler

  /// Nothing is awaited any more, and a connection that has come is dropped.
  func cancel()
}
