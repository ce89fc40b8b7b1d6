import FTP
import Storage

/// FileZilla's `sitemanager.xml`.
enum SiteManagerFile {
  /// One site of the file.
  struct Entry: Equatable {
    /// With the folders that it lies in.
    var name = ""
    var host = ""
    var port: Int?
    /// 0 is FTP with TLS where the server has it, 3 implicit TLS, 4 explicit TLS, 6 no TLS; others are not FTP.
    var protocolNumber = 0
    /// 0 is anonymous.
    var loginType = 0
    var user = ""
    var hasPassword = false
    var localFolder = ""
    var remoteFolder = ""
    var notes = ""

    /// - Throws: ``ItemProblem`` for what Ferry cannot connect to.
    func site(allowsPlaintext: Bool) throws -> Site {
      let mode: TLSMode
      switch protocolNumber {
      case 0, 4: mode = .explicit
      case 3: mode = .implicit
      case 6:
        guard allowsPlaintext else {
          throw ItemProblem("It has no encryption; --plaintext takes it over all the same.")
        }
        mode = .plaintext
      default: throw ItemProblem("It is no FTP server.")
      }
      let address: FTPAddress
      let place = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
      do {
        var parsed = try FTPAddress(
          "\(mode == .implicit ? "ftps" : "ftpes")://\(place)" + (port.map { ":\($0)" } ?? ""))
        parsed.mode = mode
        address = parsed
      } catch {
        throw ItemProblem(Headless.sentence(error))
      }
      let server = ServerAddress(
        host: address.host, port: address.port, mode: mode, user: loginType == 0 || user.isEmpty ? nil : user)
      do { _ = try SiteCommand.checked(name) } catch { throw ItemProblem("\(error)") }
      return Site(
        id: 0, name: name, address: server, remotePath: try remotePath(),
        localPath: localFolder.isEmpty ? nil : Array(localFolder.utf8), notes: notes)
    }

    /// "1 0 3 www 4 html": a type, a prefix with its length, and each folder with its length.
    private func remotePath() throws -> RemotePath? {
      var rest = remoteFolder[...]
      func number() -> Int? {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(digits.count)
        if rest.first == " " { rest = rest.dropFirst() }
        return Int(digits)
      }
      // Only paths of the usual type are sure to mean the same here.
      guard number() == 1, number() == 0 else { return nil }
      var path = ""
      while let length = number() {
        path += "/" + rest.prefix(length)
        rest = rest.dropFirst(length)
        if rest.first == " " { rest = rest.dropFirst() }
      }
      do { return path.isEmpty ? nil : try RemotePath(Array(path.utf8)) } catch {
        throw ItemProblem(Headless.sentence(error))
      }
    }
  }

  /// - Throws: `XMLReader.Problem` for what is no XML, or is not FileZilla's.
  static func entries(of bytes: [UInt8]) throws(XMLReader.Problem) -> [Entry] {
    let root = try XMLReader.read(bytes)
    guard root.name.hasPrefix("FileZilla") else {
      throw XMLReader.Problem(what: "its first element is not FileZilla's", line: 1)
    }
    return entries(in: root.child("Servers") ?? root, path: [])
  }

  /// - Parameter path: the folders around; a folder's name stands directly in it.
  private static func entries(in folder: XMLReader.Element, path: [String]) -> [Entry] {
    folder.children.flatMap { element in
      switch element.name {
      case "Folder": return entries(in: element, path: element.text.isEmpty ? path : path + [element.text])
      case "Server":
        var entry = Entry()
        for part in element.children { entry.set(part.name, part.text) }
        // Some versions write the name directly into the element.
        if entry.name.isEmpty { entry.name = element.text.isEmpty ? entry.host : element.text }
        entry.name = (path + [entry.name]).joined(separator: "/")
        return [entry]
      default: return []
      }
    }
  }
}

extension SiteManagerFile.Entry {
  fileprivate mutating func set(_ element: String, _ text: String) {
    switch element {
    case "Host": host = text
    case "Port": port = Int(text)
    case "Protocol": protocolNumber = Int(text) ?? -1
    case "Logontype": loginType = Int(text) ?? 1
    case "User": user = text
    case "Pass": hasPassword = !text.isEmpty
    case "Name": name = text
    case "LocalDir": localFolder = text
    case "RemoteDir": remoteFolder = text
    case "Comments": notes = text
    default: break
    }
  }
}
