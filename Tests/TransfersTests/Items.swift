import FTP
import Transfers

/// Short ways to say what the tests are about.
extension TransferItem.ID: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Int64) { self.init(value) }
}

extension FileName: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) {
    do { try self.init(value) } catch { preconditionFailure("\(error)") }
  }
}

let server = ServerAddress(host: "files.example.org", user: "ada")
let otherServer = ServerAddress(host: "files.example.com", user: "ada")

func batch(
  _ id: Int64 = 1, from source: Place = .remote(server), to target: Place = .local,
  _ operation: TransferRequest.Operation = .copy, policy: ConflictPolicy = .ask, isAttended: Bool = true
) -> TransferBatch {
  TransferBatch(
    id: TransferBatch.ID(id), source: source, target: target, operation: operation, policy: policy,
    isAttended: isAttended)
}

func item(
  _ id: TransferItem.ID, batch: Int64 = 1, _ kind: TransferItem.Kind = .file, _ path: String? = nil,
  parent: TransferItem.ID? = nil, size: Int64? = 100, state: ItemState = .waiting
) -> TransferItem {
  let path = path ?? "/\(id.rawValue)"
  return TransferItem(
    id: id, batch: TransferBatch.ID(batch), parent: parent, kind: kind, source: ItemPath(bytes: Array(path.utf8)),
    target: ItemPath(bytes: Array("/there\(path)".utf8)), depth: parent == nil ? 1 : 2, size: size,
    token: UInt64(id.rawValue), state: state)
}
