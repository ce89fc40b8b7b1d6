import FTP

/// A name as the most tolerant of file systems compares it: without case, and with an accent in one form only.
struct FoldedName: Hashable {
  // Strings are compared by canonical equivalence, which is that of NFC and NFD.
  private let text: String

  init(_ name: FileName) { text = String(decoding: name.bytes, as: UTF8.self).lowercased() }
}
