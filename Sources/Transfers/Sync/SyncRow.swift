package import FTP

/// One difference between two trees, or one thing that is equal on both sides, with what is to be done about it.
package struct SyncRow: Hashable, Sendable {
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case copyRight = "copy-right"
    case copyLeft = "copy-left"
    case deleteRight = "delete-right"
    case deleteLeft = "delete-left"
    /// Nothing is done before a person has decided.
    case conflict
    case equal
    /// Left as it is; the reason says why.
    case leave
  }

  /// The names from the top of both trees down; never empty.
  package var path: [FileName]
  package var isFolder: Bool
  /// What is there on each side.
  package var left: ListingEntry?
  package var right: ListingEntry?
  package var action: Action
  /// Why, as a few words for people.
  package var reason: String
  /// Something could not be found out, so that the comparison is not whole.
  package var isProblem: Bool
  /// ``TransferItem/collides``
  package var collides = false

  package init(
    _ path: [FileName], isFolder: Bool = false, left: ListingEntry? = nil, right: ListingEntry? = nil,
    _ action: Action, _ reason: String, isProblem: Bool = false
  ) {
    self.path = path
    self.isFolder = isFolder
    self.left = left
    self.right = right
    self.action = action
    self.reason = reason
    self.isProblem = isProblem
  }

  /// What a person may choose instead, this one first. A folder goes with what is in it, so its own row has no choice,
  /// nor has one of which it is not known what stands on the other side.
  package var choices: [Action] {
    if isFolder || isProblem { return [action] }
    var choices: [Action] =
      switch (left, right) {
      case (.some, .some): [.copyRight, .copyLeft, .leave]
      case (.some, nil): [.copyRight, .deleteLeft, .leave]
      case (nil, .some): [.copyLeft, .deleteRight, .leave]
      case (nil, nil): [.leave]
      }
    if let index = choices.firstIndex(of: action) {
      choices = Array(choices[index...] + choices[..<index])
    } else {
      choices.insert(action, at: 0)
    }
    return choices
  }

  /// "a/b/c", as bytes.
  package var pathBytes: [UInt8] { Array(path.map(\.bytes).joined(separator: [UInt8(ascii: "/")])) }
}
