package import FTP
package import SystemPackage

/// The local file system, call by call: the seam at which tests play faults.
///
/// Everything below a folder is named by one component under an opened folder, and symbolic links are not followed, so
/// that no name from a server and no link put there meanwhile leads elsewhere.
///
/// Every call may block: use them on the thread pool of a ``LocalDisk`` only.
package protocol LocalFiles: Sendable {
  /// Opens the folder that a person named; symbolic links on the way to it are followed.
  func openFolder(_ path: FilePath) throws(LocalFault) -> OpenFolder
  /// Opens a folder below another one.
  ///
  /// - Parameter following: whether a symbolic link may stand there.
  func openFolder(_ name: FileName, in folder: OpenFolder, following: Bool) throws(LocalFault) -> OpenFolder
  /// Makes a folder, mode 0777 before the umask. Nothing happens where there is one.
  ///
  /// - Returns: whether it is new.
  func makeFolder(_ name: FileName, in folder: OpenFolder) throws(LocalFault) -> Bool
  /// The facts of what stands under a name, of a symbolic link itself unless `following`; nil where there is nothing.
  func status(of name: FileName, in folder: OpenFolder, following: Bool) throws(LocalFault) -> LocalStatus?
  /// The facts of an open folder.
  func status(of folder: OpenFolder) throws(LocalFault) -> LocalStatus
  /// Whether a folder is another one, or lies in it at any depth, by whatever links it was reached.
  func isWithin(_ folder: OpenFolder, _ other: OpenFolder) throws(LocalFault) -> Bool
  /// The names in a folder with what their folder knows of their kind, in the order of the file system.
  func names(in folder: OpenFolder) throws(LocalFault) -> [LocalName]

  /// Makes a file that was not there (`O_EXCL`), for writing, with these permission bits before the umask.
  func create(_ name: FileName, in folder: OpenFolder, permissions: UInt16) throws(LocalFault) -> OpenFile
  /// Opens a regular file to go on writing it.
  func openForWriting(_ name: FileName, in folder: OpenFolder) throws(LocalFault) -> OpenFile
  /// Opens a regular file for reading.
  func openForReading(_ name: FileName, in folder: OpenFolder, following: Bool) throws(LocalFault) -> OpenFile
  /// The facts of an open file.
  func status(of file: OpenFile) throws(LocalFault) -> LocalStatus
  /// Writes all of the bytes at an offset.
  func write(_ bytes: UnsafeRawBufferPointer, to file: OpenFile, at offset: Int64) throws(LocalFault)
  /// Reads at an offset into the buffer, as much as is there; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer, from file: OpenFile, at offset: Int64) throws(LocalFault) -> Int
  /// Lets the system begin to write a range to the disk, so that a later flush finds little to do.
  func startFlushing(_ file: OpenFile, from offset: Int64, count: Int64)
  /// Waits until a file's content is on the disk.
  func flush(_ file: OpenFile) throws(LocalFault)
  /// Waits until the names of a folder are on the disk.
  func flush(_ folder: OpenFolder) throws(LocalFault)
  /// Cuts a file off at a length.
  func truncate(_ file: OpenFile, to length: Int64) throws(LocalFault)
  /// Sets when a file was last changed.
  func setModified(_ time: Timestamp, of file: OpenFile) throws(LocalFault)
  /// Sets the permission bits of what stands under a name; of a symbolic link it fails.
  func setPermissions(_ bits: UInt16, of name: FileName, in folder: OpenFolder) throws(LocalFault)
  /// Sets the permission bits of a file.
  func setPermissions(_ bits: UInt16, of file: OpenFile) throws(LocalFault)
  /// The permission bits that a new file gets from this process, 0666 without the umask's.
  var newFilePermissions: UInt16 { get }
  /// The permission bits that a new folder gets from this process, 0777 without the umask's.
  var newFolderPermissions: UInt16 { get }

  /// Gives a file another name in its folder, in one step.
  ///
  /// - Parameter replacing: whether the name may be taken; if not, and it is, throws with `EEXIST`.
  func rename(_ name: FileName, to newName: FileName, in folder: OpenFolder, replacing: Bool) throws(LocalFault)
  /// Gives a file or a folder, with all that is in it, another name in this or another folder, in one step. Of a
  /// symbolic link the link itself gets it.
  ///
  /// - Parameter replacing: whether a file of that name may be replaced; if not, and it is there, throws with `EEXIST`.
  /// - Throws: with `EXDEV` where the folders are on two file systems, with `EINVAL` where a folder was to go into itself.
  func move(
    _ name: FileName, from folder: OpenFolder, to newName: FileName, in newFolder: OpenFolder, replacing: Bool
  ) throws(LocalFault)
  /// Removes a file. Nothing happens where there is none.
  func remove(_ name: FileName, in folder: OpenFolder) throws(LocalFault)
  /// Removes an empty folder.
  func removeFolder(_ name: FileName, in folder: OpenFolder) throws(LocalFault)
}

/// A name in a local folder.
package struct LocalName: Hashable, Sendable {
  package var name: FileName
  /// Nil where the file system does not tell without looking.
  package var kind: LocalStatus.Kind?

  package init(name: FileName, kind: LocalStatus.Kind?) {
    self.name = name
    self.kind = kind
  }
}
