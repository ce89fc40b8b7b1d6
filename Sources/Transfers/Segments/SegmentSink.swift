import FTPSClient
import NIOCore
import Synchronization

/// Takes one segment out of a download that goes on to the end of the file.
///
/// First it compares what is in the file already, then it keeps the segment's own bytes, then it looks at some of what
/// follows: that has to be what the next segment begins with, so that a server which does not start where it was asked
/// to is found out. Then it ends the download.
final class SegmentSink: ByteSink {
  /// All that was wanted has come.
  struct Enough: Error {}

  private struct State {
    /// Of what is in the file already: what has not come once more.
    var expected: ArraySlice<UInt8>
    var following: [UInt8] = []
  }

  private let part: SegmentedPart
  private let id: Int
  private let size: Int64
  private let file: PartFile
  private let state: Mutex<State>

  /// - Parameters:
  ///   - expected: what the server sends first, as it is in the file.
  ///   - file: takes the segment's own bytes.
  init(_ expected: [UInt8], segment id: Int, of part: SegmentedPart, to file: PartFile) {
    self.part = part
    self.id = id
    self.file = file
    size = part.plan.size
    state = Mutex(State(expected: expected[...]))
  }

  /// What came behind the segment.
  var following: [UInt8] { state.withLock { $0.following } }

  func write(_ bytes: ByteBuffer) async throws {
    var bytes = bytes
    try state.withLock { state in
      let again = bytes.readBytes(length: min(state.expected.count, bytes.readableBytes)) ?? []
      guard state.expected.starts(with: again) else { throw SegmentProblem.otherContent }
      state.expected = state.expected.dropFirst(again.count)
    }
    let own = part.received(bytes.readableBytes, for: id)
    if own > 0, let slice = bytes.readSlice(length: own) { try await file.write(slice) }
    part.wrote(id, upTo: file.length)
    try await part.recordSometimes()
    if bytes.readableBytes > 0 { try look(at: &bytes) }
  }

  private func look(at bytes: inout ByteBuffer) throws {
    let end = part.plan[id].end
    if end == size { throw TransferError.lengthDiffers(expected: size, found: size + Int64(bytes.readableBytes)) }
    let wanted = Int(min(Resumption.overlap, size - end))
    let isEnough = state.withLock { state in
      state.following += bytes.readBytes(length: min(wanted - state.following.count, bytes.readableBytes)) ?? []
      return state.following.count == wanted
    }
    if isEnough { throw Enough() }
  }
}

/// Why a file cannot come in segments.
enum SegmentProblem: Error {
  /// What came does not fit to what is there.
  case otherContent
  /// The server does not begin in the middle of a file.
  case noRestart

  /// A sentence for people.
  var text: String {
    switch self {
    case .otherContent: Resumption.Problem.otherContent.text
    case .noRestart: Resumption.Problem.unableServer.text
    }
  }
}
