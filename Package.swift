// swift-tools-version: 6.2
// The architecture page: targets stand in the order in which a record flows through them, and each
// may depend only on targets above it. A test holds this order.
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A C library of the system: only the `Lib…` doors and `Storage` import one.
func system(_ name: String, _ pkgConfig: String, apt package: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// Headers alone: what they describe is loaded at run time.
func system(_ name: String) -> Target {
    .systemLibrary(name: name)
}

/// Every command reads all definitions at its start. Without optimisation that takes half a second,
/// thousands of times in the tests.
let readAtEachStart: Set = ["Records", "Definitions", "Mappings", "Programmes"]
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: dependencies,
        swiftSettings: settings + (readAtEachStart.contains(name) ? optimised : []))
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.target(name: name)] + dependencies,
        exclude: exclude, swiftSettings: settings)
}

/// Built only when it is asked for: `SHANGBAO_BENCHMARKS=1 swift build -c release --product Benchmarks`.
let benchmarks: [Target] =
    Context.environment["SHANGBAO_BENCHMARKS"] == nil
    ? []
    : [
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "LibCrypto", "LibCurl", "LibZlib", "Storage", "Records", "Definitions", "Intake",
                "Mappings", "Validation", "Privacy", "Submissions", "Evidence", "Delivery",
                "Settlements", "Programmes", "Flow", "Samples", "Rehearsal",
            ], path: "Benchmarks", swiftSettings: settings)
    ]

let package = Package(
    name: "shangbao",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "shangbao", targets: ["ShangbaoCLI"]),
        // Loaded before the program by its tests.
        .library(name: "CanaryWatch", type: .dynamic, targets: ["CanaryWatch"]),
        .library(name: "OldOpenSSL", type: .dynamic, targets: ["OldOpenSSL"]),
        // For the tests: a cipher machine's library, loaded at run time.
        .library(name: "SoftSDF", type: .dynamic, targets: ["SoftSDF"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        system("CLibXML2", "libxml-2.0", apt: "libxml2-dev"),
        system("CLibCurl", "libcurl", apt: "libcurl4-openssl-dev"),
        system("CLibSSH2", "libssh2", apt: "libssh2-1-dev"),
        system("COpenSSL", "openssl", apt: "libssl-dev"),
        system("CGcrypt", "libgcrypt", apt: "libgcrypt20-dev"),
        system("CISAL", "libisal", apt: "libisal-dev"),
        system("CSQLite", "sqlite3", apt: "libsqlite3-dev"),
        system("CLibPQ", "libpq", apt: "libpq-dev"),
        system("CZlib", "zlib", apt: "zlib1g-dev"),
        system("CXlsxWriter", "xlsxwriter", apt: "libxlsxwriter-dev"),
        system("CCairo", "cairo-pdf", apt: "libcairo2-dev"),
        system("CLibZip", "libzip", apt: "libzip-dev"),
        system("CQREncode", "libqrencode", apt: "libqrencode-dev"),
        system("CTokens"),

        // One C handle, one thread: Swift's shared threads never wait for a disk or a network.
        target("Blocking"),
        // XML: guarded parsing, schemas compiled once.
        target("LibXML", ["CLibXML2"]),
        // HTTPS with a client certificate, a pinned authority and no redirects.
        target("LibCurl", ["CLibCurl"]),
        // SFTP with a pinned host key.
        target("LibSSH", ["CLibSSH2"]),
        // Both suites: digests, sealed fields, signatures, wrapped keys, certificates.
        target("LibCrypto", ["COpenSSL", "CGcrypt"]),
        // Keys in tokens and cipher machines: PKCS#11 and SDF, loaded at run time.
        target("LibTokens", ["LibCrypto", "CTokens"]),
        // gzip and deflate with a ceiling.
        target("LibZlib", ["CISAL", "CZlib"]),
        // Workbooks for people: merged heads, widths, page numbers.
        target("LibXlsx", ["CXlsxWriter"]),
        // ZIP containers with their files in a fixed order.
        target("LibZip", ["CLibZip"]),
        // Pages for people: Chinese type, tables that run on, page numbers.
        target("LibPDF", ["CCairo", "CQREncode"]),
        // A database file or a server; one writer at a time, bound SQL.
        target("Storage", ["Blocking", "CSQLite", "CLibPQ"]),

        // Nouns: dates, money, values, findings, names.
        target("Records"),
        // Data files read strictly: dictionaries and code lists.
        target("Definitions", ["Records", .product(name: "Yams", package: "Yams")]),
        // A clinic's file becomes rows of cells.
        target("Intake", ["LibXML", "LibZlib", "Records"]),
        // Cells become a programme's record.
        target("Mappings", ["Records", "Definitions"]),
        // Records pass the programme's rules.
        target("Validation", ["Records", "Definitions", "Mappings"]),
        // Records become what may leave; keys, approvals, review.
        target(
            "Privacy",
            ["LibCrypto", "LibPDF", "Records", "Definitions", "Mappings", "Validation"]),
        // The waist: sealed, checked, signed submissions.
        target(
            "Submissions", ["LibXML", "LibCrypto", "LibZlib", "Records", "Definitions", "Privacy"]),
        // What happened, chained.
        target("Evidence", ["LibCrypto", "Storage", "Records"]),
        // Durable, retried, answered: bytes only.
        target(
            "Delivery",
            [
                "Blocking", "LibXML", "LibCurl", "LibSSH", "LibCrypto", "LibZlib", "Storage",
                "Records", "Evidence",
            ]),
        // What runs when: calendar, windows, deadlines counted backwards; no clock and no database.
        target("Schedules", ["Records", "Definitions"]),
        // Balance, reconciliation and statements: functions of the ledger.
        target(
            "Settlements",
            ["LibCrypto", "LibPDF", "LibXlsx", "LibZip", "Records", "Definitions", "Evidence"]),
        // Incidents, and who is told of them.
        target(
            "Notices",
            ["Blocking", "LibCurl", "LibCrypto", "Storage", "Records", "Definitions"]),
        // What lies under mappings/: programmes, profiles, lint.
        target(
            "Programmes",
            [
                "LibXML", "Records", "Definitions", "Mappings", "Validation", "Submissions",
                "Delivery",
            ]),
        // The page one reads first: arrival, preparation, exchange, closing.
        target(
            "Flow",
            [
                "LibCurl", "LibSSH", "LibCrypto", "LibTokens", "LibXML", "LibZlib", "Storage",
                "Records", "Definitions", "Intake", "Mappings",
                "Validation", "Privacy", "Submissions", "Evidence", "Delivery", "Schedules",
                "Settlements", "Notices", "Programmes",
            ]),

        // The service that runs all the time, as those who watch it see it.
        target(
            "Operations",
            [
                "LibCrypto", "LibCurl", "Storage", "Records", "Definitions", "Evidence",
                "Delivery", "Schedules", "Notices", "Programmes", "Flow",
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ]),

        // Invented people for the demo, the tests and the benchmark.
        target("Samples", ["Records", "Definitions", "Intake", "Mappings"]),
        // The pretend national system: an independent reading of the exchange protocol.
        target(
            "Rehearsal",
            [
                "Blocking", "LibXML", "LibCrypto", "LibZlib", "Storage", "Records",
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ]),

        // The command: one file a command.
        .executableTarget(
            name: "ShangbaoCLI",
            dependencies: [
                "LibXML", "LibCurl", "LibSSH", "LibCrypto", "Storage", "Records", "Definitions",
                "Intake",
                "Mappings",
                "Validation", "Privacy", "Submissions", "Evidence", "Delivery", "Schedules",
                "Settlements", "Notices", "Programmes", "Flow", "Operations", "Samples",
                "Rehearsal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], swiftSettings: settings),

        // One clean couple, for the tests of the left half.
        .target(
            name: "TestKit", dependencies: ["Records", "Definitions", "Mappings", "Validation"],
            path: "Tests/TestKit", swiftSettings: settings),
        // A real server for the tests, and which database they run on.
        .target(
            name: "DatabaseKit", dependencies: ["Storage"], path: "Tests/DatabaseKit",
            swiftSettings: settings),
        // A real SFTP server for the tests, and a network that breaks.
        .target(name: "DropKit", path: "Tests/DropKit", swiftSettings: settings),
        // What the tests' process has in its environment from the start.
        .target(name: "EarlyEnvironment", path: "Tests/EarlyEnvironment"),
        // Devices that hold keys, for the tests: real tokens, and a cipher machine in software.
        .target(name: "DeviceKit", path: "Tests/DeviceKit", swiftSettings: settings),
        .target(
            name: "SoftSDF", dependencies: [], path: "Tests/SoftSDF",
            linkerSettings: [.linkedLibrary("crypto")]),
        // Whole lives of a queue with a virtual clock and seeded faults.
        .target(
            name: "Simulation",
            dependencies: [
                "LibCrypto", "Storage", "Records", "Evidence", "Delivery", "Programmes", "TestKit",
            ],
            path: "Tests/Simulation", swiftSettings: settings),
        .executableTarget(
            name: "Simulate", dependencies: ["Delivery", "Simulation"], path: "Tests/Simulate",
            swiftSettings: settings),
        // Half an hour of 503 on a backlog: see scripts/storm.
        .executableTarget(
            name: "RetryStorm", dependencies: ["Storage", "Delivery", "Simulation"],
            path: "Tests/RetryStorm", swiftSettings: settings),
        // Commits until its power is cut: see scripts/power-cuts.
        .executableTarget(
            name: "PowerCutWorker", dependencies: ["Storage"], path: "Tests/PowerCutWorker",
            swiftSettings: settings),
        // Reads all that the program writes, for clear values of invented people.
        .target(name: "CanaryWatch", path: "Tests/CanaryWatch"),
        .target(name: "OldOpenSSL", path: "Tests/OldOpenSSL"),
        tests("Blocking", []),
        tests("LibXML", []),
        tests("LibCurl", ["EarlyEnvironment"]),
        tests("LibSSH", ["DropKit"]),
        tests("LibCrypto", []),
        tests("LibTokens", ["LibCrypto", "DeviceKit", "EarlyEnvironment"]),
        tests("LibZlib", []),
        tests("LibXlsx", []),
        tests("LibZip", []),
        tests("LibPDF", []),
        tests("Storage", ["Blocking", "DatabaseKit"]),
        tests("Records", []),
        tests("Definitions", ["Records", "TestKit"]),
        tests("Intake", ["LibZlib", "Records"], exclude: ["Fixtures"]),
        tests("Mappings", ["Records", "Definitions", "TestKit"]),
        tests("Validation", ["Records", "Definitions", "Mappings", "TestKit"]),
        tests(
            "Privacy",
            [
                "LibCrypto", "LibTokens", "Records", "Definitions", "Mappings", "Validation",
                "Programmes", "TestKit", "DeviceKit",
            ]),
        tests(
            "Submissions",
            [
                "LibXML", "LibCrypto", "LibZlib", "Records", "Definitions", "Mappings",
                "Validation",
                "Privacy", "TestKit",
            ]),
        tests(
            "Programmes",
            ["Records", "Definitions", "Mappings", "Validation", "Submissions", "TestKit"]),
        tests("Evidence", ["LibCrypto", "Storage", "Records", "DatabaseKit"]),
        tests("Schedules", ["Records", "Definitions", "TestKit"]),
        tests(
            "Delivery",
            [
                "LibCrypto", "LibCurl", "LibXML", "Storage", "Records", "Evidence", "Programmes",
                "TestKit", "DatabaseKit", "Simulation",
            ]),
        tests("Simulation", ["Delivery"], exclude: ["Mutants"]),
        tests(
            "Settlements",
            [
                "LibCrypto", "Storage", "Records", "Definitions", "Mappings", "Validation",
                "Evidence",
                "Samples", "TestKit",
            ]),
        tests(
            "Flow",
            [
                "LibCrypto", "Storage", "Records", "Definitions", "Privacy", "Evidence",
                "Delivery", "Schedules", "Settlements", "Programmes", "TestKit", "DatabaseKit",
            ]),
        tests("Notices", ["Storage", "Records", "Definitions", "DatabaseKit"]),
        tests(
            "Operations",
            [
                "Storage", "Records", "Evidence", "Delivery", "Schedules", "Flow", "DatabaseKit",
            ]),
        tests("Samples", ["Records", "Definitions", "Mappings", "Validation"]),
        tests(
            "Rehearsal",
            [
                "Blocking", "LibCurl", "LibCrypto", "LibXML", "LibZlib", "Storage", "Records",
                "Evidence", "Delivery", "LibSSH", "DropKit", "Programmes", "TestKit",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        tests(
            "ShangbaoCLI",
            [
                "LibCrypto", "Storage", "Records", "Evidence", "Settlements", "Flow", "TestKit",
                "DatabaseKit", "DeviceKit",
            ]),
        .testTarget(name: "TidyTests", swiftSettings: settings),
    ] + benchmarks
)
