import Foundation

/// Checks an unpacked pack as a third party does: our own look at manifest and signature, the
/// auditor's scripts, and the `openssl` commands of the pack's README.
struct Verification {
    let pack: String
    /// Where our own copies of the scripts lie: the pack's may have been replaced.
    let mappings: String?
    /// What this site knows of keys, where it is run at one.
    var keys: PackKeys?
    /// The whole ledger as a file, where it is at hand: all is reckoned anew from it.
    var ledger: String?
    let output: Output

    struct Step: Encodable {
        let what: String
        /// `nil` where it could not be done here.
        let holds: Bool?
    }

    /// Whether everything that could be checked holds. Says what was checked.
    func run() -> Bool {
        let steps = steps()
        Verification.show(steps, output)
        return steps.allSatisfy { $0.holds != false }
    }

    static func show(_ steps: [Step], _ output: Output) {
        for step in steps {
            let mark = step.holds.map { $0 ? "✓" : "✗" } ?? "·"
            output.line("  \(mark) \(step.what)")
        }
    }

    func steps() -> [Step] {
        var steps = PackCheck(pack).checked.map { Step(what: $0.what, holds: $0.holds) }
        steps += keys?.steps(of: pack) ?? []
        steps.append(script("verify.py", []))
        if let ledger, mappings != nil { steps.append(script("recount.py", ["--ledger", ledger])) }
        return steps + commands()
    }

    private func script(_ name: String, _ more: [String]) -> Step {
        let own = mappings.map { $0 + "/evidence/" + name }
        let path =
            own.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
            ?? pack + "/" + name
        let shown = "python3 \(Places.shown(path))"
        guard ExternalTool.isHere("python3") else {
            return Step(
                what: shown + said("：没有 python3，未运行", ": no python3, not run"), holds: nil)
        }
        let ended = ExternalTool.run(["python3", "-B", path, pack] + more)
        if ended.status != 0 {
            for line in ended.text.split(separator: "\n") where !line.contains("[符合 ok]") {
                output.line("    \(line)")
            }
        }
        let isPart = ended.status == 2
        return Step(
            what: shown + (isPart ? said("：没有全查", ": not all was checked") : ""),
            holds: ended.status == 0 ? true : isPart ? nil : false)
    }

    /// The second section of the README.
    private func commands() -> [Step] {
        let manifest = "META-INF/ASiCManifest001.xml"
        let cms = [
            "openssl", "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in",
            "META-INF/signature001.p7s", "-content", manifest, "-CAfile", "certs/signer-intl.pem",
            "-no-CApath", "-no-CAstore", "-no_check_time", "-purpose", "any", "-out", "/dev/null",
        ]
        let sm2 = [
            "openssl", "pkeyutl", "-verify", "-rawin", "-digest", "sm3", "-pubin", "-inkey",
            "keys/sender-gm.pub.pem", "-in", manifest, "-pkeyopt", "distid:1234567812345678",
            "-sigfile", "META-INF/signature001.sm2",
        ]
        return [("openssl cms -verify -cades …", cms), ("openssl pkeyutl -verify … sm3", sm2)]
            .map { name, words in
                guard ExternalTool.isHere("openssl") else {
                    return Step(
                        what: name + said("：没有 openssl，未运行", ": no openssl, not run"), holds: nil)
                }
                return Step(what: name, holds: ExternalTool.run(words, in: pack).status == 0)
            }
    }
}
