/// Another certificate than the one that was trusted before: what differs, and how it looks.
package struct CertificateChange: Hashable, Sendable {
  /// How the new certificate is connected with the old one, the calmest first.
  package enum Verdict: Hashable, Sendable {
    /// Renewed with the same key.
    case sameKey
    /// Renewed by the same issuer as the old one ran out.
    case renewal(issuer: String, Remaining)
    /// The old one vouched for itself; now the system's authorities vouch for this host.
    case nowVouchedFor(issuer: String)
    /// By the same issuer, and issued before the old one was seen last: two machines, it seems.
    case severalMachines(issuer: String)
    /// By the same issuer, long before the old one ran out.
    case earlyRenewal(issuer: String, Remaining)
    /// By the same issuer, but issued before the one that was trusted.
    case olderAgain(issuer: String)
    /// Both vouch for themselves, and the old one ran out: plausible, and proved by nothing.
    case unproven(Remaining)
    /// Nothing connects them.
    case everything
  }

  /// The time that the old certificate has left, in whole days; negative where it has expired.
  package struct Remaining: Hashable, Sendable {
    package let days: Int
  }

  /// What a person compares, in the order of a certificate.
  package enum Field: Int, Hashable, Sendable, CaseIterable {
    case subject, issuer, names, validity, serial, key, publicKey, signatureAlgorithm, uses
  }

  package let verdict: Verdict
  /// What is not the same in both.
  package let differing: Set<Field>

  /// Days before its end in which owners renew a certificate.
  private static let renewalDays = 30

  /// Compares a chain that a server shows with what was trusted for it.
  ///
  /// - Parameters:
  ///   - old: the certificate that was trusted, with the issuers that came with it.
  ///   - lastSeen: when the server showed the old one last; seconds since 1970.
  ///   - new: what the server shows now, leaf first; not empty.
  ///   - problems: what speaks against `new`, with the system's authorities; empty means that they vouch for it.
  ///   - now: seconds since 1970.
  package init(
    from old: [Certificate], lastSeen: Int64, to new: [Certificate], problems: [CertificateProblem], host: String,
    at now: Int64
  ) {
    let (before, after) = (old[0].details, new[0].details)
    differing = Self.difference(old[0], new[0])
    let left = Remaining(days: Self.daysLeft(before.validity(at: now)))
    let issuer = after.issuer.shortName
    let isNearEnd = left.days <= Self.renewalDays
    if !differing.contains(.publicKey) {
      verdict = .sameKey
    } else if ChainCheck.signers(of: old).contains(where: { ChainCheck.isProven(new, by: $0, host: host, at: now) }) {
      if after.notBefore < before.notBefore {
        verdict = .olderAgain(issuer: issuer)
      } else if isNearEnd {
        verdict = .renewal(issuer: issuer, left)
      } else if after.notBefore <= lastSeen {
        verdict = .severalMachines(issuer: issuer)
      } else {
        verdict = .earlyRenewal(issuer: issuer, left)
      }
    } else if problems.isEmpty, before.isSelfIssued {
      verdict = .nowVouchedFor(issuer: issuer)
    } else if before.isSelfIssued, after.isSelfIssued, before.subject == after.subject, isNearEnd,
      after.notBefore > before.notBefore, !problems.contains(where: { $0.isAboutDates || $0.needsEyes })
    {
      verdict = .unproven(left)
    } else {
      verdict = .everything
    }
  }

  private static func daysLeft(_ validity: CertificateDetails.Validity) -> Int {
    switch validity {
    case .valid(let days): days
    case .over(let days): -days - 1
    case .notYet: Int.max
    }
  }

  private static func difference(_ old: Certificate, _ new: Certificate) -> Set<Field> {
    let (before, after) = (old.details, new.details)
    return Set(
      Field.allCases.filter { field in
        switch field {
        case .subject: before.subject != after.subject
        case .issuer: before.issuer != after.issuer
        case .names: Set(before.names + before.otherNames) != Set(after.names + after.otherNames)
        case .validity: before.notBefore != after.notBefore || before.notAfter != after.notAfter
        case .serial: before.serial != after.serial
        case .key: before.key != after.key
        case .publicKey: old.publicKeySHA256 != new.publicKeySHA256
        case .signatureAlgorithm: before.signatureAlgorithm != after.signatureAlgorithm
        case .uses:
          before.keyUsages != after.keyUsages || before.extendedKeyUsages != after.extendedKeyUsages
            || before.isAuthority != after.isAuthority
        }
      })
  }
}

extension CertificateChange.Verdict: CustomStringConvertible {
  /// How much a person should be alarmed.
  package enum Alarm: Int, Hashable, Sendable, Comparable {
    case low, middle, high

    package static func < (left: Alarm, right: Alarm) -> Bool { left.rawValue < right.rawValue }
  }

  package var alarm: Alarm {
    switch self {
    case .sameKey, .renewal: .low
    case .nowVouchedFor, .severalMachines, .earlyRenewal: .middle
    case .olderAgain, .unproven, .everything: .high
    }
  }

  /// A few words, as the head of what follows.
  package var title: String {
    switch self {
    case .sameKey: "Renewed with the same key"
    case .renewal: "Renewed by the same issuer"
    case .nowVouchedFor: "Now an authority vouches for it"
    case .severalMachines: "Perhaps another machine of the same host"
    case .earlyRenewal: "By the same issuer, but early"
    case .olderAgain: "An older certificate is shown again"
    case .unproven: "Perhaps renewed by its owner"
    case .everything: "Possible attack: nothing connects it with the old one"
    }
  }

  /// What it means and what to do, in plain sentences; foreign text in them is escaped.
  package var description: String {
    switch self {
    case .sameKey:
      "The new certificate has the key that you trusted, and the server has proved that it holds it."
    case .renewal(let issuer, let left):
      "The new certificate is signed by the same issuer, “\(printable(issuer))”, as the old one \(left)."
    case .nowVouchedFor(let issuer):
      "The old certificate vouched for itself; for the new one vouches “\(printable(issuer))”, which this system trusts. "
        + "Owners do this, yet ask if you can."
    case .severalMachines(let issuer):
      "The same issuer, “\(printable(issuer))”, signed both, and both were in use at the same time: several machines may "
        + "answer for this host. If its owner says so, keep both."
    case .earlyRenewal(let issuer, let left):
      "The same issuer, “\(printable(issuer))”, signed both, but the old one \(left). It may have been replaced because "
        + "its key was lost: ask the owner."
    case .olderAgain(let issuer):
      "The same issuer, “\(printable(issuer))”, signed both, but this one is older than the one you trusted. Somebody may "
        + "use a certificate that was given up: ask the owner."
    case .unproven(let left):
      "Both certificates vouch for themselves, and the old one \(left). Anybody can make such a one: compare the "
        + "fingerprint with the owner's."
    case .everything:
      "Nothing connects the new certificate with the one you trusted. Somebody may be between you and the server: accept "
        + "it only if its owner confirms the fingerprint."
    }
  }
}

extension CertificateChange.Remaining: CustomStringConvertible {
  /// "ran out 3 days ago", "has 12 days left".
  package var description: String {
    switch days {
    case ..<(-1): "ran out \(-days) days ago"
    case -1: "ran out within the last day"
    case 0: "runs out today"
    case 1: "has 1 day left"
    default: "has \(days) days left"
    }
  }
}
