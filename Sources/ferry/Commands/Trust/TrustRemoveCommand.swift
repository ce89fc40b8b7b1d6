import ArgumentParser
import FTP
import Storage

/// `ferry trust remove WORD`
struct TrustRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Trust some of them no more.",
    discussion: "A word that names certificates of several servers needs --all.")

  @Flag(help: "Remove all that are named.")
  var all = false

  @OptionGroup var named: NamedTrust

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: named.json) { output in
      let all = try TrustCommand.store(output)
      let spoilt = try all.removeSpoilt(command.named.certificate)
      if spoilt > 0 {
        if output.isJSON {
          var object = JSONObject()
          object.add("damaged_removed", Int64(spoilt))
          output.object(object)
        } else {
          output.line("Removed \(spoilt) damaged \(spoilt == 1 ? "entry" : "entries")")
        }
        if try all.find(command.named.certificate).isEmpty { return .done }
      }
      let (store, found) = try command.named.find(output)
      guard command.all || found.count == 1 else {
        for trusted in found { output.problem(trusted.line) }
        throw ItemProblem("That names \(found.count) certificates. Name one by its fingerprint, or add --all.")
      }
      for trusted in found where try store.remove(trusted.id) { output.record(trusted, "Removed") }
      return .done
    }
  }
}

/// `ferry trust note WORD TEXT`
struct TrustNoteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note", abstract: "Write a note about one of them; an empty one removes it.")

  @OptionGroup var named: NamedTrust

  @Argument(help: "Your own words.")
  var note: String

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: named.json) { output in
      let (store, found) = try command.named.find(output)
      guard found.count == 1 else {
        for trusted in found { output.problem(trusted.line) }
        throw ItemProblem("That names \(found.count) certificates. Name one by its fingerprint.")
      }
      guard try store.setNote(command.note, of: found[0].id),
        let changed = try store.list().first(where: { $0.id == found[0].id })
      else { throw ItemProblem("It was removed meanwhile.") }
      output.whole(changed.json, changed.lines)
      return .done
    }
  }
}
