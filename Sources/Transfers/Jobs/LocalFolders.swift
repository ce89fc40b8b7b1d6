import FTP

/// Opens the folders of an item on this machine, component by component, so that no link leads elsewhere.
enum LocalFolders {
  /// The folder that the source is in. What a person named may be a link; below it, links are followed where the batch
  /// says so.
  static func source(_ job: Job, _ files: any LocalFiles) throws(LocalFault) -> OpenFolder {
    var folder = try files.openFolder(job.item.source.removingLast(job.item.depth).local)
    for (index, name) in job.folders(of: job.item.source).enumerated() {
      folder = try files.openFolder(name, in: folder, following: index == 0 || job.batch.followsLinks)
    }
    return folder
  }

  /// The folder that the target goes into. Below the folder that a person chose no link is followed.
  static func target(_ job: Job, _ files: any LocalFiles) throws(LocalFault) -> OpenFolder {
    var folder = try files.openFolder(job.item.target.removingLast(job.item.depth).local)
    for name in job.folders(of: job.item.target) {
      folder = try files.openFolder(name, in: folder, following: false)
    }
    return folder
  }

  /// Whether a link may stand for the source itself.
  static func followsSource(_ job: Job) -> Bool { job.item.depth == 1 || job.batch.followsLinks }
}
