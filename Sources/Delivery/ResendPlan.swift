import LibCrypto
package import Records

/// The list that people agree on before anything is resent (重发清单): record ids, codes and steps, no
/// personal value. It is known by the SHA-256 of its bytes.
package struct ResendPlan: Sendable {
    /// One record of it.
    package struct Line: Sendable, Hashable {
        package let record: RecordID
        package let version: Int
        package let programme: String
        package let institution: String
        package let month: CalendarMonth
        package let submission: SubmissionID
        package let state: ItemState
        package let code: String?
        package let step: ResendStep

        package init(
            record: RecordID, version: Int, programme: String, institution: String,
            month: CalendarMonth, submission: SubmissionID, state: ItemState, code: String?,
            step: ResendStep
        ) {
            self.record = record
            self.version = version
            self.programme = programme
            self.institution = institution
            self.month = month
            self.submission = submission
            self.state = state
            self.code = code
            self.step = step
        }
    }

    package let lines: [Line]

    package init(_ lines: [Line]) {
        self.lines = lines
    }

    private static let header =
        "record,version,programme,institution,month,submission,state,code,step"

    /// The file: a header and a line a record, ended by line feeds.
    package var csv: [UInt8] {
        var text = ResendPlan.header + "\n"
        for line in lines {
            text +=
                [
                    line.record.text, "\(line.version)", line.programme, line.institution,
                    "\(line.month)", line.submission.text, line.state.rawValue, line.code ?? "",
                    line.step.rawValue,
                ].joined(separator: ",") + "\n"
        }
        return Array(text.utf8)
    }

    /// SHA-256 of a file, hex: the name under which it is started.
    package static func digest(of bytes: [UInt8]) -> String {
        Hex.encode(Hash.sha256.digest(bytes))
    }

    /// Reads a file that `csv` wrote; `nil` with the number of the first line that is none.
    package init(csv bytes: [UInt8]) throws(ResendFailure) {
        var lines: [Line] = []
        let text = String(decoding: bytes, as: UTF8.self)
        let rows = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard rows.first.map(String.init) == ResendPlan.header, rows.last == "" else {
            throw ResendFailure(.file, place: "1")
        }
        for (number, row) in rows.enumerated().dropFirst().dropLast() {
            let cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard cells.count == 9, let version = Int(cells[1]),
                let month = CalendarMonth(iso: cells[4]),
                let state = ItemState(rawValue: cells[6]), let step = ResendStep(rawValue: cells[8])
            else { throw ResendFailure(.file, place: "\(number + 1)") }
            lines.append(
                Line(
                    record: RecordID(cells[0]), version: version, programme: cells[2],
                    institution: cells[3], month: month, submission: SubmissionID(cells[5]),
                    state: state, code: cells[7].isEmpty ? nil : cells[7], step: step))
        }
        self.lines = lines
    }
}

/// Why a resend did not begin, or not go on.
package struct ResendFailure: ExplainedFailure, Hashable {
    package enum Reason: String, Sendable, CaseIterable {
        /// The file is no plan, or a line of it names what was never sent so.
        case file = "Q-PLAN-FILE"
        /// No plan of this site wrote these bytes.
        case unplanned = "Q-PLAN-OTHER"
        /// No plan of that name was started, or several begin so.
        case unknown = "Q-PLAN-NONE"
        /// It is over, or not in the state that the step asks for.
        case wrongState = "Q-PLAN-STATE"
    }

    package let reason: Reason
    package let place: String?

    package init(_ reason: Reason, place: String?) {
        self.reason = reason
        self.place = place
    }

    package var entry: CodeEntry { ResendCodes.entry(reason) }
    package var detail: String? { nil }

    package static func == (left: ResendFailure, right: ResendFailure) -> Bool {
        left.reason == right.reason && left.place == right.place
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(reason)
        hasher.combine(place)
    }
}

/// What the codes of resending mean.
enum ResendCodes {
    static func entry(_ reason: ResendFailure.Reason) -> CodeEntry {
        switch reason {
        case .file:
            CodeEntry(
                reason.rawValue,
                what: Wording(
                    zh: "不是重发清单，或其中一行所指的记录没有那样报过。",
                    en: "This is no list of resend plan, or a line of it names what was never sent "
                        + "so."),
                next: Wording(
                    zh: "重新运行 shangbao resend plan，不要手工改清单。",
                    en: "Run shangbao resend plan again; do not edit the list by hand."))
        case .unplanned:
            CodeEntry(
                reason.rawValue,
                what: Wording(
                    zh: "这份清单不是本站的 resend plan 写出的，或写出之后被改过。",
                    en: "No resend plan of this site wrote this list, or it was changed since."),
                next: Wording(
                    zh: "重新运行 shangbao resend plan，按新清单核对后再开始。",
                    en: "Run shangbao resend plan again, agree on the new list, then start that."))
        case .unknown:
            CodeEntry(
                reason.rawValue,
                what: Wording(
                    zh: "没有开始过这份清单，或不止一份这样开头。",
                    en: "No such list was started, or several begin so."),
                next: Wording(
                    zh: "编号见 shangbao resend status。", en: "See shangbao resend status."))
        case .wrongState:
            CodeEntry(
                reason.rawValue,
                what: Wording(
                    zh: "这份清单已经结束、取消，或不在可以这样做的状态。",
                    en: "That list is done, cancelled, or not in a state for this."),
                next: Wording(
                    zh: "用 shangbao resend status 查看。", en: "See shangbao resend status."))
        }
    }
}
