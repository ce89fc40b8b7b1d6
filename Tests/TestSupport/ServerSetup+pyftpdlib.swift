import Foundation
import SystemPackage

extension ServerSetup {
  /// pyftpdlib through `Tests/Servers/pyftpdlib_server.py`.
  func pyftpdlib() throws -> Plan {
    let settings = PyftpdlibSettings(
      address: "127.0.0.1", userNumber: isRoot ? owner.user : nil, port: ports.control,
      firstPassive: ports.passive.lowerBound,
      lastPassive: ports.passive.upperBound, user: RealServer.user, password: options.password, root: root.string,
      certificate: options.certificate.both.string,
      authority: options.requiresClientCertificate ? TestCertificates.authority.string : "",
      minimum: options.versions == .only13 ? "1.3" : "1.2", maximum: options.versions == .only12 ? "1.2" : "1.3",
      log: folder.appending("pyftpdlib.log").string, unknown: options.extra)
    let file = try folder.write(Array(JSONEncoder().encode(settings)), to: "settings.json")
    let script = ProjectFolders.servers.appending("pyftpdlib_server.py").string
    return Plan(
      program: Program(unpacked("pyftpdlib/bin/python"), ["-B", script, file.string]),
      logs: [folder.appending("pyftpdlib.log")])
  }
}

/// The settings file of pyftpdlib_server.py.
private struct PyftpdlibSettings: Encodable {
  let address: String
  /// The user to become after start-up.
  let userNumber: UInt32?
  let port, firstPassive, lastPassive: Int
  let user, password, root, certificate, authority, minimum, maximum, log: String
  let unknown: [String]
}
