import DeviceKit
import Flow
import Foundation
import Glibc
import LibCrypto
import Privacy
import Records
import Testing

/// What others on the machine can see of a service that works: its arguments, its environment, its
/// memory, its core. Neither the passphrase nor a key is anywhere but in OpenSSL's secure heap.
@Suite(.serialized) struct KeySecrecyTests {
    @Test(arguments: [SIGSEGV, SIGILL, SIGABRT])
    func `a crash says nothing of what was in memory`(_ crash: Int32) throws {
        let site = try TestSite()
        let (process, watch) = Program.waiting(
            ["serve", "--site", site.folder, "--every", "1", "--settle", "0"])
        let (said, log) = (Pipe(), site.folder + "/serve.log")
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        process.standardError = said
        try process.run()
        for _ in 0..<600 where !(try text(of: log).contains("service.listening")) {
            usleep(100_000)
        }
        #expect(try text(of: log).contains("service.listening"))
        kill(process.processIdentifier, crash)
        process.waitUntilExit()
        let text = String(
            decoding: try said.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        #expect(process.terminationReason == .uncaughtSignal)
        #expect(process.terminationStatus == crash)
        #expect(!text.contains("Registers") && !text.contains("crashed"), "\(text.prefix(200))")
        withExtendedLifetime(watch) {}
    }

    private func text(of path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    /// A stretch of a process's memory.
    private struct Region {
        let range: Range<UInt64>
        let flags: Set<Substring>
    }

    private func regions(of process: Int32) throws -> [Region] {
        // The system says no size, and gives a page at a time: it is read to its end.
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/\(process)/smaps"))
        let text = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        var regions: [Region] = []
        var range: Range<UInt64>?
        for line in text.split(separator: "\n") {
            if let found = line.prefixMatch(of: /([0-9a-f]+)-([0-9a-f]+) r/),
                let start = UInt64(found.1, radix: 16), let end = UInt64(found.2, radix: 16)
            {
                range = start..<end
            } else if line.hasPrefix("VmFlags:"), let known = range {
                regions.append(
                    Region(range: known, flags: Set(line.dropFirst(8).split(separator: " "))))
                range = nil
            }
        }
        #expect(regions.count > 100)
        return regions
    }

    private func holds(_ memory: UnsafeRawBufferPointer, _ secret: [UInt8]) -> Bool {
        guard var place = memory.baseAddress else { return false }
        let end = place + memory.count
        while let found = memchr(place, Int32(secret[0]), place.distance(to: end)) {
            let next = UnsafeRawPointer(found)
            guard next.distance(to: end) >= secret.count else { return false }
            if memcmp(next, secret, secret.count) == 0 { return true }
            place = next + 1
        }
        return false
    }

    /// In which regions some bytes stand, by the names of the bytes.
    private func places(of secrets: [String: [UInt8]], in process: Int32) throws
        -> [String: [Region]]
    {
        let memory = open("/proc/\(process)/mem", O_RDONLY | O_CLOEXEC)
        #expect(memory >= 0, "the memory of a process of ours is read by root")
        defer { close(memory) }
        var found: [String: [Region]] = [:]
        for region in try regions(of: process) {
            var bytes = [UInt8](repeating: 0, count: region.range.count)
            let count = pread(memory, &bytes, bytes.count, off_t(region.range.lowerBound))
            guard count > 0 else { continue }
            bytes.withUnsafeBytes { bytes in
                for (name, secret) in secrets
                where holds(UnsafeRawBufferPointer(rebasing: bytes[..<count]), secret) {
                    found[name, default: []].append(region)
                }
            }
        }
        return found
    }

    /// The keys of a ring, and the scalars of its signing keys as they stand in files and in
    /// OpenSSL's numbers.
    private func secrets(of ring: Keyring) throws -> [String: [UInt8]] {
        var secrets: [String: [UInt8]] = [:]
        for suite in CipherSuite.allCases {
            for use in [KeyUse.pidLink, .pidOut, .caseID, .content, .field] {
                let domain = use == .pidLink ? ring.list().first { $0.use == use }?.domain : nil
                for (number, key) in try ring.epochs(of: use, suite, domain: domain).enumerated() {
                    let name = "\(use.rawValue) \(suite.rawValue)" + (number > 0 ? " next" : "")
                    secrets[name] = key.secret.withUnsafeBytes { Array($0) }
                }
            }
            let key = try ring.signingKey(suite).key.pkcs8().withUnsafeBytes { Array($0) }
            // PKCS #8 of RFC 5958, ECPrivateKey of RFC 5915: version 1, 32 octets.
            let start = try #require(key.firstRange(of: [2, 1, 1, 4, 32])?.upperBound)
            let scalar = Array(key[start..<start + 32])
            secrets["sign \(suite) file"] = scalar
            secrets["sign \(suite) number"] = scalar.reversed()
        }
        return secrets
    }

    @Test func `of a working service nobody reads a key or the passphrase`() throws {
        let made = try TestSite()
        _ = try made.program.run([
            "sample", "--couples", "20", "--seed", "7", "--defects", "0", "--out", made.folder,
        ])
        for words in [["keys", "rotate", "pid-link"], ["keys", "rotate", "field"]] {
            #expect(try made.program.run(words + ["--site", made.folder]).status == 0)
        }
        let file = made.folder + "/couples-20-seed-7.csv"
        #expect(try made.program.run(["take", file, "--site", made.folder]).status == 0)
        let site = try Site(folder: made.folder, clock: { Timestamp(microseconds: 0) })
        guard case .file(let path) = site.configuredPassphrase else {
            Issue.record("a rehearsal's passphrase is in a file")
            return
        }
        let passphrase = try String(contentsOfFile: path, encoding: .utf8)
            .trimmingCharacters(in: .newlines)
        var secrets = try secrets(of: try site.openKeyring(nil))
        secrets["passphrase"] = Array(passphrase.utf8)

        let service = try ServiceProcess(site: made.folder, isReady: false)
        // It has tried to send: by then it has the ring.
        try service.wait { !service.events("delivery.round").isEmpty }
        let process = service.number
        for name in ["cmdline", "environ", "comm"] {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(process)/\(name)"))
            #expect(!bytes.isEmpty)
            for (secret, content) in secrets where bytes.firstRange(of: Data(content)) != nil {
                Issue.record("\(secret) in \(name)")
            }
        }
        let limits = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
        #expect(limits.contains(#/Max core file size +0 +0 /#))

        let places = try places(of: secrets, in: process)
        #expect(places["case-id gm"] != nil, "the scan finds what is there")
        #expect(places["passphrase"] == nil, "the passphrase is wiped once the ring is open")
        for (name, regions) in places {
            // Out of every core, whoever asks for one; and out of swap, as far as we may lock.
            #expect(regions.allSatisfy { $0.flags.contains("dd") }, "\(name)")
        }
    }

    @Test func `of a service whose keys are in devices nobody reads a PIN`() throws {
        let made = try DeviceSite()
        try made.putKeysInDevices()
        let service = try ServiceProcess(
            site: made.folder, setting: made.token.setting, isReady: false)
        try FileManager.default.moveItem(
            atPath: made.sample(), toPath: made.folder + "/in/county-hospital/a.csv")
        // The machine signed the submission; the token's key is tried each minute, from the start.
        try service.wait { service.events("file.taken").count == 1 }
        #expect(service.events("service.failure").isEmpty)
        let pins = [
            "machine": Array(SoftMachine.pin.utf8), "token": Array(SoftToken.pin.utf8),
        ]
        for name in ["cmdline", "environ", "maps"] {
            let file = URL(fileURLWithPath: "/proc/\(service.number)/\(name)")
            let bytes = try FileHandle(forReadingFrom: file).readToEnd() ?? Data()
            #expect(!bytes.isEmpty)
            // Both libraries are loaded, or there were nothing to look for.
            if name == "maps" {
                #expect(String(decoding: bytes, as: UTF8.self).contains("libsofthsm2.so"))
                #expect(String(decoding: bytes, as: UTF8.self).contains("libSoftSDF.so"))
            }
            #expect(!pins.values.contains { bytes.firstRange(of: Data($0)) != nil }, "\(name)")
        }
        let places = try places(of: pins, in: service.number)
        #expect(places.isEmpty, "\(places)")
        #expect(!service.said.contains(SoftMachine.pin) && !service.said.contains(SoftToken.pin))
    }
}
