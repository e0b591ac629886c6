package import Records

/// How the process ends: stable numbers that scripts and timers rely on (退出码).
package enum ExitStatus: Int32, Sendable, CaseIterable, Comparable {
    case done = 0
    /// Some rows were quarantined, or a file could not be taken.
    case toCorrect = 3
    /// There was something to send and nothing went out.
    case undelivered = 4
    /// The other side refused a submission.
    case refused = 5
    /// The books do not balance, or differ from the national ones; or a pack is not genuine.
    case unbalanced = 6
    case usage = 64
    /// Another process has the database.
    case busy = 73
    case storage = 74
    case configuration = 78

    /// The graver one has the larger number.
    package static func < (left: ExitStatus, right: ExitStatus) -> Bool {
        left.rawValue < right.rawValue
    }

    /// What it means, for the reference.
    package var wording: Wording {
        switch self {
        case .done: Wording(zh: "全部正常", en: "all good")
        case .toCorrect:
            Wording(zh: "有行待更正，或有文件不能接收", en: "some rows quarantined, or a file refused")
        case .undelivered: Wording(zh: "一份也没有发出", en: "nothing could be delivered")
        case .refused: Wording(zh: "被对方拒绝", en: "refused by the other side")
        case .unbalanced:
            Wording(zh: "账目不平、对账有差异或证据不符", en: "the books do not balance, or differ")
        case .usage: Wording(zh: "命令用法有误", en: "usage")
        case .busy: Wording(zh: "另一进程正在使用数据库", en: "another process has the database")
        case .storage: Wording(zh: "磁盘、文件或数据库出错", en: "storage or input and output")
        case .configuration:
            Wording(zh: "配置、定义、密钥或审批有误", en: "configuration, definitions, keys, approvals")
        }
    }
}

/// A command's own end, already told to the person.
struct Ending: Error {
    let status: ExitStatus
}
