extension TextField {
  /// The rows whose text holds every word that is typed, in any order and in small letters or capitals.
  func matches<Row>(in rows: [Row], text: (Row) -> String) -> [Row] {
    let words = self.text.lowercased().split(separator: " ")
    if words.isEmpty { return rows }
    return rows.filter { row in
      let text = text(row).lowercased()
      return words.allSatisfy { text.contains($0) }
    }
  }
}
