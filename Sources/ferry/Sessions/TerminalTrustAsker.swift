import FTP
import FTPSClient
import Storage
import TLS

/// Asks about a certificate at the terminal of a headless command.
struct TerminalTrustAsker: TrustAsker {
  func ask(_ question: TrustQuestion, previous: [TrustedCertificate]) async -> TrustDesk.Answer {
    let answer = await ControllingTerminal.converse { terminal in
      terminal.say(text(question, previous))
      return previous.isEmpty ? askFirst(terminal) : askChanged(terminal)
    }
    return answer ?? .reject
  }

  /// Rejecting is what an empty line means, and the end of input.
  private func askFirst(_ terminal: ControllingTerminal.Conversation) -> TrustDesk.Answer {
    while true {
      guard let line = terminal.answer(to: "Trust it? [r]eject, [o]nce, [a]lways (r): ") else { return .reject }
      if let answer = Self.answer(line) { return answer }
      terminal.say("Please type reject, once or always.\n")
    }
  }

  /// No single key, and nothing but the word, accepts a certificate that has changed.
  private func askChanged(_ terminal: ControllingTerminal.Conversation) -> TrustDesk.Answer {
    let question = "Type the word replace to trust the new one from now on; anything else rejects it: "
    return terminal.answer(to: question).map(Self.replaces) ?? false ? .always : .reject
  }

  /// What a typed line answers; nil for one that has to be asked again.
  static func answer(_ line: [UInt8]) -> TrustDesk.Answer? {
    switch word(line) {
    case "", "r", "reject": .reject
    case "o", "once": .once
    case "a", "always": .always
    default: nil
    }
  }

  static func replaces(_ line: [UInt8]) -> Bool { word(line) == "replace" }

  private static func word(_ line: [UInt8]) -> String {
    String(decoding: line.filter { $0 > 0x20 }, as: UTF8.self).lowercased()
  }

  private func text(_ question: TrustQuestion, _ previous: [TrustedCertificate]) -> String {
    let server = question.server
    let host = "\(SafeText.escape(server.host)) port \(server.port)"
    var lines: [String] = [""]
    if previous.isEmpty {
      lines.append("The certificate of \(host) is not trusted yet.")
    } else {
      lines.append("WARNING: the certificate of \(host) has CHANGED.")
      lines.append("Somebody may be between you and the server, or its owner has renewed it. Ask the owner.")
      for old in previous {
        lines.append("")
        lines.append("Trusted until now, since \(Timestamp(seconds: old.firstSeen).dayText):")
        lines += CertificateText(old.certificate).lines.map { "  " + $0 }
      }
      lines.append("")
      lines.append("Shown now:")
    }
    lines += CertificateText(question.chain[0]).lines.map { "  " + $0 }
    lines.append("  Connection   \(SafeText.escape(question.tlsVersion)), \(SafeText.escape(question.cipher))")
    for problem in question.problems { lines.append("  \(problem)") }
    return lines.joined(separator: "\n") + "\n"
  }
}
