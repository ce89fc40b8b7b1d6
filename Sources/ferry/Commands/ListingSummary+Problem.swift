import FTP

extension ListingSummary {
  /// Why a folder's list is not all of the folder, as a sentence; nil where it is.
  func problem(_ folder: RemotePath) -> String? {
    let list = "the server's list of \(SafeText.escape(folder.bytes))"
    if isTruncated { return "\(list.prefix(1).uppercased() + list.dropFirst()) is not complete." }
    return unparsed == 0 ? nil : "\(Count.of(unparsed, "line", "lines")) of \(list) could not be understood."
  }
}
