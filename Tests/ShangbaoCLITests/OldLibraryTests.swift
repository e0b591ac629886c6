import Foundation
import Testing

/// On a machine without the security updates the key ring stays shut.
struct OldLibraryTests {
    @Test func `an OpenSSL that gives keys away opens no ring, and doctor says which is needed`()
        throws
    {
        let site = try TestSite()
        let library = URL(fileURLWithPath: Program.path).deletingLastPathComponent()
            .appendingPathComponent("libOldOpenSSL.so").path
        let old = ["env", "LD_PRELOAD=\(library)"]
        let place = ["--site", site.folder]
        let listed = try site.program.run(["keys", "list"] + place, under: old)
        #expect(listed.status == 78 && listed.err.contains("E-OPENSSL-OLD"), "\(listed.err)")
        let looked = try site.program.run(["doctor"] + place, in: "en", under: old)
        #expect(looked.status != 0 && looked.out.contains("3.0.22 or later"), "\(looked.out)")
        #expect(try site.program.run(["keys", "list"] + place).status == 0)
    }
}
