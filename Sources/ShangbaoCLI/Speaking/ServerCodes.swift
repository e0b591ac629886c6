import Records
import Storage

/// What can be the matter with a database server, and what to do next.
enum ServerCodes {
    static func entry(_ trouble: ServerTrouble) -> CodeEntry {
        switch trouble {
        case .unreachable: unreachable
        case .denied: denied
        case .outcomeUnknown: unknownOutcome
        case .failedOver: failedOver
        case .tooOld: tooOld
        case .standby: standby
        case .pooled: pooled
        case .passwordInSight: password
        case .address: address
        case .notDurable: notDurable
        case .collation: collation
        }
    }

    static let all = ServerTrouble.allCases.map { entry($0) }

    private static let unreachable = CodeEntry(
        "E-DB-SERVER",
        what: Wording(
            zh: "数据库服务器没有应答，或不再接受连接；未完成的一步没有留下任何痕迹。",
            en: "The database server does not answer or takes no more connections; the step that "
                + "failed left nothing behind."),
        next: Wording(
            zh: "检查服务器、网络和 max_connections；用 psql 和同样的连接参数试一次。恢复后会接着做。",
            en: "Check the server, the network and max_connections; try psql with the same words. "
                + "Work goes on once it answers."))
    private static let denied = CodeEntry(
        "E-DB-DENIED",
        what: Wording(
            zh: "数据库服务器不接受这个用户或口令。",
            en: "The database server does not take this user or password."),
        next: Wording(
            zh: "检查 pg_hba.conf、user= 和 passfile=（权限 600）。",
            en: "Check pg_hba.conf, user= and passfile= (mode 600)."))
    private static let unknownOutcome = CodeEntry(
        "E-DB-UNSURE",
        what: Wording(
            zh: "提交时连接断了，服务器也无法说明那一步是否生效；没有重做。",
            en: "The connection broke during a commit, and the server could not say what became of "
                + "it; nothing was repeated."),
        next: Wording(
            zh: "服务器恢复后重新运行：先查明已做到哪里，可能已发出的会先查询。",
            en: "Run again once the server answers: what may have been sent is asked for first."))
    private static let failedOver = CodeEntry(
        "E-DB-FAILOVER",
        what: Wording(
            zh: "另一台服务器接替了主库，它可能缺少最后几次提交；本进程不再使用它。",
            en: "Another server has taken over and may lack the last commits; this process no "
                + "longer works on it."),
        next: Wording(
            zh: "重新启动：会先对账，不发送；核对后用 shangbao queue open。",
            en: "Start again: it reconciles first and sends nothing until shangbao queue open."))
    private static let tooOld = CodeEntry(
        "E-DB-VERSION",
        what: Wording(
            zh: "数据库服务器早于 PostgreSQL 15。",
            en: "The database server is older than PostgreSQL 15."),
        next: Wording(zh: "升级服务器。", en: "Upgrade the server."))
    private static let standby = CodeEntry(
        "E-DB-STANDBY",
        what: Wording(
            zh: "连到的是备库，只能跟随主库。",
            en: "This server only follows another one."),
        next: Wording(
            zh: "连到主库；在 host= 里列出各台，程序会自己找主库。",
            en: "Connect to the primary; with all of them in host=, the program finds it."))
    private static let pooled = CodeEntry(
        "E-DB-POOLED",
        what: Wording(
            zh: "中间有连接池（如 PgBouncer）：会话中的准备语句、锁和通知都不可靠，已拒绝。",
            en: "A connection pool such as PgBouncer stands in front: what a session prepares, "
                + "locks or listens to would not hold."),
        next: Wording(
            zh: "绕过连接池，直接连服务器；只转发 TCP 的负载均衡可以用。",
            en: "Connect past it; a balancer that only passes TCP on will do."))
    private static let password = CodeEntry(
        "E-DB-PASSWORD",
        what: Wording(
            zh: "数据库口令写在连接参数或环境变量里，别人能看到。",
            en: "The database's password stands in the words or the environment, for others to "
                + "read."),
        next: Wording(
            zh: "写进权限 600 的文件，用 passfile= 指明；并换掉这个口令。",
            en: "Put it in a file of mode 600, named by passfile=, and change it."))
    private static let address = CodeEntry(
        "E-DB-ADDRESS",
        what: Wording(
            zh: "数据库连接参数有误，或出本机的连接没有验证服务器。",
            en: "The database's words are wrong, or the way off this machine is not verified."),
        next: Wording(
            zh: "改正 shangbao.yaml 的 database：出本机须 sslmode=verify-full 和 sslrootcert=。",
            en: "Correct database in shangbao.yaml: off this machine it takes sslmode=verify-full "
                + "and sslrootcert=."))
    private static let notDurable = CodeEntry(
        "E-DB-DURABLE",
        what: Wording(
            zh: "服务器没有把提交强制写盘（fsync、full_page_writes 或 synchronous_commit）。",
            en: "The server does not force commits to its disk (fsync, full_page_writes or "
                + "synchronous_commit)."),
        next: Wording(zh: "在服务器上改回 on。", en: "Set them to on, on the server."))
    private static let collation = CodeEntry(
        "E-DB-COLLATION",
        what: Wording(
            zh: "数据库不是 UTF-8，或按某种语言排序。",
            en: "The database is not UTF-8, or sorts by a language."),
        next: Wording(
            zh: "重建：CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'。",
            en: "Make it anew: CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' "
                + "LOCALE 'C.UTF-8'."))
}

extension StorageFailure {
    /// The database's own code as its manual has it.
    var codeText: String? {
        if code == 0 { return nil }
        // SQLite's stay below 16 bits; five characters of base 36 with a class do not.
        guard code > Int32(UInt16.max) else { return "SQLite \(code)" }
        let text = String(code, radix: 36, uppercase: true)
        return "SQLSTATE " + String(repeating: "0", count: max(0, 5 - text.count)) + text
    }
}
