import Foundation

/// Checks a pack as a third party does: our own look at manifest and signatures, the auditor's
/// script, and the `openssl` commands of the pack's README.
struct Verification {
    let pack: String
    /// Where our own copy of `verify.py` lies: the pack's may have been replaced.
    let mappings: String?
    /// What this site knows of keys, where it is run at one.
    var keys: PackKeys?
    let output: Output

    struct Step: Encodable {
        let what: String
        /// `nil` where it could not be done here.
        let holds: Bool?
    }

    /// Whether everything that could be checked holds. Says what was checked.
    func run() throws -> Bool {
        let steps = try steps()
        show(steps)
        return steps.allSatisfy { $0.holds != false }
    }

    func show(_ steps: [Step]) {
        for step in steps { output.line("  \(mark(step.holds)) \(step.what)") }
    }

    private func mark(_ holds: Bool?) -> String {
        holds.map { $0 ? "✓" : "✗" } ?? "·"
    }

    func steps() throws -> [Step] {
        var steps = try PackCheck(pack).checked.map { Step(what: $0.what, holds: $0.holds) }
        steps += keys?.steps(of: pack) ?? []
        steps.append(script())
        steps += commands()
        return steps
    }

    private func script() -> Step {
        let own = mappings.map { $0 + "/evidence/verify.py" }
        let path =
            own.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
            ?? pack + "/verify.py"
        let shown = "python3 \(Places.shown(path)) \(Places.shown(pack))"
        guard ExternalTool.isHere("python3") else {
            return Step(
                what: shown + said("：没有 python3，未运行", ": no python3, not run"), holds: nil)
        }
        let ended = ExternalTool.run(["python3", "-B", path, pack])
        if ended.status != 0 {
            for line in ended.text.split(separator: "\n") where !line.contains("[符合 ok]") {
                output.line("    \(line)")
            }
        }
        let isUnsigned = ended.status == 2
        return Step(
            what: shown + (isUnsigned ? said("：签名未核验", ": signatures not checked") : ""),
            holds: ended.status == 0 ? true : isUnsigned ? nil : false)
    }

    /// The second section of the README, word for word.
    private func commands() -> [Step] {
        let sm2 = [
            "openssl", "pkeyutl", "-verify", "-rawin", "-digest", "sm3", "-pubin", "-inkey",
            "keys/sender-gm.pub.pem", "-in", "MANIFEST.sha256", "-pkeyopt",
            "distid:1234567812345678", "-sigfile", "META/signature.gm.sig",
        ]
        let p256 = [
            "openssl", "dgst", "-sha256", "-verify", "keys/sender-intl.pub.pem", "-signature",
            "META/signature.intl.sig", "MANIFEST.sha256",
        ]
        return [("openssl pkeyutl -verify … sm3", sm2), ("openssl dgst -sha256 -verify …", p256)]
            .map {
                name, words in
                guard ExternalTool.isHere("openssl") else {
                    return Step(
                        what: name + said("：没有 openssl，未运行", ": no openssl, not run"), holds: nil)
                }
                return Step(what: name, holds: ExternalTool.run(words, in: pack).status == 0)
            }
    }
}
