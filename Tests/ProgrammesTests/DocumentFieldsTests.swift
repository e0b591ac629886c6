import Definitions
import Foundation
import Programmes
import Records
import Submissions
import TestKit
import Testing

struct DocumentFieldsTests {
    private static func fields(_ number: Int) throws -> DocumentFields {
        let (path, prefix) = DocumentFields.files[number]
        return try DocumentFields(root: Project.mappings, path: path, prefix: prefix)
    }

    /// DOMAIN 5.2: twenty fields of the envelope, and which of them must be there.
    @Test func `the envelope has the twenty fields of the list`() throws {
        let fields = try DocumentFieldsTests.fields(0).fields
        #expect(
            fields.map(\.name) == [
                "messageId", "idempotencyKey", "batchNo", "recordSeq", "operation", "formType",
                "senderOrgCode", "receiverCode", "payloadDigest", "payloadSignature", "keyId",
                "attemptNo", "uploadStatus", "ackCode", "returnCode", "returnMessage",
                "nationalRecordId", "auditStatus", "reportTimeliness", "changeRequestStatus",
            ])
        #expect(fields.first?.number == "EX-001" && fields.last?.number == "EX-020")
        let optional = fields.filter { !$0.isRequired }.map(\.name)
        #expect(
            optional == [
                "payloadSignature", "ackCode", "returnCode", "returnMessage", "nationalRecordId",
                "auditStatus", "reportTimeliness", "changeRequestStatus",
            ])
        let formType = try #require(fields.first { $0.name == "formType" }?.list)
        #expect(formType.codes.map(\.code) == (1...19).map(String.init))
        let personal = fields.filter { $0.privacyClass != .operational }
        #expect(personal.map(\.name) == ["nationalRecordId"])
    }

    /// DOMAIN 4.2: seventeen fields of settlement evidence.
    @Test func `the evidence has the seventeen fields of the list`() throws {
        let fields = try DocumentFieldsTests.fields(1).fields
        #expect(
            fields.map(\.name) == [
                "settlementYear", "settlementPeriod", "programme", "unitPriceFen",
                "forecastCount", "actualCount", "acceptedCount", "rejectedCount", "realNameCount",
                "centralShareFen", "provinceShareFen", "countyShareFen", "personalShareFen",
                "prepaidFen", "carryOverFen", "differenceFen", "evidenceRoot",
            ])
        #expect(fields.first?.number == "SE-001" && fields.last?.number == "SE-017")
        #expect(fields.filter { $0.unit == "fen" }.allSatisfy { $0.name.hasSuffix("Fen") })
        #expect(fields.filter { $0.unit == "fen" }.count == 8)
    }

    /// Whether a schema knows an element, and the attribute in the element's own type.
    private static func declares(_ schema: String, _ element: String, _ attribute: String?) -> Bool
    {
        guard let attribute else { return schema.contains("<xs:element name=\"\(element)\"") }
        let heads = ["<xs:complexType name=\"\(element)\"", "<xs:element name=\"\(element)\">"]
        guard let start = heads.compactMap({ schema.range(of: $0) }).first else { return false }
        let rest = schema[start.upperBound...]
        let end = rest.range(of: "<xs:complexType name=")?.lowerBound ?? rest.endIndex
        return rest[..<end].contains("<xs:attribute name=\"\(attribute)\"")
    }

    @Test func `every place of the wire that a field names is there`() throws {
        let catalogue = try Catalogue(root: Project.mappings)
        let programme = try #require(catalogue.programmes.first)
        let profile = try #require(programme.profiles.first)
        let schemas = [
            "Submission": SchemaText.xsd(for: programme.dictionary, profile.wire),
            "Receipt": try String(
                contentsOfFile: profile.folder + "/schema/receipt.xsd", encoding: .utf8),
        ]
        // EXCHANGE 4, the binding over HTTPS.
        let headers: Set = ["Idempotency-Key", "Content-Digest", "Signature", "Signature-Key"]
        var seen = 0
        for field in try DocumentFieldsTests.fields(0).fields {
            for carrier in field.carriers {
                switch carrier {
                case .message(let path):
                    let halves = path.split(separator: "@").map(String.init)
                    let elements = halves[0].split(separator: "/").map(String.init)
                    let schema = try #require(schemas[elements[0]])
                    for element in elements {
                        #expect(DocumentFieldsTests.declares(schema, element, nil), "\(path)")
                    }
                    #expect(
                        DocumentFieldsTests.declares(
                            schema, try #require(elements.last), halves.dropFirst().first),
                        "\(path)")
                    seen += 1
                case .header(let name): #expect(headers.contains(name), "\(name)")
                case .store: #expect(field.protection == .drop)
                case .file(let name, _): Issue.record("\(name) is no place of the wire")
                }
            }
        }
        #expect(seen > 10)
    }

    private static let header =
        "number,field,zh,en,kind,length,unit,list,required,class,protection,carriedBy\n"
    private static let good = "EX-001,a,甲,A,text,36,,,true,OP,keep,Submission@id\n"

    private func read(_ text: String) throws(DefinitionError) -> DocumentFields {
        try DocumentFields(text: text, shownAs: "exchange/fields.csv", prefix: "EX") {
            (name) throws(DefinitionError) in
            guard name == "ack" else {
                throw DefinitionError(file: name, problem: Wording(zh: "没有", en: "no such list"))
            }
            return try CodeList(
                name: name, text: "code,zh,en,valid_from,valid_to\nAA,受,Accept,,\n", shownAs: name)
        }
    }

    @Test func `a line is read with its length, list and carriers`() throws {
        let fields = try read(
            DocumentFieldsTests.header + DocumentFieldsTests.good
                + "EX-002,b,乙,B,code,..2,,ack,false,QI,keep,header X; Receipt/Entry@code\n"
                + "EX-003,c,丙,C,integer,18..22,fen,,true,OP,drop,store item.position\n"
                + "EX-004,d,丁,D,month,7,,,true,OP,keep,settlement.json balance[].month\n"
        ).fields
        #expect(fields.map(\.length) == [36...36, 1...2, 18...22, 7...7])
        #expect(fields[1].list?.name == "ack" && fields[1].kind == .code && !fields[1].isRequired)
        #expect(fields[1].carriers == [.header("X"), .message("Receipt/Entry@code")])
        #expect(fields[2].unit == "fen" && fields[2].protection == .drop)
        #expect(fields[2].carriers == [.store(table: "item", column: "position")])
        #expect(fields[3].carriers == [.file("settlement.json", path: "balance[].month")])
        #expect(fields[0].title == Wording(zh: "甲", en: "A"))
    }

    @Test(arguments: [
        ("EX-003,b,乙,B,text,36,,,true,OP,keep,Submission@id", "count up"),
        ("SE-002,b,乙,B,text,36,,,true,OP,keep,Submission@id", "count up"),
        ("EX-002,a,乙,B,text,36,,,true,OP,keep,Submission@id", "stands twice"),
        ("EX-002,,乙,B,text,36,,,true,OP,keep,Submission@id", "field is missing"),
        ("EX-002,b,乙,,text,36,,,true,OP,keep,Submission@id", "en is missing"),
        ("EX-002,b,乙,B,words,36,,,true,OP,keep,Submission@id", "kind must be one of: text"),
        ("EX-002,b,乙,B,text,0,,,true,OP,keep,Submission@id", "length"),
        ("EX-002,b,乙,B,text,5..3,,,true,OP,keep,Submission@id", "length"),
        ("EX-002,b,乙,B,text,,,,true,OP,keep,Submission@id", "length"),
        ("EX-002,b,乙,B,code,2,,,true,OP,keep,Submission@id", "has a list"),
        ("EX-002,b,乙,B,text,2,,ack,true,OP,keep,Submission@id", "others none"),
        ("EX-002,b,乙,B,code,1,,ack,true,OP,keep,Submission@id", "AA does not fit"),
        ("EX-002,b,乙,B,code,2,,nak,true,OP,keep,Submission@id", "no such list"),
        ("EX-002,b,乙,B,text,36,,,yes,OP,keep,Submission@id", "true or false"),
        ("EX-002,b,乙,B,text,36,,,true,XX,keep,Submission@id", "class must be one of: DI"),
        ("EX-002,b,乙,B,text,36,,,true,OP,sell,Submission@id", "keep, drop, encrypt"),
        ("EX-002,b,乙,B,text,36,,,true,DI,keep,Submission@id", "does not leave in the clear"),
        ("EX-002,b,乙,B,text,36,,,true,OP,drop,Submission@id", "is drop"),
        ("EX-002,b,乙,B,text,36,,,true,OP,keep,store item.at", "is drop"),
        ("EX-002,b,乙,B,text,36,,,true,OP,keep,", "carriedBy is missing"),
        ("EX-002,b,乙,B,text,36,,,true,OP,keep,Letter@id", "does not know Letter@id"),
        ("EX-002,b,乙,B,text,36,,,true,OP,keep,Submission@id; store item", "store item"),
        ("EX-002,b,乙,B,text,36,,,true,OP,keep", "Expected 12 cells"),
    ])
    func `a wrong line is refused at its line`(_ line: String, _ says: String) {
        let text = DocumentFieldsTests.header + DocumentFieldsTests.good + line + "\n"
        let error = #expect(throws: DefinitionError.self) { try read(text) }
        #expect(
            error?.problem.en.contains(says) == true, "\(String(describing: error?.problem.en))")
        if says != "no such list" { #expect(error?.place == "exchange/fields.csv:3:1") }
    }

    @Test func `lint reads both files and names what is wrong in them`() throws {
        let bench = try Workbench()
        let before = bench.problems
        for (path, prefix) in DocumentFields.files {
            try bench.change(path, "\n\(prefix)-003,", to: "\n\(prefix)-004,")
        }
        let problems = bench.problems.filter { !before.contains($0) }
        #expect(problems.map(\.file) == DocumentFields.files.map(\.path))
        #expect(problems.allSatisfy { $0.line > 3 })
        try FileManager.default.removeItem(atPath: bench.root + "/exchange/codes/apply.csv")
        try FileManager.default.removeItem(atPath: bench.root + "/funding/evidence-fields.csv")
        let missing = bench.problems.filter { !before.contains($0) }.map(\.file)
        #expect(missing == ["exchange/fields.csv", "funding/evidence-fields.csv"])
    }
}
