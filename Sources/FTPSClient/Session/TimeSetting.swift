import FTP

/// The ways to tell a server when a file was last changed.
enum TimeSetting: Equatable {
  case mfmt, mdtm, utime

  /// The first that a server may know; nil where nothing points to any.
  static func first(_ features: Features) -> TimeSetting? {
    features.mfmt ? .mfmt : features.mdtm ? .mdtm : utime(features)
  }

  /// What may do where this one does not.
  func next(_ features: Features) -> TimeSetting? {
    switch self {
    case .mfmt: features.mdtm ? .mdtm : Self.utime(features)
    case .mdtm: Self.utime(features)
    case .utime: nil
    }
  }

  func command(_ time: Timestamp, _ path: RemotePath) -> Command {
    switch self {
    case .mfmt: .mfmt(time, path)
    case .mdtm: .setMdtm(time, path)
    case .utime: .site(.utime(time, path))
    }
  }

  /// Only where it is announced: what else it may do nobody knows.
  private static func utime(_ features: Features) -> TimeSetting? { features.site.contains("UTIME") ? .utime : nil }
}
