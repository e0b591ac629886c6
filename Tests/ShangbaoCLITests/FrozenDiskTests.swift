import Foundation
import Glibc
import Testing

/// A disk that answers nothing for a while: whoever writes waits, nobody takes its place, and it
/// goes on when the disk does.
@Suite(.serialized) struct FrozenDiskTests {
    @Test(.enabled(if: LoopDisk.mayBeMade, "needs root, and a kernel with loop devices"))
    func `a disk that hangs keeps its writer and lets nobody else in, and nothing is lost (F-035)`()
        throws
    {
        let site = try TestSite()
        try site.edit("shangbao.yaml") { $0 + "\nservice: { listen: 127.0.0.1:0 }\n" }
        let disk = try LoopDisk(at: site.folder + "/data")
        defer {
            disk.end()
            withExtendedLifetime(site) {}
        }
        let nation = try NationalProcess(site: site.folder)
        defer { nation.end() }
        let service = try ServiceProcess(site: site.folder)
        let made = try site.program.run([
            "sample", "--couples", "20", "--seed", "7", "--defects", "0", "--out", site.folder,
        ])
        #expect(made.status == 0, "\(made.err)")
        try disk.freeze()
        try FileManager.default.moveItem(
            atPath: site.folder + "/couples-20-seed-7.csv",
            toPath: site.folder + "/in/county-hospital/a.csv")
        try service.wait { service.waitsForDisk }
        let live = try service.get("/health/live")
        #expect(live.status == 200, "\(live.text)")
        let second = try site.program.run(["deliver", "--site", site.folder], in: "en")
        #expect(second.status == 73, "\(second.err)")
        #expect(service.events("file.taken").isEmpty)
        disk.thaw()
        try service.wait {
            try service.get("/metrics").text.contains("shangbao_records{state=\"accepted\"} 20")
        }
        #expect(service.end() == 0)
        let reconciled = try site.program.run(
            ["reconcile", "--year", "2012", "--site", site.folder])
        #expect(reconciled.status == 0, "\(reconciled.out)")
        #expect(try site.program.brokenInvariants(of: site.folder) == [])
    }
}

/// A file system of its own in a file; only root may mount one.
final class LoopDisk {
    static let mayBeMade: Bool = {
        let folder = NSTemporaryDirectory() + "loop-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        guard getuid() == 0,
            (try? FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: false)) != nil,
            let disk = try? LoopDisk(at: folder)
        else { return false }
        defer { disk.end() }
        return (try? disk.freeze()) != nil
    }()

    private let folder: String
    private let image: String

    /// Mounts an empty one over a folder.
    init(at folder: String) throws {
        self.folder = folder
        image = NSTemporaryDirectory() + "disk-" + UUID().uuidString
        try LoopDisk.run("/usr/bin/truncate", ["-s", "64M", image])
        try LoopDisk.run("/sbin/mkfs.ext4", ["-q", image])
        try LoopDisk.run("/bin/mount", ["-o", "loop", image, folder])
    }

    /// From here on nothing that writes to it goes on.
    func freeze() throws { try LoopDisk.run("/sbin/fsfreeze", ["-f", folder]) }

    func thaw() { try? LoopDisk.run("/sbin/fsfreeze", ["-u", folder]) }

    func end() {
        thaw()
        try? LoopDisk.run("/bin/umount", ["-l", folder])
        try? FileManager.default.removeItem(atPath: image)
    }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
