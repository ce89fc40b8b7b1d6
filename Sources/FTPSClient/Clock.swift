import FTP
import Glibc

/// Seconds since 1970 in UTC.
func now() -> Int64 {
  Int64(time(nil))
}

extension Timestamp {
  static var now: Timestamp { Timestamp(seconds: FTPSClient.now()) }
}
