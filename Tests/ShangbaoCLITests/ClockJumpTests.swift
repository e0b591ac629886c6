import Foundation
import Testing

/// The clock on the wall is set a month ahead under a running service; the clock that only counts
/// on is not.
@Suite(.serialized) struct ClockJumpTests {
    /// What the C library says the time is, with an offset that stands in a file.
    private static let source = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdlib.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>
        static long offset(void) {
            const char *path = getenv("CLOCK_OFFSET_FILE");
            char text[32] = {0};
            int file = path ? open(path, O_RDONLY) : -1;
            if (file < 0) return 0;
            ssize_t count = read(file, text, sizeof text - 1);
            close(file);
            return count > 0 ? atol(text) : 0;
        }
        int clock_gettime(clockid_t clock, struct timespec *now) {
            int result = syscall(SYS_clock_gettime, clock, now);
            if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
                now->tv_sec += offset();
            return result;
        }
        int gettimeofday(struct timeval *now, void *zone) {
            struct timespec exact;
            int result = clock_gettime(CLOCK_REALTIME, &exact);
            now->tv_sec = exact.tv_sec;
            now->tv_usec = exact.tv_nsec / 1000;
            return result;
        }
        time_t time(time_t *out) {
            struct timespec exact;
            clock_gettime(CLOCK_REALTIME, &exact);
            if (out) *out = exact.tv_sec;
            return exact.tv_sec;
        }
        """

    private static let compiler = ["/usr/bin/cc", "/usr/bin/clang", "/usr/bin/gcc"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Compiles it; its path.
    private func library(in folder: String) throws -> String {
        try Data(ClockJumpTests.source.utf8).write(
            to: URL(fileURLWithPath: folder + "/clock.c"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: ClockJumpTests.compiler ?? "")
        process.arguments = [
            "-shared", "-fPIC", "-o", folder + "/clock.so", folder + "/clock.c",
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return folder + "/clock.so"
    }

    @Test(.enabled(if: ClockJumpTests.compiler != nil, "no C compiler here"))
    func `a clock that jumps a month ahead holds nothing and closes nothing (F-066)`() throws {
        let site = try TestSite()
        let place = ["--site", site.folder]
        try site.edit("shangbao.yaml") { $0 + "\nservice: { listen: 127.0.0.1:0 }\n" }
        _ = try site.program.run([
            "sample", "--couples", "5", "--seed", "7", "--defects", "0", "--out", site.folder,
        ])
        let file = site.folder + "/couples-5-seed-7.csv"
        #expect(try site.program.run(["take", file] + place).status == 0)
        let before = try site.program.run(["settle", "--year", "2012"] + place, in: "en")
        #expect(!before.err.contains("E-CLOSE-JUMP"), "\(before.err)")

        let ahead = site.folder + "/ahead"
        try site.write("0\n", to: "ahead")
        let service = try ServiceProcess(
            site: site.folder,
            setting: [
                "LD_PRELOAD": try library(in: site.folder), "CLOCK_OFFSET_FILE": ahead,
            ])
        try site.write("2592000\n", to: "ahead")
        try service.wait {
            service.events("incident.began").contains { $0["code"] as? String == "E-CLOCK-JUMP" }
        }
        #expect(try service.get("/health/ready").text.contains("clock-jump"))
        #expect(service.end() == 0)

        // Its time had been over for weeks.
        let listed = try site.program.run(["queue", "list", "--json"] + place)
        #expect(listed.out.matches(of: /"state" : "due"/).count == 1, "\(listed.out)")
        #expect(!listed.out.contains("Q-DEADLINE"))
        let settled = try site.program.run(["settle", "--year", "2012"] + place, in: "en")
        #expect(settled.status == 6 && settled.err.contains("E-CLOSE-JUMP"), "\(settled)")
        let made = try? FileManager.default.contentsOfDirectory(atPath: site.folder + "/out")
        #expect((made ?? []).allSatisfy { !$0.hasPrefix("evidence") })
    }

    /// A machine whose battery is empty begins in the past: there is no jump to be seen.
    @Test(.enabled(if: ClockJumpTests.compiler != nil, "no C compiler here"))
    func `a clock behind the ledger is told of also where there are no schedules`() throws {
        let site = try TestSite()
        let place = ["--site", site.folder]
        try site.edit("shangbao.yaml") { $0 + "\nservice: { listen: 127.0.0.1:0 }\n" }
        for seed in ["7", "8"] {
            _ = try site.program.run([
                "sample", "--couples", "5", "--seed", seed, "--defects", "0", "--out",
                site.folder,
            ])
        }
        let file = site.folder + "/couples-5-seed-7.csv"
        #expect(try site.program.run(["take", file] + place).status == 0)
        let clock = "clock and ledger"
        let right = try site.program.run(["doctor"] + place, in: "en")
        #expect(right.out.contains("✓ \(clock)"), "\(right.out)")

        try site.write("-2592000\n", to: "ahead")
        let setting = [
            "LD_PRELOAD": try library(in: site.folder),
            "CLOCK_OFFSET_FILE": site.folder + "/ahead",
        ]
        let service = try ServiceProcess(site: site.folder, setting: setting, isReady: false)
        try service.wait {
            service.events("incident.began").contains { $0["code"] as? String == "E-CLOCK-BEHIND" }
        }
        // What it writes by the wrong clock makes it no better.
        let other = site.folder + "/couples-5-seed-8.csv"
        // A file of a day that is still to come would wait for it.
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -60 * 86_400)], ofItemAtPath: other)
        try FileManager.default.moveItem(
            atPath: other, toPath: site.folder + "/in/county-hospital/b.csv")
        try service.wait { service.events("file.taken").count == 1 }
        #expect(
            try service.get("/health/ready").text
                == "{\"ready\":false,\"reasons\":[\"clock-behind\"]}\n")
        let page = try service.get("/metrics").text
        let behind = page.firstMatch(of: /shangbao_clock_behind_ledger_seconds (\d+)/)?.1
        #expect(behind.flatMap { Int($0) }.map { $0 > 2_591_000 } == true, "\(behind ?? "none")")
        let env = ["env"] + setting.map { "\($0)=\($1)" }
        let wrong = try site.program.run(["doctor"] + place, in: "en", under: env)
        #expect(wrong.out.contains("✗ \(clock)  E-CLOCK-BEHIND"), "\(wrong.out)")

        try site.write("0\n", to: "ahead")
        try service.wait {
            service.events("incident.ended").contains { $0["code"] as? String == "E-CLOCK-BEHIND" }
        }
        #expect(try !service.get("/health/ready").text.contains("clock-behind"))
        #expect(service.end() == 0)
    }
}
