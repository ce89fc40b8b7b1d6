internal import COpenSSL

/// The error queue that OpenSSL keeps for each thread. Cleared before every call whose errors are read after it, since
/// an old entry would otherwise be taken for a failure of that call.
enum ErrorQueue {
  static func clear() {
    ERR_clear_error()
  }

  /// Takes all entries, oldest first.
  static func drain() -> [Entry] {
    var entries: [Entry] = []
    while true {
      let code = ERR_get_error()
      if code == 0 { return entries }
      entries.append(Entry(code: code))
    }
  }

  /// The oldest reason in words: it is the nearest to the cause.
  static func reason() -> String {
    drain().first?.text ?? "no reason given"
  }

  struct Entry {
    let code: UInt

    var library: Int32 { ERR_GET_LIB(code) }
    var reason: Int32 { ERR_GET_REASON(code) }

    var text: String {
      guard let text = ERR_reason_error_string(code) else { return "error \(code)" }
      return String(cString: text)
    }

    /// The alert of the peer that this entry stands for: OpenSSL adds 1000 to its code.
    var peerAlert: TLSAlert? {
      guard library == ERR_LIB_SSL, reason >= SSL_AD_REASON_OFFSET else { return nil }
      return UInt8(exactly: reason - SSL_AD_REASON_OFFSET).map(TLSAlert.init(rawValue:))
    }
  }
}

/// Runs an OpenSSL call that returns 1 for success, and says what it refused otherwise.
func check(_ what: String, _ call: @autoclosure () -> Int32) throws(TLSError) {
  ErrorQueue.clear()
  if call() != 1 { throw .refused(what: what, reason: ErrorQueue.reason()) }
}
