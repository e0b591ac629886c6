import Foundation

/// The targets of `Package.swift` in the order in which they stand there.
struct Manifest {
    struct Target {
        let name: String
        let dependencies: [String]
        /// Products of third-party packages.
        let products: [String]
        let isTests: Bool
        let isSystem: Bool
    }

    let targets: [Target]

    /// - Parameter text: a manifest whose targets are made by `system`, `target`, `tests` or by
    ///   `.target`, `.executableTarget`, `.testTarget`.
    init(_ text: String) {
        guard let start = text.range(of: "targets: [\n", options: .backwards) else {
            targets = []
            return
        }
        let list = text[start.upperBound...]
        var targets: [Target] = []
        let opening = /\b(system|target|tests|executableTarget|testTarget)\(/
        var rest = list
        while let match = rest.firstMatch(of: opening) {
            let arguments = Manifest.upToClosing(rest[match.range.upperBound...], "(", ")")
            rest = rest[arguments.endIndex...]
            if let target = Manifest.target(String(match.1), arguments) {
                targets.append(target)
            }
        }
        self.targets = targets
    }

    func target(_ name: String) -> Target? { targets.first { $0.name == name } }

    /// Everything that a target sees, however far away.
    func reach(of name: String) -> Set<String> {
        var reached: Set<String> = []
        var open = [name]
        while let next = open.popLast() {
            for dependency in target(next)?.dependencies ?? []
            where reached.insert(dependency).inserted {
                open.append(dependency)
            }
        }
        return reached
    }

    private static func target(_ kind: String, _ arguments: Substring) -> Target? {
        guard let name = literals(arguments).first else { return nil }
        var list = ""
        if let open = arguments.firstIndex(of: "[") {
            let inside = arguments[arguments.index(after: open)...]
            list = String(upToClosing(inside, "[", "]"))
        }
        let products = list.matches(of: /\.product\(\s*name: "([^"]+)"/).map { String($0.1) }
        list = list.replacing(/\.product\([^)]*\)/, with: "")
        var dependencies = literals(list)
        if kind == "tests" { dependencies.insert(name, at: 0) }
        if kind == "system" { dependencies = [] }
        return Target(
            name: kind == "tests" ? name + "Tests" : name, dependencies: dependencies,
            products: products, isTests: kind == "tests" || kind == "testTarget",
            isSystem: kind == "system")
    }

    private static func literals(_ text: some StringProtocol) -> [String] {
        String(text).matches(of: /"([^"]+)"/).map { String($0.1) }
    }

    /// The text up to the bracket that closes one opened before it.
    private static func upToClosing(
        _ text: Substring, _ opening: Character, _ closing: Character
    ) -> Substring {
        var depth = 1
        for index in text.indices {
            if text[index] == opening { depth += 1 }
            if text[index] == closing { depth -= 1 }
            if depth == 0 { return text[..<index] }
        }
        return text
    }
}
