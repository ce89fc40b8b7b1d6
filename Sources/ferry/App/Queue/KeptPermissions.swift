/// What permissions things get that go to a server, or come from one; the names are those of options and settings.
enum KeptPermissions: String, CaseIterable {
  /// Those of the source.
  case keep
  /// Those of anything new there.
  case usual = "default"
}
