package import Records

/// The county's list of who works at which institution, and on which days (医师名单), for L-072.
///
/// A CSV file in UTF-8 with the header `code,doctor,valid_from,valid_to`: the institution's code, the
/// name as the clinic's files write it, both days inclusive, empty means without end. The file is
/// the county's and stays at home like the clinic's own: names are only compared, byte by byte, and
/// never shown, not even where a line is wrong.
///
/// A class, so that asking passes one reference.
package final class StaffList: Sendable {
    private struct Post: Sendable {
        let doctor: Int
        let from: CalendarDate?
        let to: CalendarDate?
    }

    /// Its rows, each as one text: what was judged by it.
    package let lines: [String]
    private let institutions: ByteTable
    private let doctors: ByteTable
    /// By institution.
    private let posts: [[Post]]

    /// Parses the file's text; throws where a line is wrong, with its place.
    package init(text: String, shownAs file: String) throws(DefinitionError) {
        let table = try CodeTable(text: text, shownAs: file)
        try table.expect(header: ["code", "doctor", "valid_from", "valid_to"])
        var institutions: [String: Int] = [:]
        var doctors: [String: Int] = [:]
        var posts: [[Post]] = []
        for row in table.rows {
            guard !row.cells[0].isEmpty, !row.cells[1].isEmpty else {
                throw table.error(
                    row, "机构代码或医师为空。", "The institution or the doctor is empty.")
            }
            let from = try table.day(row, column: 2)
            let to = try table.day(row, column: 3)
            if let from, let to, to < from {
                throw table.error(row, "失效日期早于生效日期。", "valid_to is before valid_from.")
            }
            let doctor = doctors[row.cells[1]] ?? doctors.count
            doctors[row.cells[1]] = doctor
            let institution = institutions[row.cells[0]] ?? posts.count
            if institution == posts.count {
                institutions[row.cells[0]] = institution
                posts.append([])
            }
            posts[institution].append(Post(doctor: doctor, from: from, to: to))
        }
        lines = table.rows.map { $0.cells.joined(separator: ",") }
        self.institutions = ByteTable(
            institutions.map { (key: Array($0.key.utf8), number: $0.value) })
        self.doctors = ByteTable(doctors.map { (key: Array($0.key.utf8), number: $0.value) })
        self.posts = posts
    }

    /// Whether somebody works at an institution on a day; `nil` where the list does not know the
    /// institution.
    ///
    /// - Parameters:
    ///   - name: UTF-8, as the record has it.
    ///   - institution: its code.
    package func works(
        _ name: ArraySlice<UInt8>, at institution: ArraySlice<UInt8>, on day: CalendarDate
    ) -> Bool? {
        guard
            let known = institution.withUnsafeBufferPointer({ institutions.number(of: $0) })
        else { return nil }
        guard let doctor = name.withUnsafeBufferPointer({ doctors.number(of: $0) }) else {
            return false
        }
        return posts[known].contains { post in
            post.doctor == doctor && (post.from.map { $0 <= day } ?? true)
                && (post.to.map { day <= $0 } ?? true)
        }
    }
}
