package import FTP

/// What a worker has to say about one of its items. What is nil stays as it is.
package struct JournalUpdate: Hashable, Sendable {
  /// What becomes of the item. All but `running` end the claim.
  package enum Outcome: Hashable, Sendable {
    /// The worker goes on with it; only the other facts are noted.
    case running
    /// Somebody takes it up again, at the earliest at `notBefore` (seconds since 1970).
    case waiting(notBefore: Int64 = 0, reason: String? = nil)
    case paused
    /// It waits for an answer; the question is not interpreted.
    case needsYou(question: String)
    case failed(reason: String)
    /// Complete; its part file has become the target.
    case done(proof: String? = nil)
    case skipped(reason: String? = nil)
    case cancelled
  }

  /// What becomes of the note about a part file.
  package enum Part: Hashable, Sendable {
    case unchanged
    /// To be noted before the file is made.
    case named([UInt8])
    /// To be noted after it was removed or renamed.
    case gone
  }

  package var id: JournalItem.ID
  package var outcome: Outcome
  package var bytesDone: Int64?
  package var part: Part
  package var size: Int64?
  package var modified: Timestamp?
  package var sourceIdentity: String?
  package var attempts: Int?
  package var options: String?

  package init(
    _ id: JournalItem.ID, _ outcome: Outcome = .running, bytesDone: Int64? = nil, part: Part = .unchanged,
    size: Int64? = nil, modified: Timestamp? = nil, sourceIdentity: String? = nil, attempts: Int? = nil,
    options: String? = nil
  ) {
    self.id = id
    self.outcome = outcome
    self.bytesDone = bytesDone
    self.part = part
    self.size = size
    self.modified = modified
    self.sourceIdentity = sourceIdentity
    self.attempts = attempts
    self.options = options
  }
}

extension JournalUpdate.Outcome {
  var state: JournalItem.State {
    switch self {
    case .running: .running
    case .waiting: .waiting
    case .paused: .paused
    case .needsYou: .needsYou
    case .failed: .failed
    case .done: .done
    case .skipped: .skipped
    case .cancelled: .cancelled
    }
  }

  var detail: String? {
    switch self {
    case .running, .paused, .cancelled: nil
    case .waiting(_, let reason), .skipped(let reason): reason
    case .needsYou(let question): question
    case .failed(let reason): reason
    case .done(let proof): proof
    }
  }

  var notBefore: Int64 {
    if case .waiting(let time, _) = self { time } else { 0 }
  }
}
