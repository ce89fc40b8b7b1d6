package import FTP
package import NIOCore
package import SystemPackage
package import TLS

/// What a server shares, with whom, and within which limits.
package struct ServerConfiguration: Sendable {
  /// The folder that clients see as "/"; it must exist.
  package var root: FilePath
  /// The numeric address to listen on.
  package var address = "127.0.0.1"
  /// 0 lets the system choose.
  package var port = 0
  package var mode = TLSMode.explicit
  package var identity: Identity
  /// Whether clients are asked for certificates, and who decides on them.
  package var clientCertificates = ClientCertificateDemand.off
  package var minimumTLS = TLSVersion.tls12
  package var maximumTLS = TLSVersion.tls13
  package var login: any LoginVerifier
  package var isReadOnly = false
  /// Permission bits that what clients upload does not get, of 0666 for files and 0777 for folders; nil leaves that to
  /// the process's umask.
  package var umask: UInt32?
  /// Whether a data connection must resume a session of its own control connection, or show the client certificate of
  /// that, which proves that the same client opened it. Off only for clients that can do neither.
  package var requiresResumption = true
  /// The first line that a client reads.
  package var greeting = "Ferry is ready"
  /// Ports for data connections; nil lets the system choose.
  package var passivePorts: ClosedRange<Int>?
  package var limits = Limits()

  /// What keeps clients from taking more than their share.
  package struct Limits: Sendable {
    /// Control connections at the same time, of all and of each address.
    package var connections = 64
    package var connectionsPerAddress = 32
    /// Without a command and without a transfer, the control connection ends after this.
    package var idle = TimeAmount.minutes(5)
    /// From the connection to the log-in.
    package var login = TimeAmount.minutes(2)
    /// A transfer in which not a byte moves for this long fails.
    package var stall = TimeAmount.seconds(60)
    /// A client that does not take a reply for this long is cut off.
    package var reply = TimeAmount.seconds(30)
    /// From the connection to the end of its TLS handshake, for control and for data connections.
    package var handshake = TimeAmount.seconds(20)
    /// How long the other side of a data connection has for its orderly end.
    package var closing = TimeAmount.seconds(10)
    /// Bytes a second of all transfers together; nil for no limit.
    package var bytesPerSecond: Int64?
    /// What the first wrong password costs; each further one costs twice as much.
    package var loginDelay = TimeAmount.milliseconds(500)

    package init() {}
  }

  package init(root: FilePath, identity: Identity, login: any LoginVerifier) {
    precondition(!root.isEmpty)
    self.root = root
    self.identity = identity
    self.login = login
  }
}
