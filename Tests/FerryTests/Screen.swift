import FTP
import SystemPackage
import Terminal
import Testing

@testable import ferry

// The transfer floor has types of these names, too.
typealias Place = ferry.Place
typealias Question = ferry.Question
typealias Entry = ferry.Entry

/// A whole program without a terminal: keys and mouse in, state, effects and screen lines out.
struct Screen {
  var state: AppState
  /// What `update` wanted done since they were last taken.
  var effects: [Effect] = []

  static let server = ServerAddress(host: "files.example.org", user: "ada")
  static let left = Place.local("/home/ada/site")
  static let right = Place.remote(server, try! RemotePath("/www"))

  init(_ size: Size = Size(columns: 80, rows: 24), left: Place = Self.left, right: Place = Self.right) {
    state = AppState(size: size, left: left, right: right)
    state.home = "/home/ada"
    state.zone = .fixed(0)
    // 2024-11-21 09:00:00
    state.date = 1_732_179_600
    state.now = 10_000
  }

  /// With rows on both sides, as after a start.
  static func filled(_ size: Size = Size(columns: 80, rows: 24)) -> Screen {
    var screen = Screen(size)
    screen.fill(.left, Self.leftRows)
    screen.fill(
      .right, Self.rightRows, ListingFacts(link: LinkFacts(tlsVersion: "TLS 1.3", isDataResumed: true, roundTrip: 24)))
    return screen
  }

  static let leftRows = [
    folder("assets", "20241119100200"), folder("drafts", "20240214080000"), file("index.html", 4301, "20241120184000"),
    file("style.css", 812, "20241120090000"), file("photo10.jpg", 2_411_724, "20231105120000"),
    file("photo9.jpg", 1_048_576, "20241121081500"), file(".profile", 220, "20241101000000"),
  ]
  static let rightRows = [
    folder("assets", "20241119100200"), folder("logs", "20241121000000"), file("index.html", 4198, "20241102091100"),
  ]

  static func file(_ name: String, _ size: Int64, _ time: String) -> Entry {
    Entry(name: try! FileName(name), kind: .file, size: size, modified: Timestamp(time.utf8), permissions: 0o644)
  }

  static func folder(_ name: String, _ time: String) -> Entry {
    Entry(name: try! FileName(name), kind: .folder, modified: Timestamp(time.utf8), permissions: 0o755)
  }

  /// Lets a listing of the pane's folder arrive.
  mutating func fill(
    _ side: Side, _ rows: [Entry], _ facts: ListingFacts = ListingFacts(freeBytes: 250_000_000_000)
  ) {
    let generation = state[side].generation
    receive(.rows(side, generation: generation, state[side].place, rows, isFirst: true))
    receive(.listed(side, generation: generation, facts))
  }

  mutating func receive(_ event: AppEvent) { effects += update(&state, event) }

  /// Presses keys, named as in key tables and separated by blanks.
  mutating func press(_ keys: String) {
    for name in keys.split(separator: " ") {
      guard let key = Key(String(name)) else { preconditionFailure("no key: \(name)") }
      receive(.terminal(.key(key)))
    }
  }

  static func key(_ name: String) -> Key? { Key(name) }

  mutating func type(_ text: String) {
    for character in text { receive(.terminal(.key(.character(character)))) }
  }

  mutating func mouse(
    _ kind: MouseEvent.Kind, _ button: MouseEvent.Button = .left, at point: Point, _ modifiers: Key.Modifiers = []
  ) {
    receive(.terminal(.mouse(MouseEvent(kind, button, at: point, modifiers: modifiers))))
  }

  mutating func click(_ point: Point, _ button: MouseEvent.Button = .left) {
    mouse(.press, button, at: point)
    mouse(.release, button, at: point)
  }

  mutating func takeEffects() -> [Effect] {
    defer { effects = [] }
    return effects
  }

  var canvas: Canvas {
    var canvas = Canvas(size: state.size)
    draw(state, Theme(.night), &canvas)
    return canvas
  }

  var lines: [String] { canvas.lines }

  /// All of it as one text, for comparison with a picture in a test.
  var picture: String {
    lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
  }

  /// What is inside the frame of the dialog, in one line of words.
  var dialogWords: String {
    guard let dialog else { return "" }
    let frame = FormLayout(dialog.form, on: state.size).frame
    return lines.dropFirst(frame.y).prefix(frame.height)
      .flatMap { Array($0)[frame.x + 1..<frame.maxX - 1].split(separator: " ") }.map { String($0) }
      .joined(separator: " ")
  }

  /// The first cell of a text on the screen.
  func find(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Point {
    for (y, line) in lines.enumerated() {
      if let range = line.range(of: text) { return Point(x: line.distance(from: line.startIndex, to: range), y: y) }
    }
    try #require(
      Bool(false), "“\(text)” is not on the screen:\n\(lines.joined(separator: "\n"))", sourceLocation: sourceLocation)
    return .origin
  }

  func shows(_ text: String) -> Bool { lines.contains { $0.contains(text) } }

  var dialog: Dialog? { if case .dialog(let dialog) = state.layers.last { dialog } else { nil } }
}

extension String {
  /// Where another text begins.
  fileprivate func range(of text: String) -> String.Index? {
    indices.first { self[$0...].hasPrefix(text) }
  }
}
