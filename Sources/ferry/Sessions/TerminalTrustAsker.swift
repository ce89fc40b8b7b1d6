import FTP
import FTPSClient
import Storage
import TLS

/// Asks about a certificate at the terminal of a headless command.
struct TerminalTrustAsker: TrustAsker {
  func ask(_ inquiry: TrustInquiry) async -> TrustDesk.Answer {
    let text = TrustInquiryText(inquiry)
    let answer = await ControllingTerminal.converse { terminal in
      terminal.say(text.text)
      return inquiry.previous.isEmpty ? askFirst(terminal, inquiry, text) : askChanged(terminal, inquiry)
    }
    return answer ?? .reject
  }

  /// Rejecting is what an empty line means, and the end of input.
  private func askFirst(
    _ terminal: ControllingTerminal.Conversation, _ inquiry: TrustInquiry, _ text: TrustInquiryText
  ) -> TrustDesk.Answer {
    let hasIssuer = inquiry.issuer != nil
    var question = "Trust it? [r]eject, [o]nce, [a]lways, always its [k]ey"
    if hasIssuer { question += ", always its [i]ssuer for this host" }
    if inquiry.question.chain.count > 1 { question += ", or show the [c]hain" }
    while true {
      guard let line = terminal.answer(to: question + " (r): ") else { return .reject }
      if Self.word(line) == "c" || Self.word(line) == "chain" {
        terminal.say(text.chain)
        continue
      }
      if let answer = Self.answer(line, hasIssuer: hasIssuer) { return answer }
      terminal.say("Please type reject, once, always\(hasIssuer ? ", key or issuer" : " or key").\n")
    }
  }

  /// No single key, and nothing but a whole word, accepts a certificate that has changed.
  private func askChanged(
    _ terminal: ControllingTerminal.Conversation, _ inquiry: TrustInquiry
  ) -> TrustDesk.Answer {
    let hasIssuer = inquiry.issuer != nil
    let kinds = hasIssuer ? "the word key or issuer" : "the word key"
    terminal.say(
      """
      Type the word replace to trust the new one in place of the old, add to trust both, once to trust it this time.
      With \(kinds) after it, such as replace key, that is trusted. Anything else rejects it.

      """)
    return terminal.answer(to: "Your word: ").map { Self.changedAnswer($0, hasIssuer: hasIssuer) } ?? .reject
  }

  /// What a typed line answers; nil for one that has to be asked again.
  static func answer(_ line: [UInt8], hasIssuer: Bool) -> TrustDesk.Answer? {
    switch word(line) {
    case "", "r", "reject": .reject
    case "o", "once": .once
    case "a", "always": .always(.certificate)
    case "k", "key": .always(.key)
    case "i", "issuer": hasIssuer ? .always(.issuer) : nil
    default: nil
    }
  }

  /// What a typed line answers about a changed certificate.
  static func changedAnswer(_ line: [UInt8], hasIssuer: Bool) -> TrustDesk.Answer {
    switch word(line) {
    case "once": .once
    case "replace": .always(.certificate)
    case "replace key": .always(.key)
    case "replace issuer" where hasIssuer: .always(.issuer)
    case "add": .always(.certificate, replacing: false)
    case "add key": .always(.key, replacing: false)
    case "add issuer" where hasIssuer: .always(.issuer, replacing: false)
    default: .reject
    }
  }

  /// In small letters, with one blank between words.
  private static func word(_ line: [UInt8]) -> String {
    String(decoding: line, as: UTF8.self).lowercased().split { $0.isWhitespace }.joined(separator: " ")
  }
}
