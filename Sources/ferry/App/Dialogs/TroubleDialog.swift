import FTP
import Transfers

extension AppState {
  /// Says what is wrong and what waits for it. Transfers go on when the person says so, or stay where they are.
  mutating func openTrouble(_ question: TroubleQuestion) {
    var body: [FormLine] = [.text(question.reason), .blank]
    var waiting = Count.of(question.weight.items, "transfer", "transfers")
    if question.weight.bytesLeft > 0 { waiting += ", \(ByteText.long(question.weight.bytesLeft)) to go" }
    body.append(.pair("Waiting", waiting, .text))
    let title: String
    switch question.kind {
    case .noRoom(let free):
      title = "No room"
      if let free {
        let isEnough = free > question.weight.bytesLeft
        body.append(.pair("Free now", ByteText.long(free), isEnough ? .good : .warning))
      }
    case .server(let server):
      title = "No connection"
      body.insert(.pair("Server", SafeText.escape(Array(server.utf8)), .text), at: 2)
    }
    let form = Form(title, body: body, buttons: [FormButton("Try again", "t"), FormButton("Later", "l")], width: 64)
    layers.append(.dialog(Dialog(.trouble(question), form)))
  }
}
