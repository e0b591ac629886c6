package import Records

/// The words of a notice (通知内容): Chinese first, then English. Made of the book of codes and of
/// names of the configuration alone: there is nothing of a person in it.
package struct NoticeText: Sendable {
    package let title: Wording
    package let lines: [Wording]

    /// - Parameters:
    ///   - entry: what the incident's code means; `nil` for one of another program's version.
    ///   - county: whose gateway it is.
    package init(
        _ notice: IncidentBook.Notice, entry: CodeEntry?, county: Wording, region: String
    ) {
        let incident = notice.incident
        let of = incident.subject.isEmpty ? "" : " \(incident.subject)"
        let hasEnded = notice.turn == .ended
        title = Wording(
            zh: "【上报网关】\(hasEnded ? "恢复" : "发生")：\(incident.code)\(of)（\(county.zh)）",
            en: "[Shangbao] \(hasEnded ? "ended" : "began"): \(incident.code)\(of) (\(county.en))")
        let since = String(incident.since.dateTime.prefix(16)).replacing("T", with: " ")
        var lines = [entry?.what ?? Wording(zh: incident.code, en: incident.code)]
        lines.append(Wording(zh: "始于 \(since)（北京时间）", en: "Since \(since) (Asia/Shanghai)"))
        if hasEnded, let ended = incident.ended {
            let minutes = (ended.microseconds - incident.since.microseconds) / 60_000_000
            lines.append(
                Wording(zh: "历时 \(minutes) 分钟，已恢复", en: "It lasted \(minutes) minutes"))
        } else if let next = entry?.next {
            lines.append(Wording(zh: "下一步：\(next.zh)", en: "Next: \(next.en)"))
        }
        lines.append(
            Wording(
                zh: "站点 \(county.zh) \(region)；shangbao explain \(incident.code)",
                en: "Site \(county.en) \(region); shangbao explain \(incident.code)"))
        self.lines = lines
    }

    /// All of it, for a message of plain text.
    package var text: String {
        ([title.zh] + lines.map(\.zh) + ["", title.en] + lines.map(\.en)).joined(separator: "\n")
    }
}
