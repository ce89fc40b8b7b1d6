import FTP
import Terminal
import Transfers

extension AppState {
  /// Asks which permissions the chosen rows are to get.
  mutating func openPermissions() {
    let entries = self[active].chosen
    let place = self[active].place
    guard let first = entries.first else { return }
    let known = entries.compactMap(\.permissions)
    let mode = first.permissions ?? (first.isFolder ? 0o755 : 0o644)
    let what = entries.count == 1 ? "“\(SafeText.escape(first.name.bytes))”" : Count.entries(entries)
    var body: [FormLine] = [.pair("Permissions", what), .pair("in", shortPath(place), .text)]
    if known.count < entries.count {
      body.append(.text("The list does not tell the present ones.", .faint))
    } else if Set(known).count > 1 {
      body.append(.text("They differ now: those of the first are shown.", .faint))
    }
    var fields = PermissionFields.fields(mode)
    if entries.contains(where: { $0.kind == .folder }) {
      fields += [
        FormField("Folders", options: ["only themselves", "with everything inside"]),
        FormField("Give to", options: ["files and folders", "files", "folders"]),
        FormField("Folders get", options: ["the same", "x wherever r is"], selected: 1),
      ]
    }
    let form = Form(
      "Permissions", body: body, fields: fields, buttons: [FormButton("Set"), FormButton("Cancel")], width: 60)
    layers.append(.dialog(Dialog(.permissions(entries, in: place), form)))
  }

  mutating func answeredPermissions(
    _ dialog: Dialog, _ result: Form.Result, _ entries: [Entry], _ place: Place
  ) -> [Effect] {
    guard result == .pressed(0) else { return [] }
    guard let mode = PermissionFields.mode(dialog.form.text(PermissionFields.octal)) else {
      reopen(
        dialog, "Write the permissions as three or four digits from 0 to 7, such as 644.", focus: PermissionFields.octal
      )
      return []
    }
    var change = PermissionChange(mode: mode)
    let more = PermissionFields.octal + 1
    if dialog.form.fields.count > more {
      change.isRecursive = dialog.form.choice(more) == 1
      change.scope = [.all, .files, .folders][dialog.form.choice(more + 1)]
      // Of folders alone that keep what is in them as it is, nothing else can be meant.
      if !change.isRecursive, entries.allSatisfy(\.isFolder) { change.scope = .all }
      // Of a single folder, what was asked for is what it gets.
      change.opensFolders = change.isRecursive && dialog.form.choice(more + 2) == 1
    }
    for side in Side.allCases where self[side].place == place { self[side].marks = [] }
    return [.setPermissions(change, entries, in: place)]
  }
}

/// The boxes of permission bits, and the same as digits.
enum PermissionFields {
  /// The field that the digits are in, behind the boxes.
  static let octal = 4

  static func fields(_ mode: UInt16) -> [FormField] {
    let classes = ["Owner", "Group", "Others"].enumerated().map { index, label in
      FormField(label, boxes: ["read", "write", "x run"], on: boxes(mode >> (6 - 3 * index)))
    }
    let special = FormField("Special", boxes: ["user id", "group id", "sticky"], on: boxes(mode >> 9))
    return classes + [special, FormField("Octal", text: text(mode))]
  }

  /// Three digits, or four where there is anything special.
  static func text(_ mode: UInt16) -> String {
    let digits = String(mode & 0o7777, radix: 8)
    return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }

  /// Nil for what is no mode.
  static func mode(_ text: String) -> UInt16? {
    guard (3...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
    return UInt16(text, radix: 8)
  }

  static func mode(_ fields: [FormField]) -> UInt16 {
    bits(fields[0].boxes) << 6 | bits(fields[1].boxes) << 3 | bits(fields[2].boxes) | bits(fields[3].boxes) << 9
  }

  static func show(_ mode: UInt16, in fields: inout [FormField]) {
    for index in 0..<3 { fields[index].boxes = boxes(mode >> (6 - 3 * index)) }
    fields[3].boxes = boxes(mode >> 9)
  }

  private static func boxes(_ bits: UInt16) -> Set<Int> { Set((0..<3).filter { bits & (4 >> $0) != 0 }) }
  private static func bits(_ boxes: Set<Int>) -> UInt16 { boxes.reduce(0) { $0 | 4 >> $1 } }
}

extension Dialog {
  /// Boxes and digits say the same, whichever of them was changed.
  mutating func matchPermissions(_ old: Dialog) {
    guard case .permissions = purpose else { return }
    let octal = PermissionFields.octal
    if form.text(octal) != old.form.text(octal) {
      if let mode = PermissionFields.mode(form.text(octal)) { PermissionFields.show(mode, in: &form.fields) }
    } else if PermissionFields.mode(form.fields) != PermissionFields.mode(old.form.fields) {
      form.fields[octal].text = TextField(PermissionFields.text(PermissionFields.mode(form.fields)))
    }
  }
}
