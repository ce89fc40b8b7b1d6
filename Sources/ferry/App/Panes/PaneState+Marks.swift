import FTP
import Transfers

extension PaneState {
  /// Marks or unmarks a row; `..` cannot be marked.
  mutating func toggleMark(row: Int) {
    guard let name = entry(at: row)?.name else { return }
    if marks.remove(name) == nil { marks.insert(name) }
  }

  mutating func setMark(_ isMarked: Bool, rows: ClosedRange<Int>) {
    for row in rows {
      guard let name = entry(at: row)?.name else { continue }
      if isMarked { marks.insert(name) } else { marks.remove(name) }
    }
  }

  /// Marks or unmarks all rows whose name fits a glob.
  mutating func setMark(_ isMarked: Bool, matching glob: Glob) {
    for index in order where glob.matches(entries[Int(index)].name.bytes) {
      if isMarked { marks.insert(entries[Int(index)].name) } else { marks.remove(entries[Int(index)].name) }
    }
  }

  /// Marks the files that were not marked and unmarks those that were; folders stay as they are, as in Midnight
  /// Commander.
  mutating func invertMarks() {
    let old = marks
    marks = []
    for index in order {
      let entry = entries[Int(index)]
      if entry.isFolder ? old.contains(entry.name) : !old.contains(entry.name) { marks.insert(entry.name) }
    }
  }

  /// How much is marked: rows, and the bytes of those whose size is known.
  var markedTotal: (count: Int, bytes: Int64) {
    var count = TreeCount()
    for entry in markedEntries where !entry.isFolder { count.add(bytes: entry.size ?? 0) }
    return (marks.count, count.bytes)
  }
}
