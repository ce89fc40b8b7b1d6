/// One cell of a canvas as seen from outside: what stands in it, how wide that is, how it looks.
package struct Cell: Hashable, Sendable {
  /// The character with its combining marks; empty in the right half of a wide one.
  package var text: String
  /// 1, 2 for the left half of a wide character, 0 for its right half.
  package var width: Int
  /// Colours and attributes.
  package var style: Style

  /// Makes a cell.
  package init(text: String, width: Int = 1, style: Style = .plain) {
    self.text = text
    self.width = width
    self.style = style
  }
}

/// A cell as a canvas keeps it: 16 bytes without padding, so that a frame is filled and compared at memory speed.
struct PackedCell: Hashable, Sendable {
  /// A Unicode scalar, or `clusterBit` and an index into the canvas's table of characters with combining marks.
  var content: UInt32
  var foreground: Color
  var background: Color
  var attributes: Style.Attributes
  /// As in `Cell`.
  var width: UInt8
  private let padding: UInt16 = 0

  static let clusterBit: UInt32 = 0x8000_0000
  static let blank = PackedCell(content: 0x20, width: 1, style: .plain)

  init(content: UInt32, width: UInt8, style: Style) {
    self.content = content
    self.width = width
    foreground = style.foreground
    background = style.background
    attributes = style.attributes
  }

  var style: Style {
    get { Style(foreground: foreground, background: background, attributes: attributes) }
    set {
      foreground = newValue.foreground
      background = newValue.background
      attributes = newValue.attributes
    }
  }

  /// Leaves nothing but the style.
  mutating func blank() {
    content = 0x20
    width = 1
  }

  var clusterIndex: Int? { content & Self.clusterBit == 0 ? nil : Int(content & ~Self.clusterBit) }
}
