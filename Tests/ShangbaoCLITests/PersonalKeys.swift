import Foundation

/// Keys of people, made as the pages tell them to.
enum PersonalKeys {
    /// Makes `people/NAME.pem`, mode 600, and `people/NAME.pub.pem` in a site's folder.
    static func make(_ name: String, in folder: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = [
            "-euc",
            """
            mkdir -p people
            openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out people/$0.pem
            openssl pkey -in people/$0.pem -pubout -out people/$0.pub.pem
            chmod 600 people/$0.pem
            """, name,
        ]
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
