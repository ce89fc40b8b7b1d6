// swift-tools-version:6.2

import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
  // Otherwise nothing generic of a floor is specialised for those above it.
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")

// A target imports only what stands below it in this list.
let package = Package(
  name: "ferry",
  products: [.executable(name: "ferry", targets: ["ferry"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
  ],
  targets: [
    .systemLibrary(name: "COpenSSL"),
    .target(name: "CNcurses", publicHeadersPath: "."),

    .target(name: "FTP", swiftSettings: settings),
    .target(name: "TLS", dependencies: ["COpenSSL"], swiftSettings: settings),
    .target(name: "TLSChannel", dependencies: ["TLS", nioCore], swiftSettings: settings),
    .target(name: "Terminal", dependencies: ["CNcurses"], swiftSettings: settings),
    .target(
      name: "Storage",
      dependencies: ["FTP", "TLS", systemPackage, .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: settings),
    .target(
      name: "FTPSClient",
      dependencies: ["FTP", "TLS", "TLSChannel", nioCore, nioPosix, deque],
      swiftSettings: settings),
    .target(
      name: "FTPSServer",
      dependencies: ["FTP", "TLS", "TLSChannel", nioCore, nioPosix, systemPackage],
      swiftSettings: settings),
    .target(
      name: "Transfers",
      dependencies: ["FTP", "TLS", "FTPSClient", "Storage", nioCore, nioPosix, systemPackage, deque],
      swiftSettings: settings),
    .executableTarget(
      name: "ferry",
      dependencies: [
        "FTP", "TLS", "TLSChannel", "FTPSClient", "FTPSServer", "Storage", "Transfers", "Terminal", nioCore, nioPosix,
        systemPackage, argumentParser, deque,
        .product(name: "TOMLKit", package: "TOMLKit"),
      ],
      swiftSettings: settings,
      // Half of the time to the first screen was the loading of Swift's own libraries. Of the program's own pages the names
      // of what it could export, which nobody asks for, and 2.6 MB of relocations were the first to be read: these are
      // packed, which glibc understands from 2.36 on.
      linkerSettings: [
        .unsafeFlags(
          [
            "-static-stdlib", "-lCoreFoundation", "-l_FoundationCollections", "-l_FoundationCShims", "-l_FoundationICU",
            "-lstdc++", "-use-ld=lld", "-Xlinker", "--no-export-dynamic", "-Xlinker", "-z", "-Xlinker",
            "pack-relative-relocs",
          ], .when(configuration: .release))
      ]),

    // What the tests share: temporary folders, the real servers, a driver for the program in a terminal.
    .target(
      name: "TestSupport", dependencies: ["TLS", systemPackage], path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(name: "FTPTests", dependencies: ["FTP"], swiftSettings: settings),
    .testTarget(
      name: "TLSTests", dependencies: ["TLS", "COpenSSL", "TestSupport", systemPackage], swiftSettings: settings),
    .testTarget(name: "TerminalTests", dependencies: ["Terminal"], swiftSettings: settings),
    .testTarget(
      name: "StorageTests",
      dependencies: [
        "Storage", "FTP", "TLS", "TestSupport", systemPackage, .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "FTPSClientTests",
      dependencies: ["FTPSClient", "FTP", "TLS", "TLSChannel", "TestSupport", nioCore, nioPosix, nioEmbedded, systemPackage],
      swiftSettings: settings),
    .testTarget(
      name: "FTPSServerTests",
      dependencies: [
        "FTPSServer", "FTPSClient", "FTP", "TLS", "TLSChannel", "TestSupport", nioCore, nioPosix, systemPackage,
      ],
      swiftSettings: settings),
    .testTarget(
      name: "TransfersTests",
      dependencies: [
        "Transfers", "FTPSClient", "FTPSServer", "Storage", "FTP", "TLS", "TestSupport", nioCore, nioPosix,
        systemPackage,
      ],
      swiftSettings: settings),
    .testTarget(
      name: "FerryTests",
      dependencies: [
        "ferry", "FTP", "TLS", "FTPSClient", "FTPSServer", "Storage", "Transfers", "Terminal", "TestSupport", nioCore,
        nioPosix, systemPackage, argumentParser,
      ],
      swiftSettings: settings),
    .testTarget(name: "EndToEndTests", dependencies: ["TestSupport", systemPackage], swiftSettings: settings),
  ]
)
