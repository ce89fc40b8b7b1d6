import Storage
import SystemPackage
import TOMLKit

/// What `config.toml` says.
struct Settings: Equatable, Sendable {
  var theme: String?
  /// Files transferred at the same time.
  var jobs: Int?
  /// Whether panes begin with hidden files.
  var showsHidden = false
  /// Whether a certificate that an authority vouches for is accepted without a question.
  var trustsAuthorities = true

  /// Reads the file of a home; where there is none, what goes without saying.
  static func read(_ home: Home) -> (settings: Settings, warnings: [String]) {
    TextFile.read(home.settings.string).map(read) ?? (Settings(), [])
  }

  /// Reads a text; what could not be understood is in the warnings, one sentence each.
  static func read(_ text: String) -> (settings: Settings, warnings: [String]) {
    var settings = Settings()
    var warnings: [String] = []
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch {
      return (settings, ["config.toml cannot be read as TOML: \(error)."])
    }
    for name in table.keys.sorted() {
      let value = table[name]
      switch name {
      case "theme":
        settings.theme = value?.string
        if settings.theme == nil { warnings.append("config.toml: theme is the name of a theme, in quotes.") }
      case "jobs":
        settings.jobs = value?.int.flatMap { (1...16).contains($0) ? $0 : nil }
        if settings.jobs == nil { warnings.append("config.toml: jobs is a number from 1 to 16.") }
      case "hidden":
        settings.showsHidden = value?.bool ?? false
        if value?.bool == nil { warnings.append("config.toml: hidden is true or false.") }
      case "authorities":
        // What cannot be understood must not trust anybody.
        settings.trustsAuthorities = value?.bool ?? false
        if value?.bool == nil { warnings.append("config.toml: authorities is true or false.") }
      default: warnings.append("config.toml: \(name) has no meaning.")
      }
    }
    return (settings, warnings)
  }
}
