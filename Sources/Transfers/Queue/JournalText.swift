import FTP
import Storage

/// "key=value key=value": what the database keeps for the queue without looking at it. Values hold no spaces.
struct Fields {
  private(set) var text = ""
  private var values: [Substring: Substring] = [:]

  init() {}

  init(_ text: String) {
    self.text = text
    for field in text.split(separator: " ") {
      let parts = field.split(separator: "=", maxSplits: 1)
      if parts.count == 2 { values[parts[0]] = parts[1] }
    }
  }

  mutating func add(_ key: String, _ value: some CustomStringConvertible) {
    text += (text.isEmpty ? "" : " ") + "\(key)=\(value)"
  }

  subscript(key: Substring) -> String? { values[key].map(String.init) }
}

/// A batch as the database keeps it.
struct BatchText {
  let text: String
  private let fields: Fields

  init(_ batch: TransferBatch) {
    var fields = Fields()
    fields.add("operation", batch.removesListed ? Self.listedRemoval : batch.operation.rawValue)
    fields.add("policy", batch.policy.rawValue)
    fields.add("attended", batch.isAttended)
    fields.add("links", batch.followsLinks)
    if batch.verifies { fields.add("verify", true) }
    if batch.keepsPermissions { fields.add("modes", true) }
    if let change = batch.change { fields.add("permissions", change.journaled) }
    self.fields = fields
    text = fields.text
  }

  /// Not "delete": a version that does not know it must not take its folders for trees.
  private static let listedRemoval = "delete-listed"

  /// Nil for the batch of another program.
  init?(_ text: String) {
    fields = Fields(text)
    self.text = text
    if fields["operation"] == nil { return nil }
  }

  /// The batch that an entry is part of.
  func batch(_ id: TransferBatch.ID, _ entry: JournalEntry) -> TransferBatch? {
    let removesListed = fields["operation"] == Self.listedRemoval
    guard
      let operation = removesListed ? .delete : fields["operation"].flatMap(TransferRequest.Operation.init(rawValue:)),
      let policy = fields["policy"].flatMap(ConflictPolicy.init(rawValue:))
    else { return nil }
    // A batch that comes back after its command has ended has nobody to ask but the person at the screen.
    return TransferBatch(
      id: id, source: Place(entry.source), target: Place(entry.destination), operation: operation, policy: policy,
      isAttended: true, followsLinks: fields["links"] == "true", verifies: fields["verify"] == "true",
      keepsPermissions: fields["modes"] == "true",
      change: fields["permissions"].flatMap(PermissionChange.init(journaled:)), removesListed: removesListed)
  }
}

extension Place {
  init(_ place: JournalEntry.Place) { self = place.server.map(Place.remote) ?? .local }
}

extension TransferRequest {
  /// For people.
  var title: String {
    guard let first = entries.first else { return "" }
    let name = SafeText.escape(first.name.bytes)
    return entries.count == 1 ? name : "\(name) and \(entries.count - 1) more"
  }
}

extension JournalEntry {
  init(_ item: NewItem, _ batch: TransferBatch) {
    self.init(
      Operation(batch.operation), item.kind == .folder ? .folder : .file,
      from: Place(server: batch.source.server, path: item.source.bytes),
      to: Place(server: batch.target.server, path: item.target.bytes), size: item.size, modified: item.modified,
      sourceIdentity: item.identity,
      options: TransferItem.options(
        kind: item.kind, depth: item.depth, token: item.token, collides: item.collides, stage: item.stage,
        permissions: item.permissions,
        expected: item.expected),
      priority: item.priority.rawValue, position: item.position == TransferItem.behindAll ? nil : item.position)
  }
}

extension JournalEntry.Operation {
  init(_ operation: TransferRequest.Operation) {
    self =
      switch operation {
      case .copy: .copy
      case .move: .move
      case .delete: .delete
      case .setPermissions: .setPermissions
      }
  }
}

extension TransferItem {
  static func options(
    kind: Kind, depth: Int, token: UInt64, collides: Bool, stage: Stage = .transfer, answer: ConflictPolicy? = nil,
    handover: Proof? = nil, permissions: UInt16? = nil, newName: FileName? = nil, expected: FileFacts? = nil,
    hasAside: Bool = false
  ) -> String {
    var fields = Fields()
    fields.add("kind", kind.rawValue)
    fields.add("depth", depth)
    fields.add("token", String(token, radix: 16))
    if collides { fields.add("collides", true) }
    if stage != .transfer { fields.add("stage", stage.rawValue) }
    if let answer { fields.add("answer", answer.rawValue) }
    if let permissions { fields.add("mode", String(permissions, radix: 8)) }
    if let newName { fields.add("name", newName.bytes.hexadecimal) }
    if let expected { fields.add("expected", expected.journaled) }
    if hasAside { fields.add("aside", true) }
    if let handover { fields.add("handover", handover.journaled.replacing(" ", with: ",")) }
    return fields.text
  }

  var options: String {
    Self.options(
      kind: kind, depth: depth, token: token, collides: collides, stage: stage, answer: answer, handover: handover,
      permissions: permissions, newName: newName, expected: expected, hasAside: hasAside)
  }

  /// Nil for an item that this queue did not put there, or that another process works on.
  init?(_ item: JournalItem) {
    let fields = Fields(item.entry.options ?? "")
    guard let kind = fields["kind"].flatMap(Kind.init(rawValue:)), let depth = fields["depth"].flatMap({ Int($0) }),
      let token = fields["token"].flatMap({ UInt64($0, radix: 16) }), item.state != .running, item.worker == nil
    else { return nil }
    let source = ItemPath(bytes: item.entry.source.path)
    let target = ItemPath(bytes: item.entry.destination.path)
    guard source.isSound(depth: depth, isRemote: item.entry.source.server != nil),
      target.isSound(depth: depth, isRemote: item.entry.destination.server != nil)
    else { return nil }
    self.init(
      id: ID(item.id), batch: TransferBatch.ID(item.batch), parent: item.entry.parent.map { ID($0) }, kind: kind,
      source: source, target: target, depth: depth, size: item.entry.size.flatMap { $0 < 0 ? nil : $0 },
      modified: item.entry.modified,
      identity: item.entry.sourceIdentity, token: token, state: ItemState(item),
      priority: Priority(rawValue: item.entry.priority) ?? .normal, position: item.position)
    stage = fields["stage"].flatMap(Stage.init(rawValue:)) ?? .transfer
    collides = fields["collides"] == "true"
    hasAside = fields["aside"] == "true"
    answer = fields["answer"].flatMap(ConflictPolicy.init(rawValue:))
    permissions = fields["mode"].flatMap { UInt16($0, radix: 8) }.map { $0 & 0o7777 }
    expected = fields["expected"].flatMap(FileFacts.init(journaled:))
    handover = fields["handover"].map { Proof(journaled: $0.replacing(",", with: " "), size: size) }
    if let name = fields["name"].flatMap([UInt8].init(hexadecimal:)).flatMap({ try? FileName($0) }) {
      newName = name
      self.target = target.renamed(name)
    }
    bytes = max(0, item.bytesDone)
  }
}

extension OutsideChange {
  init(_ item: JournalItem) {
    let wish: Wish? =
      switch item.state {
      case .waiting: .goOn
      case .paused: .pause
      case .cancelled: .cancel
      case .running, .needsYou, .failed, .done, .skipped: nil
      }
    let priority = Priority(rawValue: item.entry.priority) ?? .normal
    self.init(ItemRank(TransferItem.ID(item.id), priority, item.position), wish)
  }
}

extension ItemState {
  init(_ item: JournalItem) {
    switch item.state {
    // A question is asked again when its turn comes: what it was about may have changed.
    case .waiting, .running, .needsYou: self = .waiting
    case .paused: self = .paused
    case .failed: self = .failed(TransferFailure(journaled: item.detail ?? ""))
    case .done: self = .done(Proof(journaled: item.detail ?? "", size: item.entry.size))
    case .skipped: self = .skipped(item.detail ?? "")
    case .cancelled: self = .cancelled
    }
  }
}

extension TransferFailure {
  var journaled: String { "\(kind.rawValue) \(reason)" }

  package init(journaled text: String) {
    let parts = text.split(separator: " ", maxSplits: 1)
    let kind = parts.first.flatMap { Kind(rawValue: String($0)) }
    self.init(kind ?? .item, parts.count == 2 ? String(parts[1]) : text)
  }
}

extension JournalUpdate {
  init(_ item: TransferItem) {
    let outcome: Outcome =
      switch item.state {
      case .waiting: .waiting(reason: item.problem)
      case .running: .running
      case .paused: .paused
      case .needsYou: .needsYou(question: "")
      case .failed(let failure): .failed(reason: failure.journaled)
      case .done(let proof): .done(proof: proof.journaled)
      case .skipped(let reason): .skipped(reason: reason)
      case .cancelled: .cancelled
      }
    self.init(item, outcome)
  }

  init(_ item: TransferItem, _ outcome: Outcome) {
    self.init(
      item.id.rawValue, outcome, bytesDone: item.bytes,
      part: item.leavesPart ? .named(item.partName.bytes) : .unchanged,
      size: item.size, modified: item.modified,
      sourceIdentity: item.identity,
      attempts: item.attempts, options: item.options)
  }
}
