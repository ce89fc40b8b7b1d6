/// One row of the queue: what is to be done, and how far that has come.
package struct JournalItem: Hashable, Sendable, Identifiable {
  /// Where an item stands.
  package enum State: UInt8, Hashable, Sendable, CaseIterable {
    /// Nobody works on it; whoever comes first takes it, not before `notBefore`.
    case waiting
    /// A worker has claimed it.
    case running
    /// The user stopped it.
    case paused
    /// It waits for an answer to the question in `detail`.
    case needsYou
    /// It was given up; `detail` says why.
    case failed
    /// It is complete; `detail` says how that was proved.
    case done
    /// A rule or an answer left it out.
    case skipped
    /// The user gave it up.
    case cancelled

    /// Nothing more will happen to it by itself, and the user can clear it away.
    package var isFinished: Bool {
      switch self {
      case .done, .skipped, .cancelled: true
      case .waiting, .running, .paused, .needsYou, .failed: false
      }
    }
  }

  /// Rises with each item, and is never used again.
  package let id: Int64
  package let batch: JournalBatch.ID
  package var entry: JournalEntry
  package var state: State
  /// A reason, a question or a proof, in the form in which the worker gave it.
  package var detail: String?
  /// As of the last checkpoint; for showing only. How much is there, the file at the far end knows.
  package var bytesDone: Int64
  /// The file under which an unfinished target lies beside its final name; nil: there is none.
  package var partName: [UInt8]?
  /// Lower goes first among items of one priority.
  package var position: Double
  /// How often it was tried in vain.
  package var attempts: Int
  /// Seconds since 1970; 0: at once.
  package var notBefore: Int64
  /// Seconds since 1970.
  package let created: Int64
  package var changed: Int64
  /// Who works on it, while it is running.
  package var worker: JournalWorker.ID?

  package init(
    id: Int64, batch: JournalBatch.ID, entry: JournalEntry, state: State = .waiting, detail: String? = nil,
    bytesDone: Int64 = 0, partName: [UInt8]? = nil, position: Double = 0, attempts: Int = 0,
    notBefore: Int64 = 0, created: Int64 = 0, changed: Int64 = 0, worker: JournalWorker.ID? = nil
  ) {
    self.id = id
    self.batch = batch
    self.entry = entry
    self.state = state
    self.detail = detail
    self.bytesDone = bytesDone
    self.partName = partName
    self.position = position
    self.attempts = attempts
    self.notBefore = notBefore
    self.created = created
    self.changed = changed
    self.worker = worker
  }
}

/// What was queued together; answers "for all" belong to it.
package struct JournalBatch: Hashable, Sendable, Identifiable {
  package let id: Int64
  /// For people.
  package let title: String
  /// JSON, in the form in which who runs the queue gave it; "{}" at first.
  package let answers: String
  /// Seconds since 1970.
  package let created: Int64

  package init(
    id: Int64, title: String = "", answers: String = "{}", created: Int64 = 0
  ) {
    self.id = id
    self.title = title
    self.answers = answers
    self.created = created
  }
}

/// A running copy that works on the queue. Its claims are void when it ends in any way.
package struct JournalWorker: Hashable, Sendable, Identifiable {
  package let id: Int64
  /// What it has queued is its own, also while that waits, is paused or needs an answer, until it is over or the worker
  /// ends.
  package let isExclusive: Bool

  package init(id: Int64, isExclusive: Bool = false) {
    self.id = id
    self.isExclusive = isExclusive
  }
}
