/// Finds themes by name: a person's own, those beside the program, the built-in ones.
enum ThemeCatalog {
  /// The themes that are in the program itself; the first is the default.
  static let builtIn: [ThemeSource] = [.night, .day, .plain]

  /// The names of the built-in themes.
  static var builtInNames: [String] { builtIn.map(\.name) }

  /// The theme called `name`. `read` gives the text of a theme's TOML file, or nil where there is none; it is asked for
  /// each folder in turn before the built-in themes.
  /// What is wrong with the theme, or that there is none of this name (the default is used then), is in the warnings.
  static func theme(
    named name: String, folders: [String] = [], read: (String) -> String? = { _ in nil }
  ) -> (theme: Theme, warnings: [String]) {
    var warnings: [String] = []
    guard isName(name) else {
      return (Theme(.night), ["“\(name)” is no theme's name: letters, digits, - and _ only. Using night."])
    }
    for folder in folders {
      guard let text = read("\(folder)/\(name).toml") else { continue }
      do {
        let parsed = try ThemeFile.parse(text, name: name)
        warnings += parsed.warnings
        return (Theme(parsed.source), warnings + parsed.source.problems)
      } catch {
        warnings.append("\(folder)/\(name).toml cannot be read as TOML: \(error).")
      }
    }
    if let source = builtIn.first(where: { $0.name == name }) { return (Theme(source), warnings) }
    let names = builtInNames.joined(separator: ", ")
    return (Theme(.night), warnings + ["There is no theme called \(name). Built in are \(names). Using night."])
  }

  /// A name is never a path.
  private static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}
