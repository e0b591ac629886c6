import Testing

/// The manifest is the page on architecture: it is held to its word.
struct ManifestTests {
    private let repository = Repository.shared
    private let manifest = Manifest(Repository.shared.file("Package.swift")?.text ?? "")

    @Test func `a target depends only on targets above it`() {
        #expect(manifest.targets.count > 20)
        var above: Set<String> = []
        var violations: [Violation] = []
        for target in manifest.targets {
            for dependency in target.dependencies where !above.contains(dependency) {
                violations.append(
                    Violation(
                        "Package.swift", 0, "\(target.name) depends on \(dependency) below it"))
            }
            above.insert(target.name)
        }
        expectNone(violations)
    }

    @Test func `every folder of code is a target and every target has its folder`() {
        let targets = Set(manifest.targets.map(\.name))
        let folders = Set(repository.folders(in: "Sources") + repository.folders(in: "Tests"))
        expectNone(
            folders.subtracting(targets).sorted()
                .map { Violation("Package.swift", 0, "the folder \($0) is no target") }
                + targets.subtracting(folders).sorted()
                .map { Violation("Package.swift", 0, "the target \($0) has no folder") })
    }

    /// What is absent is the point of the order.
    private static let walls: [(target: String, mustNotSee: Set<String>)] = [
        ("Storage", ["Records", "Definitions"]),
        ("Intake", ["Definitions", "Mappings", "LibCrypto", "Storage"]),
        ("Mappings", ["LibCrypto", "Storage", "Intake"]),
        ("Validation", ["LibCrypto", "Storage", "Intake"]),
        ("Privacy", ["Storage", "Delivery", "Intake"]),
        ("Submissions", ["Storage", "Delivery", "Intake"]),
        (
            "Delivery",
            [
                "Definitions", "Intake", "Mappings", "Validation", "Privacy", "Submissions",
                "Programmes", "Settlements",
            ]
        ),
        ("Settlements", ["Delivery", "Mappings", "Validation", "Privacy", "Submissions"]),
    ]

    @Test func `clear records stay left of the waist and sealed bytes right of it`() {
        var violations: [Violation] = []
        for wall in ManifestTests.walls {
            #expect(manifest.target(wall.target) != nil, "\(wall.target) is in the manifest")
            for seen in manifest.reach(of: wall.target).intersection(wall.mustNotSee).sorted() {
                violations.append(Violation("Package.swift", 0, "\(wall.target) can see \(seen)"))
            }
        }
        expectNone(violations)
    }

    @Test func `a manifest is read as it is written`() {
        let manifest = Manifest(
            """
                targets: [
                    system("CThing", "thing", apt: "libthing-dev"),
                    target("Low", ["CThing"]),
                    target("High", ["Low", .product(name: "Yams", package: "Yams")]),
                    .target(name: "Kit", dependencies: ["Low"], path: "Tests/Kit"),
                    tests("High", ["Low"]),
                ]
            """)
        #expect(manifest.targets.map(\.name) == ["CThing", "Low", "High", "Kit", "HighTests"])
        #expect(manifest.target("High")?.dependencies == ["Low"])
        #expect(manifest.target("Kit")?.dependencies == ["Low"])
        #expect(manifest.target("High")?.products == ["Yams"])
        #expect(manifest.target("HighTests")?.dependencies == ["High", "Low"])
        #expect(manifest.reach(of: "HighTests") == ["High", "Low", "CThing"])
    }
}
