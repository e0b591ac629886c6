import Delivery
import Records

/// Why nothing is sent, as `status` says it.
struct ReconcilingLine: Encodable {
    struct Report: Encodable {
        let worker: String
        let at: String
        /// Sends that the database did not know, and that are asked for.
        let missing: Int
        /// Sends of submissions that the database does not have.
        let unknown: Int
    }

    let since: String
    let cause: String
    let reports: [Report]

    init(_ reconciling: Reconciling) {
        since = reconciling.since.dateTime
        cause = reconciling.cause.rawValue
        reports = reconciling.reports.map {
            Report(
                worker: $0.worker, at: $0.at.dateTime, missing: $0.missing, unknown: $0.unknown)
        }
    }

    func show(_ output: Output) {
        output.line()
        let why = Reconciling.Cause(rawValue: cause)?.title
        output.paragraph(
            said(
                "先对账，暂不发送（\(since) 起）：\(why?.zh ?? cause)",
                "Reconciling: nothing is sent since \(since): \(why?.en ?? cause)"), indent: 0)
        for report in reports {
            output.paragraph(
                said(
                    "\(report.worker) 的发送日志：补记 \(report.missing) 次发送，"
                        + "另有 \(report.unknown) 次属于数据库里没有的报文",
                    "\(report.worker): its journal named \(report.missing) sends that the "
                        + "database had lost, and \(report.unknown) of submissions it does not "
                        + "have"), indent: 2)
        }
        output.paragraph(
            said(
                "各台都重启过、没有“待查”之后：shangbao queue open --because 理由",
                "Once every worker was started again and nothing is in doubt: shangbao queue open "
                    + "--because WHY"), indent: 2)
    }
}

extension Reconciling.Cause {
    /// Why, in a few words.
    var title: Wording {
        switch self {
        case .otherServer:
            Wording(
                zh: "另一台数据库服务器接替了，或数据库搬过", en: "another server took over, or the database was moved"
            )
        case .olderDatabase:
            Wording(zh: "数据库比发送日志旧（恢复过备份？）", en: "the database is older than a send journal")
        case .person: Wording(zh: "由人开启", en: "a person began it")
        }
    }
}
