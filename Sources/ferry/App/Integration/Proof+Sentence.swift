import Transfers

extension Proof {
  /// How it is known that a transfer is complete, for people.
  var sentence: String {
    switch self {
    case .length(let bytes): "Both sides have \(ByteText.exact(bytes)) bytes."
    case .hash(_, _, let bytes): "Both sides have \(ByteText.exact(bytes)) bytes with the same digest, \(digest ?? "")."
    case .readBack(let bytes): "\(ByteText.exact(bytes)) bytes were read once more and are the same."
    case .acknowledged(let bytes):
      "The server acknowledged \(ByteText.exact(bytes)) bytes; it cannot tell the sizes of files."
    case .folder: "The folder is there."
    case .renamed: "It got its new name where it is, and nothing of it was copied."
    case .removed(let count): Count.of(Int(count), "file or folder is gone.", "files and folders are gone.")
    case .changed(let count):
      Count.of(Int(count), "file or folder has its new permissions.", "files and folders have their new permissions.")
    }
  }
}
