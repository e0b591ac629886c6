import Foundation
import Records

/// The machine's own time: the only place of the program that reads it.
let systemClock: Clock = {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Timestamp(microseconds: Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000)
}

/// Microseconds of a clock that nobody sets and that counts on while the machine sleeps.
let steadyClock: @Sendable () -> Int64 = {
    var now = timespec()
    clock_gettime(CLOCK_BOOTTIME, &now)
    return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
}
