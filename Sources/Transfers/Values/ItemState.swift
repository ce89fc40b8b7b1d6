package import FTP

/// What is true of one item now.
package enum ItemState: Hashable, Sendable {
  /// It runs as soon as its turn comes, or a pause between attempts is over.
  case waiting
  /// A job works on it.
  case running
  /// It waits until a person lets it go on.
  case paused
  /// It waits for an answer.
  indirect case needsYou(Question)
  /// It is given up, until a person says to try again.
  case failed(TransferFailure)
  /// It is over there, and that is proved.
  case done(Proof)
  /// It was left out on purpose; why.
  case skipped(String)
  /// A person did not want it any more.
  case cancelled

  /// Whether nothing happens to it any more by itself.
  package var isFinal: Bool {
    switch self {
    case .waiting, .running, .paused, .needsYou: false
    case .failed, .done, .skipped, .cancelled: true
    }
  }
}

/// What a person has to decide before an item can go on.
package enum Question: Hashable, Sendable {
  /// Something stands at the target.
  case conflict(Conflict)
  /// The server needs a password; why, as a sentence, and what it said where it refused the one it got, escaped.
  case credentials(ServerAddress, reason: String, refusal: String?)
  /// No session with the server can be had, for a reason that waiting does not change.
  case server(ServerAddress, reason: String)
  /// The disk, or the quota, that it goes to is full; why, as a sentence.
  case volume(reason: String)

  /// The server that a person has to do something about.
  package var server: ServerAddress? {
    switch self {
    case .conflict, .volume: nil
    case .credentials(let server, _, _), .server(let server, _): server
    }
  }
}

/// Both sides of a question about an existing target.
package struct Conflict: Hashable, Sendable {
  package var source: FileFacts
  package var target: FileFacts

  package init(source: FileFacts, target: FileFacts) {
    self.source = source
    self.target = target
  }
}

/// What is known of one file, to be compared with another one.
package struct FileFacts: Hashable, Sendable {
  /// Bytes.
  package var size: Int64?
  package var modified: Timestamp?
  /// What else tells whether it is the same file: MLSx "unique" (RFC 3659 section 7.5.2), or device and inode.
  package var identity: String?

  package init(size: Int64? = nil, modified: Timestamp? = nil, identity: String? = nil) {
    self.size = size
    self.modified = modified
    self.identity = identity
  }
}

/// Why an item failed for good.
package struct TransferFailure: Hashable, Sendable {
  /// Which exit status of a command it stands for.
  package enum Kind: String, Hashable, Sendable {
    /// Only this item: status 1.
    case item
    /// No connection: status 3.
    case connection
    /// The server is not trusted: status 4.
    case trust
    /// The login was refused: status 5.
    case login
  }

  package var kind: Kind
  /// One sentence for people, escaped.
  package var reason: String

  package init(_ kind: Kind, _ reason: String) {
    self.kind = kind
    self.reason = reason
  }
}
