import Testing

/// Every command's help in both languages.
struct HelpTests {
    static let commands = [
        "", "demo", "init", "doctor", "keys", "keys init", "keys list", "keys export", "keys adopt",
        "keys rotate", "keys mark", "keys verify-rotation", "keys export-backup", "keys restore",
        "lint",
        "mapping", "mapping new", "mapping coverage", "mapping sheet", "mapping approve",
        "mapping test", "mapping impact", "mapping assessment", "disclosures",
        "codes", "codes list", "codes show", "codes diff", "codes unmapped", "sample", "preview",
        "take",
        "abandon",
        "deliver", "collect", "worklist", "results", "run", "status", "queue", "queue list",
        "queue show", "queue retry",
        "queue hold", "queue release", "queue cancel", "queue repack", "queue decide", "receipts",
        "receipts list", "receipts show", "receipts record", "receipts texts", "resend",
        "resend plan",
        "resend start", "resend pause", "resend resume", "resend cancel", "resend status", "parts",
        "parts list", "parts drop", "trace",
        "books", "reconcile", "differences", "differences list", "differences show",
        "differences assign", "differences close", "indicators",
        "settle", "sign", "periods", "combine", "verify", "ledger", "ledger export", "rehearse",
        "explain", "reference",
        "identify", "identify request", "identify show",
        "identify approve", "identify refuse", "identify open",
        "identify close", "identify list", "identify review", "identify digest",
        "identify sample", "identify rewrap", "identify confirm",
        "schedule", "schedule list", "schedule next", "schedule preview", "schedule deadlines",
        "schedule run", "schedule pause", "schedule resume",
        "lane", "lane show", "lane policy", "lane stop", "lane start",
    ]

    @Test(arguments: commands) func `help says what a command does`(command: String) throws {
        var text = ""
        for language in ["zh", "en"] {
            let words = command.split(separator: " ").map(String.init)
            let ended = try Program().run(words + ["--help"], in: language)
            #expect(ended.status == 0)
            #expect(ended.err.isEmpty)
            text += ended.out
        }
        let name = command.isEmpty ? "help" : "help-" + command.replacing(" ", with: "-")
        Snapshot.expect(text, as: name)
    }
}
