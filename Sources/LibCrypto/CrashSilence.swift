import COpenSSL
import Glibc

/// What is in memory is personal: a crash leaves no image of it, and says none of it.
package enum CrashSilence {
    /// To be called first of all.
    ///
    /// No core is written, nobody but root reads this process's memory, and Swift's backtracer,
    /// which prints registers and the text that they point at, does not run.
    package static func begin() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        shangbao_hide_memory()
        for crash in [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGTRAP] {
            signal(crash, SIG_DFL)
        }
    }
}
