import TOMLKit
import Terminal

/// Reads `keys.toml`: what a person wants other keys for.
///
///     [panes]
///     "F5" = "copy"          # an action's name, as Ferry's help filters by it
///     "C-x" = "none"
///     [queue]
///     "z" = "pause"
enum KeymapFile {
  /// The standard keymap with the changes that a text asks for, and what could not be understood, one sentence each.
  static func keymap(_ text: String) -> (keymap: Keymap, warnings: [String]) {
    var keymap = Keymap.standard
    var warnings: [String] = []
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch {
      return (keymap, ["keys.toml cannot be read as TOML: \(error)."])
    }
    for name in table.keys.sorted() {
      guard let context = Keymap.Context(rawValue: name), let bindings = table[name]?.table else {
        warnings.append("keys.toml: there is no part called \(name); there are panes, prefix, queue, log and session.")
        continue
      }
      for text in bindings.keys.sorted() {
        guard let key = Key(text) else {
          warnings.append("keys.toml: there is no key called \(text).")
          continue
        }
        let action = bindings[text]?.string ?? ""
        if action != "none", Action(rawValue: action) == nil {
          warnings.append("keys.toml: \(text) names an unknown action: \(action).")
        } else {
          keymap.bind(key, to: Action(rawValue: action), in: context)
        }
      }
    }
    return (keymap, warnings)
  }
}
