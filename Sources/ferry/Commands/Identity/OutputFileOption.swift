import ArgumentParser
import FTP
import Glibc
import Storage
import SystemPackage

/// Where a command writes what it makes.
struct OutputFileOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write to this file instead of standard output; one that is there is replaced.", valueName: "file"))
  var out: FilePath?

  /// Refuses to write what is no text to a terminal.
  func checkBinary() throws {
    if out == nil, isatty(STDOUT_FILENO) == 1 {
      throw UsageProblem("That is no text for a terminal: name a file with --out.")
    }
  }

  /// Writes it: a file is replaced in one step, for its owner alone.
  ///
  /// - Throws: ``UsageProblem``.
  func write(_ bytes: [UInt8], isBinary: Bool = false) throws {
    if isBinary { try checkBinary() }
    guard let out else { return Output.write(bytes, to: STDOUT_FILENO) }
    do { try PrivateFile.write(bytes, to: LocalPaths.absolute(out.string)) } catch {
      throw UsageProblem("--out: \(error)")
    }
  }
}

/// Files of certificates and requests that a person names.
enum InputFile {
  /// Reads one; "-" is standard input.
  ///
  /// - Throws: ``UsageProblem``.
  static func read(_ path: FilePath, limit: Int = 1 << 20) throws -> [UInt8] {
    let name = SafeText.escape(path.string)
    do {
      let descriptor: FileDescriptor =
        path == "-" ? .standardInput : try .open(path, .readOnly, options: .closeOnExec)
      defer { if path != "-" { try? descriptor.close() } }
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65536)
      while true {
        let count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
        if count == 0 { return bytes }
        bytes += buffer[..<count]
        if bytes.count > limit { throw UsageProblem("\(name) is larger than \(limit >> 20) MiB, so it was not read.") }
      }
    } catch let error as Errno {
      throw UsageProblem("\(name) cannot be read: \(error).")
    }
  }
}
