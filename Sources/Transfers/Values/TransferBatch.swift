/// What the items of one request have in common.
package struct TransferBatch: Hashable, Sendable, Identifiable {
  /// The journal's number for it.
  package struct ID: Hashable, Sendable {
    package var rawValue: Int64
    package init(_ rawValue: Int64) { self.rawValue = rawValue }
  }

  package let id: ID
  package let source: Place
  package let target: Place
  package let operation: TransferRequest.Operation
  /// What happens where a target exists; changed by an answer "for all".
  package var policy: ConflictPolicy
  package let isAttended: Bool
  /// Whether questions about existing targets wait for an answer, also where nobody is there for other ones.
  package let asksConflicts: Bool
  package let followsLinks: Bool
  /// More than the length is proved.
  package let verifies: Bool
  /// Whether what goes to or from a server keeps the permissions of the source.
  package let keepsPermissions: Bool
  /// For ``TransferRequest/Operation/setPermissions``.
  package let change: PermissionChange?
  /// Exactly what a comparison has listed is removed: no item takes anything away but the one file, or the one empty
  /// folder, that it stands for.
  package let removesListed: Bool

  package init(
    id: ID, source: Place, target: Place, operation: TransferRequest.Operation = .copy,
    policy: ConflictPolicy = .ask, isAttended: Bool = true, asksConflicts: Bool? = nil, followsLinks: Bool = false,
    verifies: Bool = false, keepsPermissions: Bool = false, change: PermissionChange? = nil,
    removesListed: Bool = false
  ) {
    self.id = id
    self.source = source
    self.target = target
    self.operation = operation
    self.policy = policy
    self.isAttended = isAttended
    self.asksConflicts = asksConflicts ?? isAttended
    self.followsLinks = followsLinks
    self.verifies = verifies
    self.keepsPermissions = keepsPermissions
    self.change = change
    self.removesListed = removesListed
  }

  package init(id: ID, _ request: TransferRequest) {
    self.init(
      id: id, source: request.source.place, target: request.target.place, operation: request.operation,
      policy: request.onConflict, isAttended: request.isAttended, asksConflicts: request.asksConflicts,
      followsLinks: request.followsLinks, verifies: request.verifies, keepsPermissions: request.keepsPermissions,
      change: request.change, removesListed: request.removesListed)
  }

  /// The same batch for a process in which nobody answers questions but those about existing targets.
  func unattended() -> TransferBatch {
    TransferBatch(
      id: id, source: source, target: target, operation: operation, policy: policy, isAttended: false,
      asksConflicts: true, followsLinks: followsLinks, verifies: verifies, keepsPermissions: keepsPermissions,
      change: change, removesListed: removesListed)
  }

  /// The way that bytes go, seen from here.
  package var direction: Direction {
    switch (source, target) {
    case (.local, .local): .local
    case (.remote, .local): .download
    case (.local, .remote): .upload
    case (.remote, .remote): .betweenServers
    }
  }

  package enum Direction: Hashable, Sendable { case download, upload, local, betweenServers }

  /// What is done to its items where they are; nil where they are transferred.
  var treeTask: TreeTask? {
    switch operation {
    case .copy, .move: nil
    case .delete: .remove
    case .setPermissions: change.map { .setPermissions($0) }
    }
  }

  /// The server that has to be reached; of two the source's.
  var server: Place? {
    if source.server != nil { return source }
    return target.server != nil ? target : nil
  }

  /// A second server that has to be reached.
  var farServer: Place? { source.server != nil && target.server != nil && source != target ? target : nil }

  /// All servers that have to be reached.
  var servers: [Place] { [server, farServer].compactMap(\.self) }
}
