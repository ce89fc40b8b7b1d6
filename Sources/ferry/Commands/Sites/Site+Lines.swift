import FTP
import Storage

extension Site: Record {
  /// The name and the address.
  var line: String {
    var line = "\(SafeText.escape(name))  \(FTPAddress(server: address, path: remotePath))"
    if let localPath { line += "  \(SafeText.escape(localPath))" }
    if mayExchange { line += "  FXP" }
    return line
  }

  var json: JSONObject {
    var object = JSONObject()
    object.add("name", name)
    object.add("address", "\(FTPAddress(server: address, path: remotePath))")
    object.add("encryption", address.mode.rawValue)
    if let localPath { object.add("local", bytes: localPath) }
    object.add("identity", identity)
    object.add("fxp", mayExchange)
    object.add("notes", notes)
    object.add("lastUsed", lastUsed)
    return object
  }
}
