import Storage
import SystemPackage
import TOMLKit
import Transfers

/// What `config.toml` says.
///
///     conflict = "newer"       # what transfers begin with that nobody has chosen anything for
///     crl-file = "/etc/ssl/office.crl"   # certificates that their issuers have taken back
///     segments = 4             # sessions that bring one large file together, from 32 MiB on
///     permissions = "keep"     # of what goes to and from servers; "default": those of new files there
///     verify = true            # the content of transfers is compared, not only its length
///     limit = "4M"             # bytes a second of all transfers together
///     [[limits]]               # by the time of day; the first that covers a moment counts
///     from = "8:00"
///     to = "18:00"
///     days = "mon-fri"
///     limit = "500K"           # or "none"
///     [done]                   # when nothing is left to be transferred
///     notify = true
///     command = "systemctl suspend"
///     quit = false
struct Settings: Equatable, Sendable {
  var theme: String?
  /// Files transferred at the same time.
  var jobs: Int?
  /// Sessions that bring one large file together, 1...16.
  var segments = 1
  /// Whether panes begin with hidden files.
  var showsHidden = false
  /// Whether a certificate that an authority vouches for is accepted without a question.
  var trustsAuthorities = true
  /// Lists of certificates that their issuers have taken back.
  var revocationFile: FilePath?
  /// What happens where a target exists, unless a person says otherwise.
  var conflict = ConflictPolicy.ask
  /// Whether the content of transfers is compared.
  var verifies = false
  /// Whether what goes to and from servers keeps its permissions.
  var keepsPermissions = false
  var speed = SpeedSchedule()
  var whenDone = WhenDone()

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
      case "segments":
        let count = value?.int.flatMap { (1...16).contains($0) ? $0 : nil }
        settings.segments = count ?? 1
        if count == nil { warnings.append("config.toml: segments is a number from 1 to 16.") }
      case "hidden":
        settings.showsHidden = value?.bool ?? false
        if value?.bool == nil { warnings.append("config.toml: hidden is true or false.") }
      case "authorities":
        // What cannot be understood must not trust anybody.
        settings.trustsAuthorities = value?.bool ?? false
        if value?.bool == nil { warnings.append("config.toml: authorities is true or false.") }
      case "crl-file":
        // What cannot be understood must not trust anybody: it is taken for a file that is not there.
        settings.revocationFile = FilePath(value?.string ?? "")
        if value?.string == nil { warnings.append("config.toml: crl-file is the path of a file, in quotes.") }
      case "conflict":
        settings.conflict = value?.string.flatMap(ConflictPolicy.init(rawValue:)) ?? .ask
        if value?.string.flatMap(ConflictPolicy.init(rawValue:)) == nil {
          let names = ConflictPolicy.allCases.map(\.rawValue).joined(separator: ", ")
          warnings.append("config.toml: conflict is one of \(names).")
        }
      case "verify":
        settings.verifies = value?.bool ?? false
        if value?.bool == nil { warnings.append("config.toml: verify is true or false.") }
      case "permissions":
        let choice = value?.string.flatMap(KeptPermissions.init(rawValue:))
        settings.keepsPermissions = choice == .keep
        if choice == nil { warnings.append("config.toml: permissions is \"keep\" or \"default\".") }
      case "limit":
        settings.speed.usual = value?.string.flatMap(RateText.bytesPerSecond)
        if settings.speed.usual == nil { warnings.append("config.toml: limit is bytes a second, such as \"500K\".") }
      case "limits":
        for entry in value?.array?.compactMap(\.table) ?? [] {
          if let period = SpeedSchedule.Period(entry) {
            settings.speed.periods.append(period)
          } else {
            warnings.append("config.toml: limits have from and to (\"8:00\"), limit (\"500K\", \"none\"), maybe days.")
          }
        }
      case "done":
        guard let table = value?.table else {
          warnings.append("config.toml: done is a part of its own, [done], with notify, command and quit.")
          continue
        }
        settings.whenDone = WhenDone(
          notifies: table["notify"]?.bool ?? true, command: table["command"]?.string ?? "",
          quits: table["quit"]?.bool ?? false)
      default: warnings.append("config.toml: \(name) has no meaning.")
      }
    }
    return (settings, warnings)
  }
}

extension SpeedSchedule.Period {
  /// Nil for what makes no sense.
  fileprivate init?(_ table: TOMLTable) {
    guard let from = table["from"]?.string.flatMap(SpeedSchedule.minute),
      let to = table["to"]?.string.flatMap(SpeedSchedule.minute), let limit = table["limit"]?.string
    else { return nil }
    let days = table["days"]?.string.map(SpeedSchedule.days) ?? []
    let rate = RateText.bytesPerSecond(limit)
    guard let days, rate != nil || limit == "none" else { return nil }
    self.init(from: from, to: to, days: days, rate: rate)
  }
}
