import ArgumentParser

/// What it means to let servers exchange files directly: said wherever a person can allow it.
enum FXPHelp {
  /// One sentence.
  static let meaning =
    "The bytes go directly from server to server, encrypted: Ferry and its speed limit see none of them, and whether the "
    + "servers check each other's certificates is up to them."

  /// The same of sites.
  static let both = "Files between two sites that both say so go directly (FXP). \(meaning)"

  static let site = ArgumentHelp("\(both)")
  static let flag = ArgumentHelp(
    "Between two servers, have them exchange the files directly (FXP) where they can. \(meaning)")
}
