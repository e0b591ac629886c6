import Delivery
import Flow
import Foundation
import Intake
import Mappings
import Programmes
import Records
import Validation

/// One file on its way in, with what the person sees of it.
struct Taking: Sendable {
    /// What became of a file, for programs.
    struct Result: Encodable, Sendable {
        let file: String
        var takenBefore = false
        var rows = 0
        var fates: [String: Int] = [:]
        /// Rows by finding code.
        var findings: [String: Int] = [:]
        var submissions = 0
        /// Cases that went out because this file brought the part that they waited for.
        var released = 0
        /// Findings of cases that this file brought a part of, by code.
        var caseFindings: [String: Int] = [:]
        /// The lists of the files in which those cases came, as they stand now.
        var caseLists: [String] = []
        /// Columns of the file that the mapping does not know.
        var unknownColumns: [String] = []
        /// Where the list for the clinic is.
        var findingsFile: String?
    }

    let site: Site
    let arrival: Arrival
    let output: Output
    private let codes: CodeBook

    init(site: Site, arrival: Arrival, output: Output) {
        self.site = site
        self.arrival = arrival
        self.output = output
        codes = CodeBook(site.catalogue, of: arrival.programme)
    }

    /// Whether a failure is about one file: the others may be taken all the same.
    static func concernsFileAlone(_ error: any Error) -> Bool {
        error is ReadFailure || error is HeaderFailure
    }

    func take(_ path: String, source: String, by file: MappingFile) async throws -> Result {
        let path = Places.absolute(path)
        let name = PersonalSigns.masked((path as NSString).lastPathComponent)
        // A pipe or a device is refused before anything is read of it.
        _ = try SourceFile(path: path, byteLimit: .max)
        let list = list(for: name, try Arrival.digest(ofFileAt: path), by: file)
        let progress = Progress(
            name, unit: said("行", "rows"), total: LineCount.about(path), output: output)
        let reception = try await arrival.accept(
            path: path, source: source, file: file, progress: { progress.show($0) },
            notes: { try list.add($0) }, beforeClosing: { try list.finish() })
        progress.finish()
        var result = Result(file: name)
        switch reception {
        case .takenBefore(let rows, let tally):
            result.takenBefore = true
            result.rows = rows
            result.fates = tally.fates
            result.findings = tally.findings
            result.findingsFile = list.whole
            if list.whole == nil { try? FileManager.default.removeItem(atPath: list.path) }
            try await tell(tally, of: name, &result)
        case .taken(let tally, let unknownColumns):
            result.rows = tally.rows
            result.fates = tally.fates
            result.findings = tally.findings
            result.submissions = tally.submissions
            try await tell(tally, of: name, &result)
            result.unknownColumns = unknownColumns
            result.findingsFile = list.whole
        }
        show(result)
        return result
    }

    private func list(for name: String, _ digest: String, by file: MappingFile) -> FindingsFile {
        FindingsFile(
            for: name, digest: digest, in: site.configuration.folder + "/out",
            mapping: file.mapping, codes: { [codes] in codes[$0] })
    }

    /// What the file did to cases of other files: their lists are written anew.
    private func tell(_ tally: ArrivalTally, of name: String, _ result: inout Result) async throws {
        result.released = tally.released
        result.caseFindings = tally.caseFindings
        for file in tally.caseFiles.sorted(by: { $0.intake.text < $1.intake.text }) {
            guard let mapping = site.catalogue.mapping(named: file.mapping)?.mapping else {
                continue
            }
            let list = list(for: file.name, file.digest, by: mapping)
            try await arrival.notes(of: file) { try list.add($0) }
            try list.finish()
            if let path = list.whole {
                result.caseLists.append(path)
            } else {
                try? FileManager.default.removeItem(atPath: list.path)
            }
        }
    }

    private func show(_ result: Result) {
        if result.takenBefore {
            output.line(
                "\(result.file)：以前已收过（\(Figure.grouped(result.rows)) 行），没有变化",
                "\(result.file): taken before (\(Figure.grouped(result.rows)) rows); no change"
            )
            if result.fates[Fate.quarantined.rawValue] ?? 0 > 0 { showList(result) }
            showCases(result)
            return
        }
        output.line(
            "\(result.file)：\(Figure.grouped(result.rows)) 行，\(result.submissions) 份报文入队",
            "\(result.file): \(Figure.grouped(result.rows)) rows, "
                + "\(result.submissions) submissions queued"
        )
        var fates = Columns(sides: [.left, .right, .left])
        for fate in Fate.allCases {
            guard let count = result.fates[fate.rawValue], count > 0 else { continue }
            fates.add([fate.title.said, Figure.grouped(count), fate.next.said])
        }
        output.table(fates)
        if !result.findings.isEmpty {
            output.line("发现的问题（行数）：", "Findings (rows):")
            show(result.findings)
        }
        showCases(result)
        if !result.unknownColumns.isEmpty {
            let names = result.unknownColumns.prefix(8).joined(separator: said("、", ", "))
            output.paragraph(
                said("映射没有提到的列，未读取：", "Columns that the mapping does not name, not read: ")
                    + names)
        }
        showList(result)
    }
}

extension Taking {
    private func show(_ findings: [String: Int]) {
        var table = Columns(sides: [.left, .right, .left])
        for (code, count) in findings.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            table.add([code, Figure.grouped(count), codes[code]?.what.said ?? ""])
        }
        output.table(table)
    }

    /// What became of the cases that this file brought a part of.
    private func showCases(_ result: Result) {
        if result.released > 0 {
            output.line(
                "等它的病例 \(Figure.grouped(result.released)) 例已合并入队",
                "\(Figure.grouped(result.released)) cases that waited for it are queued now")
        }
        if !result.caseFindings.isEmpty {
            output.line("合并后病例的问题（病例数）：", "Findings of the cases that it is part of:")
            show(result.caseFindings)
        }
        for path in result.caseLists {
            output.line(
                "病例所在文件的清单已更新：\(Places.shown(path))",
                "The list of the cases' own file is renewed: \(Places.shown(path))")
        }
    }

    private func showList(_ result: Result) {
        guard let list = result.findingsFile else { return }
        output.line(
            "退给机构的清单：\(Places.shown(list))", "The list for the clinic: \(Places.shown(list))")
    }
}

extension Fate {
    var title: Wording {
        switch self {
        case .sent: Wording(zh: "入队上报", en: "queued")
        case .superseded: Wording(zh: "重复", en: "superseded")
        case .held: Wording(zh: "暂缓", en: "held")
        case .excluded: Wording(zh: "不符合条件", en: "excluded")
        case .quarantined: Wording(zh: "待更正", en: "quarantined")
        case .withdrawn: Wording(zh: "撤回", en: "withdrawn")
        case .unchanged: Wording(zh: "没有变化", en: "unchanged")
        case .joined: Wording(zh: "并入病例", en: "joined")
        case .counted: Wording(zh: "计入名单", en: "counted")
        case .struckOff: Wording(zh: "从名单取消", en: "taken off")
        }
    }

    var next: Wording {
        switch self {
        case .sent: Wording(zh: "", en: "")
        case .superseded: Wording(zh: "同一内容只报一次", en: "the same content goes once")
        case .held: Wording(zh: "补齐后重新导出", en: "complete it and export again")
        case .excluded: Wording(zh: "不上报、不结算", en: "neither sent nor paid")
        case .quarantined: Wording(zh: "由机构更正后重新导出", en: "the clinic corrects and exports again")
        case .withdrawn:
            Wording(
                zh: "同意已撤回：国家平台上的也撤回", en: "nobody consents: the nation is told to take it back")
        case .unchanged: Wording(zh: "以前已收过", en: "taken before")
        case .joined: Wording(zh: "与病例的其余部分一起上报", en: "goes with the rest of its case")
        case .counted: Wording(zh: "只在本地计数，不上报", en: "counted here, never sent")
        case .struckOff: Wording(zh: "不再计入", en: "counted no longer")
        }
    }
}

/// About how many rows a file has: its line breaks.
enum LineCount {
    static func about(_ path: String) -> Int {
        guard let file = FileHandle(forReadingAtPath: path) else { return 0 }
        defer { try? file.close() }
        var count = 0
        while let block = try? file.read(upToCount: 1 << 20), !block.isEmpty {
            count += block.withUnsafeBytes { bytes in bytes.count { $0 == 0x0A } }
        }
        return max(0, count - 1)
    }
}
