import FTP
import Terminal

/// The common shape of all dialogs: text to read, fields to fill in, buttons to press.
///
/// Which button means what is the business of the dialog that made the form.
struct Form: Equatable, Sendable {
  enum Tone: Hashable, Sendable {
    case normal
    /// Something that must not be agreed to by habit.
    case danger
  }

  /// What happened to the form.
  enum Result: Hashable, Sendable {
    case pressed(Int)
    case cancelled
  }

  var title: String
  var tone = Tone.normal
  /// Text above the fields; scrolls where the screen is too small for it.
  var body: [FormLine] = []
  var fields: [FormField] = []
  var buttons: [FormButton]
  /// Counts through fields, then buttons.
  var focus = 0
  /// Body rows scrolled out at the top.
  var scroll = 0
  /// The inner width it would like to have, in cells.
  var width = 56

  init(
    _ title: String, tone: Tone = .normal, body: [FormLine] = [], fields: [FormField] = [], buttons: [FormButton],
    focusedButton: Int? = nil, width: Int = 56
  ) {
    self.title = title
    self.tone = tone
    self.body = body
    self.fields = fields
    self.buttons = buttons
    self.width = width
    if let focusedButton { focus = fields.count + focusedButton }
  }

  var focusedField: Int? { focus < fields.count ? focus : nil }
  var focusedButton: Int? { focus >= fields.count ? focus - fields.count : nil }

  /// The text of a text field; of a secret there is none.
  func text(_ field: Int) -> String { fields[field].text?.text ?? "" }
  /// What was typed into a field that nobody must see; nil for nothing.
  func secret(_ field: Int) -> Secret? {
    guard case .secret(let line) = fields[field].value, !line.isEmpty else { return nil }
    return line.secret
  }
  /// The chosen option of a choice.
  func choice(_ field: Int) -> Int { fields[field].choice ?? 0 }

  mutating func moveFocus(by step: Int) {
    let count = fields.count + buttons.count
    focus = (focus + step + count) % max(1, count)
  }

  mutating func scrollBody(by rows: Int, layout: FormLayout) {
    scroll = max(0, min(scroll + rows, layout.lines.count - layout.body.height))
  }
}

/// Text in the body of a form.
enum FormLine: Hashable, Sendable {
  enum Emphasis: Hashable, Sendable {
    case text, strong, faint, good, warning
  }

  /// Wrapped at blanks.
  case text(String, Emphasis = .text)
  /// A label in a column of its own, and what it is about.
  case pair(String, String, Emphasis = .strong)
  /// A label and the digits of a fingerprint, `AB:CD:…`, in groups that the eye can compare.
  case fingerprint(String, String)
  /// A label with an old and a new value side by side, or one below the other where there is no room.
  case change(String, old: String, new: String)
  case blank
}

/// Something to fill in.
struct FormField: Hashable, Sendable {
  enum Value: Hashable, Sendable {
    case text(TextField)
    /// Shown as dots.
    case secret(SecretField)
    /// One of several, by index.
    case choice([String], Int)
    /// Several that are each on or off, and the one that the keys are at.
    case boxes([String], on: Set<Int>, at: Int)
  }

  var label: String
  var value: Value
  /// Shown in an empty text field.
  var hint = ""
  /// A choice that shows one option at a time, of which `<` and `>` show the next from anywhere in the form.
  var isStepper = false

  init(_ label: String, text: String = "", hint: String = "") {
    self.label = label
    value = .text(TextField(text))
    self.hint = hint
  }

  /// One for a password or a passphrase.
  init(secret label: String, hint: String = "") {
    self.label = label
    value = .secret(SecretField())
    self.hint = hint
  }

  init(_ label: String, options: [String], selected: Int = 0) {
    self.label = label
    value = .choice(options, selected)
  }

  init(_ label: String, boxes: [String], on: Set<Int> = []) {
    self.label = label
    value = .boxes(boxes, on: on, at: 0)
  }

  /// Pages of something: one at a time.
  static func stepper(_ label: String, _ pages: [String]) -> FormField {
    var field = FormField(label, options: pages)
    field.isStepper = true
    return field
  }

  var text: TextField? {
    get { if case .text(let field) = value { field } else { nil } }
    set { if let newValue { value = .text(newValue) } }
  }

  /// What keys and pasted text edit, if this field is typed into.
  var line: (any EditedLine)? {
    switch value {
    case .text(let field): field
    case .secret(let field): field
    case .choice, .boxes: nil
    }
  }

  /// Lets `change` edit what is typed into, if it is that.
  mutating func edit(_ change: (inout any EditedLine) -> Void) {
    guard var line else { return }
    change(&line)
    if let text = line as? TextField { value = .text(text) }
    if let secret = line as? SecretField { value = .secret(secret) }
  }

  var choice: Int? {
    if case .choice(_, let selected) = value { selected } else { nil }
  }

  /// The boxes that are on.
  var boxes: Set<Int> {
    get { if case .boxes(_, let on, _) = value { on } else { [] } }
    set { if case .boxes(let titles, _, let at) = value { value = .boxes(titles, on: newValue, at: at) } }
  }

  mutating func toggle(_ box: Int) {
    guard case .boxes(let titles, let on, _) = value, titles.indices.contains(box) else { return }
    value = .boxes(titles, on: on.symmetricDifference([box]), at: box)
  }

  /// The text of the chosen option.
  var chosen: String? {
    if case .choice(let options, let selected) = value { options[selected] } else { nil }
  }

  mutating func choose(_ option: Int) {
    if case .choice(let options, _) = value, options.indices.contains(option) { value = .choice(options, option) }
  }

  mutating func cycle(by step: Int) {
    if case .choice(let options, let selected) = value {
      value = .choice(options, (selected + step + options.count) % options.count)
    }
    if case .boxes(let titles, let on, let at) = value {
      value = .boxes(titles, on: on, at: (at + step + titles.count) % titles.count)
    }
  }
}

/// A button; its letter presses it where no text is being typed.
struct FormButton: Hashable, Sendable {
  var title: String
  var letter: Character?
  /// Whether it stands on a row below those before it.
  var startsRow = false

  init(_ title: String, _ letter: Character? = nil, startsRow: Bool = false) {
    self.title = title
    self.letter = letter
    self.startsRow = startsRow
  }
}
