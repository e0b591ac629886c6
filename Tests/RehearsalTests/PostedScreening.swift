import Foundation
import LibCrypto
import Rehearsal

/// One test of an invented woman in `prenatal-screening`, written by hand from the exchange's page.
struct PostedScreening {
    var id: String
    var version = 1
    var action = "submit"
    var role = "pregnantWoman"
    /// Her identity number; an invented one by the test's number unless said otherwise.
    var idNumber: String
    var birthMonth = "1985-07"
    /// Whether the doctor's name has the padding of its kind.
    var isPadded = true

    /// The test with this number.
    init(_ number: Int, version: Int = 1, _ action: String = "submit") {
        let digits = String(number, radix: 16)
        id = String(repeating: "0", count: 32 - digits.count) + digits
        self.version = version
        self.action = action
        idNumber = PostedCase.idNumber(number)
    }

    func with(_ change: (inout PostedScreening) -> Void) -> PostedScreening {
        var copy = self
        change(&copy)
        return copy
    }

    func xml(_ sealer: FieldSealer, submission: String) throws -> String {
        let head = """
            <Record id="\(id)" version="\(version)" action="\(action)" \
            institution="\(County.sender)" serviceDate="2016-05-24">
            """
        if action == "withdraw" { return head + "</Record>" }
        func sealed(_ owner: String, _ field: String, _ text: String, pad: Int = 0) throws -> String
        {
            let place = "GWF1|\(sealer.suite.rawValue)|\(sealer.keyID)|\(submission)|\(id)|"
            let value = try sealer.seal(
                Array(text.utf8), additionalData: place + "\(owner).\(field)", pad: pad)
            return "<Sealed field=\"\(field)\">\(value)</Sealed>"
        }
        let subject =
            try sealed(role, "name", "赵样娘", pad: 16) + sealed(role, "idNumber", idNumber)
            + sealed(role, "birthDate", "1985-07-12") + sealed(role, "phone", "12000000001")
        let doctor = try sealed(
            "registration", "screeningDoctor", "钱大夫", pad: isPadded ? 16 : 0)
        let nipt =
            try sealed("nipt", "niptTester", "孙检验", pad: 16)
            + sealed("nipt", "niptReviewer", "李审核", pad: 16)
        let issuer = try sealed("report", "reportIssuer", "周签发", pad: 16)
        let diagnosed = try sealed("diagnosis", "pdDoctor", "吴诊断", pad: 16)
        return try head + """
            <Subject role="\(role)" pseudonym="\(String(repeating: "a", count: 32))">\(subject)\
            <birthMonth>\(birthMonth)</birthMonth><idType>01</idType><ageAtEdd unit="a">31.3</ageAtEdd>\
            <hukouDivision>990101</hukouDivision>\
            <residenceDivision>990101</residenceDivision></Subject>\
            <Form name="registration">\(doctor)<screenConsent>true</screenConsent>\
            <screeningType>2</screeningType></Form>\
            <Form name="sample">\(sealed("sample", "sampleBarcode", "DEMO-N-0001"))</Form>\
            <Form name="nipt">\(nipt)</Form><Form name="report">\(issuer)</Form>\
            <Form name="diagnosis">\(diagnosed)</Form></Record>
            """
    }

    /// The profile's own schema of the programme.
    static func schema() throws -> [UInt8] {
        try mappings("prenatal-screening/to-reference-1/schema/submission.xsd")
    }

    /// A file of `mappings/`.
    static func mappings(_ path: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return [UInt8](try Data(contentsOf: folder.appending(path: "../../mappings/" + path)))
    }
}
