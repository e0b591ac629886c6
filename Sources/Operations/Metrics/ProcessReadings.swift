import Foundation
import Glibc

/// The figures that every Prometheus exporter has of its process, from `/proc/self`.
struct ProcessReadings: Sendable {
    struct Reading: Sendable {
        let residentBytes: Int
        let cpuSeconds: Double
        let openDescriptors: Int
        /// Since 1970.
        let started: Double
    }

    /// Ticks of the kernel's clock in a second, and bytes of a page.
    private let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
    private let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))

    /// As it is now; `nil` where `/proc` cannot be read.
    func now() -> Reading? {
        // After the name in brackets, which may hold anything: field 3 of proc(5) and the rest.
        guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")"),
            let boot = try? String(contentsOfFile: "/proc/stat", encoding: .utf8)
                .split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
            let bootedAt = Double(boot.dropFirst("btime ".count)),
            let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
            let started = Double(fields[19]), let pages = Int(fields[21])
        else { return nil }
        return Reading(
            residentBytes: pages * pageBytes, cpuSeconds: (user + system) / ticks,
            openDescriptors: open.count, started: bootedAt + started / ticks)
    }
}

extension MetricsPage {
    mutating func addReading(_ reading: ProcessReadings.Reading?) {
        guard let reading else { return }
        add(Metrics.memory, reading.residentBytes)
        add(Metrics.cpu, reading.cpuSeconds)
        add(Metrics.descriptors, reading.openDescriptors)
        add(Metrics.startTime, reading.started)
    }
}
