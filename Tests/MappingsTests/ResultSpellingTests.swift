import Definitions
import Mappings
import Records
import Testing

/// DOMAIN 5.3, results in words with numbers beside them.
struct ResultSpellingTests {
    private func clinic(_ keys: String) throws(DefinitionError) -> SmallClinic {
        try SmallClinic(
            ["field: hbsAg, kind: code, list: qual"],
            ["field: woman.hbsAg, from: 果, lookUp: words/qual, \(keys)"])
    }

    @Test(arguments: [
        ("阴性（0.02）", "NEG"), ("阴性(0.02)", "NEG"), ("阴性 0.02", "NEG"), ("阴性0.02", "NEG"),
        ("阳性 3.5", "POS"), ("阳性(S/CO 3.5)", "POS"), ("阳性：3.5", "POS"), ("+ 3.5", "POS"),
        ("＋（３．５）", "POS"), ("阴性(<0.05 IU/mL)", "NEG"), ("阴性(≤0.05)", "NEG"),
        ("0.02(-)", "NEG"), ("0.02 阴性", "NEG"), ("3.5 COI (+)", "POS"), ("NEG(0.02)", "NEG"),
        ("±(0.95)", "SUSPECT"), ("弱阳性（1.02）", "SUSPECT"), ("阴性(-)", "NEG"), ("±", "SUSPECT"),
        ("1+", "POS"), ("未查", "NOT_DONE"), ("/", "NOT_DONE"), ("—", "NOT_DONE"), ("", ""),
        ("阴性(－)", "NEG"), ("阴性[-]", "V-CODE!"), ("阴性(+)", "V-CONTRADICTION!"),
        ("阳性(-)", "V-CONTRADICTION!"), ("阴性(弱)", "V-CODE!"), ("0.02", "V-CODE!"),
        ("<0.05", "V-CODE!"), ("S/CO 0.02", "V-CODE!"), ("阴 性(0.02)", "V-CODE!"),
        ("阴性?0.02", "V-CODE!"), ("阴性 0.02 阳性", "V-CODE!"), ("阴性(0.02.1)", "V-CODE!"),
        ("2", "V-CODE!"), ("1(0.02)", "V-CODE!"), ("阴性0.02，复查", "V-CODE!"),
    ])
    func `a number beside a word is passed over where the mapping says so`(
        _ cell: String, _ expected: String
    ) throws {
        #expect(try clinic("numbers: drop").read("果", cell, as: "hbsAg") == expected)
    }

    @Test(arguments: [("阴性(0.02)", "V-CODE!"), ("阴性", "NEG"), ("阴性(+)", "V-CODE!")])
    func `without the option such cells are refused`(_ cell: String, _ expected: String) throws {
        #expect(try clinic("optional: false").read("果", cell, as: "hbsAg") == expected)
    }

    private static let bands =
        "bands: [ { code: NEG, below: \"0.9\" }, { code: SUSPECT, below: \"1.0\" }, { code: POS } ]"

    @Test(arguments: [
        ("0.02", "NEG"), ("0.89", "NEG"), ("0.9", "SUSPECT"), ("0.90", "SUSPECT"),
        ("0.999", "SUSPECT"), ("1.0", "POS"), ("1", "POS"), ("3.5", "POS"), ("S/CO 0.02", "NEG"),
        ("s/co:0.02", "NEG"), ("COI 1.2", "POS"), ("0.02 COI", "NEG"), ("０．０２", "NEG"),
        ("<0.05", "NEG"), ("<0.9", "NEG"), ("<0.95", "V-CODE!"), (">100", "POS"), (">1.0", "POS"),
        (">0.95", "V-CODE!"), ("阴性 0.02", "NEG"), ("阳性", "POS"),
        ("阴性 3.5", "V-CONTRADICTION!"), ("阳性(0.02)", "V-CONTRADICTION!"),
        ("0.95(-)", "V-CONTRADICTION!"), ("XYZ 0.02", "V-CODE!"), ("0.02.1", "V-CODE!"),
    ])
    func `a number is read against the cut-offs of the mapping`(_ cell: String, _ expected: String)
        throws
    {
        // 1 is 阳性 in the table of words, and is so before it is a number.
        #expect(try clinic(ResultSpellingTests.bands).read("果", cell, as: "hbsAg") == expected)
    }

    @Test func `bands may run the other way, and need no words`() throws {
        let clinic = try SmallClinic(
            ["field: hbcAb, kind: code, list: qual"],
            [
                "field: woman.hbcAb, from: 果,"
                    + " bands: [ { code: POS, below: \"1\" }, { code: NEG } ]"
            ])
        for (cell, expected) in [("0.5", "POS"), ("1.0", "NEG"), ("POS", "POS"), ("阴", "V-CODE!")] {
            #expect(try clinic.read("果", cell, as: "hbcAb") == expected)
        }
    }

    @Test(arguments: [
        ("bands: [ { code: NEG } ]", "At least two bands"),
        ("bands: [ { code: NEG, below: 1 }, { code: POS, below: 2 } ]", "the last has no below"),
        ("bands: [ { code: NEG }, { code: POS } ]", "without below is the last"),
        (
            "bands: [ { code: NEG, below: 1 }, { code: SUSPECT, below: \"1.0\" }, { code: POS } ]",
            "larger than the last"
        ),
        ("bands: [ { code: NO, below: 1 }, { code: POS } ]", "has no NO"),
        ("bands: [ { code: NEG, below: x }, { code: POS } ]", "must be a number"),
        ("bands: [ { code: NEG, under: 1 }, { code: POS } ]", "Unknown key under"),
        ("numbers: keep", "must be one of: drop, refuse"),
    ])
    func `wrong bands are refused`(_ keys: String, _ says: String) throws {
        let error = #expect(throws: DefinitionError.self) { try clinic(keys) }
        #expect(error?.problem.en.contains(says) == true, "\(String(describing: error))")
    }
}
