/// What happens to a file whose target exists, by how both compare: one action for each pair of an age and a size.
package struct ConflictTable: Hashable, Sendable {
  /// The source compared with the target.
  package enum Age: Int, Hashable, Sendable, CaseIterable { case newer, same, older }
  /// The source compared with the target.
  package enum Size: Int, Hashable, Sendable, CaseIterable { case larger, same, smaller }

  /// What may be done. The raw value is its letter in the text form.
  package enum Action: Character, Hashable, Sendable, CaseIterable {
    case ask = "a"
    case overwrite = "o"
    /// What is there is taken for the beginning of the source; only where the source is larger.
    case resume = "c"
    case rename = "n"
    case skip = "s"
  }

  private var actions: [Action]

  /// The same action everywhere.
  package init(_ action: Action = .ask) { actions = Array(repeating: action, count: Self.cells) }

  /// Overwritten where the source is newer, or as old and of another size; what is newer there stays.
  package static let newerOrDifferentSize = {
    var table = ConflictTable(.skip)
    for size in Size.allCases { table[.newer, size] = .overwrite }
    table[.same, .larger] = .overwrite
    table[.same, .smaller] = .overwrite
    return table
  }()

  package subscript(age: Age, size: Size) -> Action {
    get { actions[Self.index(age, size)] }
    set { actions[Self.index(age, size)] = newValue }
  }

  /// What it says about two files. Where an age or a size is not known, it has to be the same for all of them, or a
  /// person is asked.
  func action(_ age: Age?, _ size: Size?) -> Action {
    let ages = age.map { [$0] } ?? Age.allCases
    let sizes = size.map { [$0] } ?? Size.allCases
    let possible = Set(ages.flatMap { age in sizes.map { self[age, $0] } })
    return possible.count == 1 ? possible.first ?? .ask : .ask
  }

  // MARK: Text

  /// Nine letters: newer, same age and older, each with larger, same size and smaller.
  package var text: String { String(actions.map(\.rawValue)) }

  /// - Parameter text: as ``text`` gives it; nil for anything else.
  package init?(_ text: some StringProtocol) {
    let actions = text.compactMap(Action.init(rawValue:))
    guard actions.count == Self.cells, text.count == Self.cells else { return nil }
    self.actions = actions
  }

  private static let cells = Age.allCases.count * Size.allCases.count

  private static func index(_ age: Age, _ size: Size) -> Int { age.rawValue * Size.allCases.count + size.rawValue }
}
