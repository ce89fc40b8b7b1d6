import Glibc
package import SystemPackage

/// A local file that is open; closed when the last reference goes.
package final class OpenFile: Sendable {
  package let descriptor: FileDescriptor
  /// For messages, escaped.
  package let label: String

  package init(_ descriptor: FileDescriptor, label: String) {
    self.descriptor = descriptor
    self.label = label
  }

  deinit { _ = Glibc.close(descriptor.rawValue) }
}

/// A local folder that is open, under which names are looked up; closed when the last reference goes.
package final class OpenFolder: Sendable {
  package let descriptor: FileDescriptor
  /// For messages, escaped.
  package let label: String

  package init(_ descriptor: FileDescriptor, label: String) {
    self.descriptor = descriptor
    self.label = label
  }

  deinit { _ = Glibc.close(descriptor.rawValue) }
}
