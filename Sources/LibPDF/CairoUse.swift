internal import CCairo
import Synchronization

/// Cairo keeps the type that it has read until the process ends: 40 MB of Chinese. With the last
/// document it goes.
final class CairoUse {
    private static let documents = Mutex(0)

    /// Made before the first object of Cairo's, and released after the last one.
    init() {
        CairoUse.documents.withLock { $0 += 1 }
    }

    deinit {
        CairoUse.documents.withLock { documents in
            documents -= 1
            // Only while nobody has an object of Cairo's, which the lock sees to.
            if documents == 0 { cairo_debug_reset_static_data() }
        }
    }
}
