import Definitions
import Foundation
package import Mappings
import Records

/// The village list of a sample (计划怀孕夫妇名单): the couples of the file, and one in four more who
/// never came.
extension SampleWriter {
    /// Writes the list by a mapping for lists, a row a couple.
    ///
    /// A couple whose row of the file bears a defect stands here as if it bore none.
    ///
    /// - Returns: how many couples it names.
    /// - Throws: `SampleFailure` where the file cannot be made, or its encoding lacks a character.
    package func writeList(by mapping: Mapping, to path: String) throws(SampleFailure) -> Int {
        let columns = mapping.rules.compactMap { rule -> (name: String, field: String)? in
            guard case .column(let name) = rule.origin else { return nil }
            return (name, mapping.dictionary.elements[rule.ordinal].name)
        }
        let couples = request.couples + (request.couples + 3) / 4
        let delimiter = mapping.options.delimiter
        var text = columns.map(\.name).joined(separator: delimiter) + "\r\n"
        for number in 0..<couples {
            let couple = invent(row: number, nil)
            text += columns.map { SampleWriter.text($0.field, of: couple) }
                .joined(separator: delimiter)
            text += "\r\n"
        }
        let encoder = try TextEncoder(request.encoding == .xlsx ? .utf8 : request.encoding)
        var bytes: [UInt8] = []
        guard encoder.append(Array(text.utf8), to: &bytes) else { throw .encoding("iconv") }
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
            throw .file(path)
        }
        return couples
    }

    /// What a list says of a couple; empty where the generator has nothing to say.
    private static func text(_ field: String, of couple: InventedCouple) -> String {
        switch field {
        case "wife.name": couple.wife.name
        case "wife.idNumber": couple.wife.idNumber
        case "husband.name": couple.husband.name
        case "husband.idNumber": couple.husband.idNumber
        // Two townships of three villages each.
        case "divisionCode": couple.county.division + "10\(couple.number % 2)20\(couple.number % 3)"
        case "planYear": "\(couple.fileDate.parts.year)"
        case "childOrder": "\(couple.childOrder)"
        case "listDate": "\(couple.fileDate.parts.year)-01-05"
        default: ""
        }
    }
}
