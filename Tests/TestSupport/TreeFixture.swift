package import SystemPackage

/// A folder of files that are awkward in every way that servers agree on; the same content every time.
package struct TreeFixture: Sendable {
  /// The size of `large.bin` in MiB; no such file at 0.
  package var largeMiB = 0
  /// How many small files, 0 to 8 KiB each, 50 to a folder.
  package var smallFiles = 0
  /// Empty files, empty folders, folders in folders, and names that are not ASCII or need care.
  package var hasOddities = true

  package init(largeMiB: Int = 0, smallFiles: Int = 0, hasOddities: Bool = true) {
    self.largeMiB = largeMiB
    self.smallFiles = smallFiles
    self.hasOddities = hasOddities
  }

  /// Names that every server of the tests can store and list; each with a reason to go wrong. Pure-FTPd refuses
  /// backslashes, and several cannot keep a blank at either end.
  package static let oddNames = [
    "Grüße.txt", "naïve e\u{301}te\u{301}.txt", "日本語のファイル.bin", "паруса", "⛴ ferry 🚢.dat", "עברית.txt",
    "two  spaces.txt", "semi;colon=value; x", "100%25 #1 ?a=b&c.txt", "quote's \"double\".txt", "-rf", "--help",
    "[brackets] {and} (so) on", "*star~tilde!$HOME`id`", ".hidden", "226 Transfer complete.", "a -> b",
    "comma, colon: at@sign", "UPPER", "upper2", "CON", "name.part", String(repeating: "long", count: 50),
  ]

  /// Fills a folder, which is made if need be.
  package func make(in folder: FilePath) async throws {
    try FileTree.makeFolders(folder)
    if largeMiB > 0 { try await Self.makeLarge(folder.appending("large.bin"), mebibytes: largeMiB) }
    for number in 0..<smallFiles {
      let subfolder = folder.appending("small").appending("group \(number / 50)")
      if number % 50 == 0 { try FileTree.makeFolders(subfolder) }
      // Around the sizes of buffers and of TLS records too.
      let size = number % 10 == 0 ? [1, 1023, 4096, 16_384, 16_385][number / 10 % 5] : number * 7919 % 8192
      try FileTree.write(Self.bytes(size, seed: number), to: subfolder.appending("file \(number).bin"))
    }
    if hasOddities { try makeOddities(in: folder) }
  }

  /// Writes reproducible bytes that do not compress, at the speed of the disk.
  package static func makeLarge(_ file: FilePath, mebibytes: Int) async throws {
    let key = "000102030405060708090a0b0c0d0e0f"
    let script =
      "head -c \(mebibytes)M /dev/zero | openssl enc -aes-128-ctr -K \(key) -iv 0 2>&1 >\"$0\" | grep -v hex; test -s \"$0\""
    try await Program("sh", ["-c", script, file.string]).runSuccessfully(timeout: .seconds(120))
  }

  /// Reproducible bytes.
  package static func bytes(_ count: Int, seed: Int) -> [UInt8] {
    var state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
  }

  private func makeOddities(in folder: FilePath) throws {
    try FileTree.makeFolders(folder.appending("empty/one"))
    try FileTree.makeFolders(folder.appending("empty/two/three"))
    try FileTree.makeFolders(folder.appending("a/b/c/d/e/f/g/h"))
    try FileTree.write([], to: folder.appending("empty/file"))
    try FileTree.write([], to: folder.appending("also empty"))
    try FileTree.write([0x0d, 0x0a, 0x0a, 0x0d, 0x00, 0xff, 0x1a], to: folder.appending("a/b/c/d/e/f/g/h/line ends"))
    let names = folder.appending("odd names")
    try FileTree.makeFolders(names)
    for (number, name) in Self.oddNames.enumerated() {
      try FileTree.write(Self.bytes(100 + number, seed: number), to: names.appending(name))
      if number % 3 == 0 {
        let inner = names.appending("\(name) folder")
        try FileTree.makeFolders(inner)
        try FileTree.write(Self.bytes(10, seed: number), to: inner.appending(name))
      }
    }
  }
}
