import Delivery
import Foundation
import LibCrypto
import Records

/// One answer in a receipt.
struct Answer: Sendable {
    let number: Int
    var version = 1
    var status: String
    var code: String?
    var serial: String?

    static func accepted(_ number: Int) -> Answer {
        Answer(number: number, status: "accepted", serial: "N\(number)")
    }
    static func rejected(_ number: Int, _ code: String = "E2104") -> Answer {
        Answer(number: number, status: "rejected", code: code)
    }
    static func pending(_ number: Int) -> Answer { Answer(number: number, status: "pending") }

    var xml: String {
        let code = code.map { " code=\"\($0)\"" } ?? ""
        let serial = serial.map { " serial=\"\($0)\"" } ?? ""
        return "<Entry record=\"\(recordID(number))\" version=\"\(version)\" "
            + "status=\"\(status)\"\(code)\(serial)/>"
    }
}

/// The bytes of a receipt for a parcel, as the national side writes them.
func receiptBytes(
    for parcel: Parcel, _ answers: [Answer], id: String = "r-1", status: String = "processed",
    code: String? = nil, sender: String = sender, digest: String? = nil,
    submission: String? = nil
) -> [UInt8] {
    let code = code.map { " code=\"\($0)\"" } ?? ""
    return Array(
        """
        <Receipt xmlns="\(namespace)" id="\(id)" submission="\(submission ?? parcel.id.text)" \
        sender="\(sender)" digest="\(digest ?? parcel.digest)" \
        issued="2012-03-05T22:00:09+08:00" status="\(status)"\(code)>\
        \(answers.map(\.xml).joined())</Receipt>
        """.utf8)
}

func signed(_ bytes: [UInt8], by key: SigningKey = Keys.nation) throws -> SignedDocument {
    SignedDocument(bytes: bytes, signature: try key.sign(bytes), key: "national-2026")
}

func receipt(
    for parcel: Parcel, _ answers: [Answer], id: String = "r-1", status: String = "processed",
    code: String? = nil
) throws -> SignedDocument {
    try signed(receiptBytes(for: parcel, answers, id: id, status: status, code: code))
}
