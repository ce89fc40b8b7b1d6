/// What is wrong with a text that should be an address, and what to write instead.
package enum AddressProblem: Hashable, Sendable, CustomStringConvertible {
  case noScheme(String)
  case unknownScheme(String)
  case noHost
  case host(String)
  case bareIPv6(String)
  case unclosedBracket
  case internationalHost(String)
  case port(String)
  case escape(String)
  case forbidden(in: String)
  case userNotUTF8
  case emptyUser

  package var description: String {
    switch self {
    case .noScheme(let text): "“\(text)” is not an address: write ftpes://\(text) for explicit TLS"
    case .unknownScheme(let scheme):
      scheme == "sftp"
        ? "sftp:// is SSH and not FTP: Ferry speaks ftpes:// (explicit TLS) and ftps:// (implicit TLS)"
        : "“\(scheme)://” is not known: write ftpes:// (explicit TLS) or ftps:// (implicit TLS)"
    case .noHost: "the address names no host: write ftpes://host.example.org/folder"
    case .host(let host): "“\(host)” is neither a host name nor an IP address"
    case .bareIPv6(let host): "an IPv6 address stands in brackets: write [\(host)]"
    case .unclosedBracket: "the “[” of the IPv6 address is not closed: write [2001:db8::1]"
    case .internationalHost(let host): "write the ASCII form of “\(host)”, which starts with xn--"
    case .port(let port):
      port.isEmpty
        ? "the port after “:” is missing: write a number from 1 to 65535 or leave the “:” out"
        : "“\(port)” is not a port: write a number from 1 to 65535"
    case .escape(let part):
      "“\(part)” has a “%” that is not followed by two hexadecimal digits: write %25 for “%” itself"
    case .forbidden(let part): "the \(part) contains a control byte, which cannot be part of an address"
    case .userNotUTF8: "the user name is not UTF-8"
    case .emptyUser: "the user name before “@” is missing"
    }
  }
}
