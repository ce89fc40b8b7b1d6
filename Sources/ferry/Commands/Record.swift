/// Something that commands print one after another: a line for people, or a JSON object for programs.
protocol Record {
  /// Foreign text in it is escaped.
  var line: String { get }
  var json: JSONObject { get }
}

extension Output {
  /// A result in the form that was asked for; `verb` says before the line what became of it: "Removed".
  func record(_ record: some Record, _ verb: String? = nil) {
    line(isJSON ? record.json.text : [verb, record.line].compactMap(\.self).joined(separator: " "))
  }

  /// All that there is to say of one thing, in the form that was asked for.
  func whole(_ json: @autoclosure () -> JSONObject, _ lines: @autoclosure () -> [String]) {
    if isJSON { object(json()) } else { lines().forEach(line) }
  }
}
