import Records

/// A fact in one sentence, as `shangbao trace` shows it for one record.
extension Fact {
    func summary(for record: RecordID) -> Wording {
        switch self {
        case .arrived(let fact):
            Wording(zh: "文件 \(fact.name) 到达", en: "file \(fact.name) arrived")
        case .taken(let fact): fact.summary(for: record)
        case .received(let fact):
            Wording(zh: "\(fact.rows) 行全部处理", en: "all \(fact.rows) rows have a fate")
        case .refused(let fact):
            Wording(
                zh: "文件 \(fact.name) 被拒收：\(fact.code)",
                en: "file \(fact.name) was refused: \(fact.code)")
        case .abandoned(let fact): fact.summary
        case .dropped(let fact): fact.summary
        case .enqueued(let fact): fact.summary(for: record)
        case .onWire(let fact): fact.summary
        case .attempted(let fact): fact.summary
        case .receiptKept(let fact): fact.summary
        case .acknowledged(let fact): fact.summary(for: record)
        case .intervened(let fact): fact.summary
        case .disputed(let fact): fact.summary
        case .decided(let fact): fact.summary
        case .reversed(let fact): fact.summary
        case .renumbered(let fact): fact.summary
        case .handedOut(let fact): fact.summary
        case .listKept(let fact): fact.summary
        case .resent(let fact): fact.summary
        case .attended(let fact): fact.summary
        case .keyringSeen(let fact): fact.summary
        case .reconciled(let fact): fact.summary
        case .switched(let fact): fact.summary
        case .approved(let fact): fact.summary
        case .counted(let fact): fact.summary
        case .differed(let fact): fact.summary
        case .differenceHandled(let fact): fact.summary
        case .settled(let fact): fact.summary
        case .signedOff(let fact): fact.summary
        case .audited(let fact): fact.summary
        case .erased(let fact): fact.summary
        case .warned(let fact): fact.summary
        case .identified(let fact): fact.summary
        case .recipientTaken(let fact): fact.summary
        case .backupTried(let fact): fact.summary
        case .rekeyed(let fact): fact.summary
        case .rewrapped(let fact): fact.summary
        case .personKey(let fact): fact.summary
        case .published(let fact): fact.summary
        }
    }
}

extension Fact.OnWire {
    fileprivate var summary: Wording {
        Wording(
            zh: "第 \(attempt) 次发送开始：\(submission)",
            en: "attempt \(attempt) begins: \(submission)")
    }
}

extension Fact.ReceiptKept {
    fileprivate var summary: Wording {
        Wording(
            zh: "回执 \(receipt.prefix(16)) 已保存：\(disposition)",
            en: "receipt \(receipt.prefix(16)) kept: \(disposition)")
    }
}

extension Fact.Intervened {
    fileprivate var summary: Wording {
        Wording(
            zh: "\(by) 操作 \(step)：\(because)",
            en: "\(step) by \(by): \(because)")
    }
}

extension Fact.Approved {
    fileprivate var summary: Wording {
        Wording(
            zh: "映射 \(mapping) \(isApproved ? "获批" : "未获批")（\(by)）",
            en: "mapping \(mapping) \(isApproved ? "approved" : "rejected") by \(by)")
    }
}

extension Fact.Disputed {
    fileprivate var summary: Wording {
        Wording(
            zh: "第 \(version) 版的回执互相矛盾，已冻结",
            en: "answers about version \(version) contradict each other: frozen")
    }
}

extension Fact.Decided {
    fileprivate var summary: Wording {
        Wording(
            zh: "\(by) 按回执 \(receipt.prefix(16)) 裁定第 \(verdict.version) 版"
                + " \(verdict.verdict.rawValue)：\(because)",
            en: "version \(verdict.version) decided \(verdict.verdict.rawValue) by "
                + "\(by), by receipt \(receipt.prefix(16)): \(because)")
    }
}

extension Fact.Attempted {
    fileprivate var summary: Wording {
        Wording(
            zh: "第 \(attempt) 次发送结果 \(outcome)，状态 \(state)",
            en: "attempt \(attempt) ended with \(outcome), now \(state)")
    }
}

extension Fact.Abandoned {
    fileprivate var summary: Wording {
        Wording(
            zh: "\(by) 放弃没收完的文件（已收 \(rows) 行）：\(because)",
            en: "\(by) gave up the file after \(rows) rows: \(because)")
    }
}

extension Fact.Settled {
    fileprivate var summary: Wording {
        Wording(zh: "\(programme) \(year) 年度结算", en: "\(programme) \(year) settled")
    }
}

extension Fact.Dropped {
    fileprivate var summary: Wording {
        Wording(
            zh: "\(by) 撤下文件中的 \(rows) 行结果：\(because)",
            en: "\(by) took \(rows) rows of results off: \(because)")
    }
}

extension Fact.Taken {
    fileprivate func summary(for record: RecordID) -> Wording {
        let rows = kept.filter { $0.record == record }
        let zh = rows.map { "第 \($0.row) 行：\($0.fate) \($0.codes)" }
        let en = rows.map { "row \($0.row): \($0.fate) \($0.codes)" }
        return Wording(zh: zh.joined(separator: "；"), en: en.joined(separator: "; "))
    }
}

extension Fact.KeptRow {
    fileprivate var codes: String { findings.map(\.code).joined(separator: " ") }
}

extension Fact.Enqueued {
    fileprivate func summary(for record: RecordID) -> Wording {
        let found = records.first { $0.record == record }
        let version = found.map { "\($0.version)" } ?? "?"
        let action = found?.action.rawValue ?? "?"
        return Wording(
            zh: "第 \(version) 版（\(action)）进入上报 \(submission)",
            en: "version \(version) (\(action)) queued in submission \(submission)")
    }
}

extension Fact.Acknowledged {
    fileprivate func summary(for record: RecordID) -> Wording {
        let found = verdicts.filter { $0.record == record }
        let words = found.map { verdict in
            ([verdict.verdict.rawValue]
                + [verdict.code, verdict.serial, verdict.field].compactMap { $0 })
                .joined(separator: " ")
        }.joined(separator: "; ")
        let version = found.first.map { "\($0.version)" } ?? "?"
        return Wording(
            zh: "第 \(version) 版的答复：\(words)", en: "answer on version \(version): \(words)")
    }
}

extension Fact.Reversed {
    fileprivate var summary: Wording {
        Wording(
            zh: "国家平台撤销了对第 \(version) 版的接收：\(code ?? "")，回执 \(receipt.prefix(16))",
            en: "the national side took its acceptance of version \(version) back: \(code ?? ""), "
                + "receipt \(receipt.prefix(16))")
    }
}

extension Fact.Renumbered {
    fileprivate var summary: Wording {
        Wording(
            zh: "第 \(version) 版再次被接收，流水号却是 \(given)；保留 \(kept)",
            en: "version \(version) was accepted again as \(given); \(kept) stays")
    }
}

extension Fact.Resent {
    fileprivate var summary: Wording {
        Wording(
            zh: "重发清单 \(plan.prefix(12)) \(step)（\(by)）\(because)",
            en: "list \(plan.prefix(12)) of a resend: \(step) by \(by) \(because)")
    }
}

extension Fact.Attended {
    fileprivate var summary: Wording {
        Wording(
            zh: "\(by) 处理告警 \(alarm)：\(because)", en: "alarm \(alarm) seen to by \(by): \(because)")
    }
}

extension Fact.Reconciled {
    fileprivate var summary: Wording {
        Wording(
            zh: "先对账后发送：\(step)（\(by)）\(because)",
            en: "reconcile first: \(step) by \(by): \(because)")
    }
}

extension Fact.Switched {
    fileprivate var summary: Wording {
        let isRetries = scope == "retries"
        return step == "stopped"
            ? Wording(
                zh: "\(by) 停止向 \(endpoint) \(isRetries ? "重发" : "发送")：\(because)",
                en: "\(isRetries ? "retries" : "sends") to \(endpoint) stopped by \(by): \(because)"
            )
            : Wording(
                zh: "\(by) 恢复向 \(endpoint) \(isRetries ? "重发" : "发送")：\(because)",
                en: "\(isRetries ? "retries" : "sends") to \(endpoint) go on, by \(by): \(because)")
    }
}

extension Fact.KeyringSeen {
    fileprivate var summary: Wording {
        Wording(
            zh: "密钥环计数 \(counter) \(because ?? "")",
            en: "key ring counter \(counter) \(because ?? "")")
    }
}
