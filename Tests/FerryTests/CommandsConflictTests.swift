import Testing
import Transfers

@testable import ferry

@Suite("The question about an existing file at the terminal")
struct CommandsConflictTests {
  @Test(
    "takes words, letters and “all”",
    arguments: [
      ("", ConflictPolicy.skip, AnswerScope.item), ("o", .overwrite, .item), ("Overwrite", .overwrite, .item),
      ("rename all", .rename, .all), ("n ALL", .newer, .all), (" z ", .size, .item), ("resume", .resume, .item),
      ("c all", .resume, .all), ("skip", .skip, .item),
    ])
  func answers(_ text: String, _ policy: ConflictPolicy, _ scope: AnswerScope) {
    #expect(
      TerminalConflictAsker.answer(Array(text.utf8)) == TerminalConflictAsker.Answer(policy: policy, scope: scope))
  }

  @Test(
    "anything else is asked again", arguments: ["all", "yes", "overwrite everything", "oo", "ask", "table:sssssssss"])
  func unclear(_ text: String) { #expect(TerminalConflictAsker.answer(Array(text.utf8)) == nil) }
}
