import Foundation
import Testing

/// What `take --json` says of one file.
struct TakenFile: Decodable {
    let fates: [String: Int]
    let findings: [String: Int]
}

extension TestSite {
    /// Takes a file of one row.
    ///
    /// - Parameter cells: by the column's name.
    func take(_ cells: [String: String], as file: String, by mapping: String) throws -> TakenFile {
        let names = cells.keys.sorted()
        let rows = [names, names.map { cells[$0] ?? "" }]
        try write(rows.map { $0.joined(separator: ",") + "\r\n" }.joined(), to: file + ".csv")
        let ended = try Program().run([
            "take", "\(folder)/\(file).csv", "--source", "preconception/\(mapping)", "--site",
            folder, "--json",
        ])
        let taken = try JSONDecoder().decode([TakenFile].self, from: Data(ended.out.utf8))
        return try #require(taken.first, "\(ended.err)")
    }
}
