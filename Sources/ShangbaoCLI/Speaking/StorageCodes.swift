import Records
import Storage

/// The codes of the database, which itself knows no languages.
enum StorageCodes {
    static let locked = CodeEntry(
        "E-DB-LOCKED",
        what: Wording(
            zh: "另一个 shangbao 进程正在使用这个数据库；什么也没有写入。",
            en: "Another shangbao process has this database; nothing was written."),
        next: Wording(
            zh: "等它结束，再运行一次。后台有 serve 或 run 时，收文件、发送、取回执由它做，不必再手工运行。",
            en: "Wait for it, then run this again. While serve or run is at work it takes files, "
                + "sends and collects; nobody need do that by hand."))
    static let busy = CodeEntry(
        "E-DB-BUSY",
        what: Wording(zh: "数据库文件被别的程序占用。", en: "Another program holds the database file."),
        next: Wording(
            zh: "关掉正在打开它的工具或备份，再试。", en: "Close the tool or backup that has it open."))
    static let full = CodeEntry(
        "E-DB-FULL",
        what: Wording(
            zh: "磁盘已满；未完成的一步没有留下任何痕迹。",
            en: "The disk is full; the step that failed left nothing behind."),
        next: Wording(
            zh: "腾出空间后重新运行，会从断点继续。不要删除 -wal 和 -shm。",
            en: "Free some space and run again: it goes on from there. Never delete -wal or -shm."))
    static let notForced = CodeEntry(
        "E-DB-SYNC",
        what: Wording(
            zh: "磁盘没有确认落盘；本进程不再写入，已提交的都在数据库及其 -wal 中。",
            en: "The disk did not confirm a write; this process writes nothing more. What was "
                + "committed is in the database and its -wal."),
        next: Wording(
            zh: "查看内核日志和磁盘健康，另存数据库及 -wal，再重新运行。不要删除 -wal。",
            en: "Look at the kernel log and the disk, copy the database with its -wal aside, then "
                + "run again. Never delete the -wal."))
    static let readOnly = CodeEntry(
        "E-DB-READONLY",
        what: Wording(zh: "数据库或其目录不可写。", en: "The database or its folder cannot be written."),
        next: Wording(
            zh: "检查属主、权限和挂载方式。", en: "Check owner, mode and how the disk is mounted."))
    static let corrupt = CodeEntry(
        "E-DB-CORRUPT",
        what: Wording(zh: "数据库文件已损坏。", en: "The database file is damaged."),
        next: Wording(
            zh: "停止运行，连同 -wal、-shm 一起另存，再从备份恢复。",
            en: "Stop, copy it aside with its -wal and -shm, then restore a backup."))
    static let open = CodeEntry(
        "E-DB-OPEN",
        what: Wording(zh: "数据库打不开。", en: "The database cannot be opened."),
        next: Wording(
            zh: "核对 shangbao.yaml 中的 database 与目录权限。",
            en: "Check database in shangbao.yaml and the rights of its folder."))
    static let network = CodeEntry(
        "E-DB-NETWORK",
        what: Wording(
            zh: "数据库在网络盘上，锁不可靠，已拒绝。",
            en: "The database is on a network disk, whose locks cannot be trusted."),
        next: Wording(zh: "改放到本机磁盘。", en: "Put it on a disk of this machine."))
    static let newer = CodeEntry(
        "E-DB-NEWER",
        what: Wording(
            zh: "数据库由更新版本的程序写成，未作改动。",
            en: "A newer version of this program wrote the database; nothing was changed."),
        next: Wording(zh: "升级程序。", en: "Upgrade the program."))
    static let older = CodeEntry(
        "E-DB-OLDER",
        what: Wording(
            zh: "数据库的表是旧版程序建的；只看不写的命令不会改动它。",
            en: "The database has an older version's tables; a command that only looks leaves them."
        ),
        next: Wording(
            zh: "先备份，再用新版程序运行一次 shangbao deliver，或重启 shangbao run：会自动升级。",
            en: "Back it up, then run shangbao deliver once, or restart shangbao run, with this "
                + "version: that brings it up to date."))
    static let other = CodeEntry(
        "E-DB",
        what: Wording(zh: "数据库出错。", en: "The database failed."),
        next: Wording(
            zh: "运行 shangbao doctor；磁盘报错时先做备份。",
            en: "Run shangbao doctor; back up first where the disk reports errors."))

    static let all =
        [locked, busy, full, notForced, readOnly, corrupt, open, network, newer, older, other]
        + ServerCodes.all
}

extension Explanation {
    init(storage failure: StorageFailure) {
        var detail = failure.codeText
        var status = ExitStatus.storage
        let entry: CodeEntry
        switch failure.reason {
        case .lockedByAnotherProcess: (entry, status) = (StorageCodes.locked, .busy)
        case .busy: (entry, status) = (StorageCodes.busy, .busy)
        case .full: entry = StorageCodes.full
        case .notForced: entry = StorageCodes.notForced
        case .readOnly: entry = StorageCodes.readOnly
        case .corrupt: entry = StorageCodes.corrupt
        case .cannotOpen: entry = StorageCodes.open
        case .networkFileSystem: entry = StorageCodes.network
        case .schemaTooNew(let found, let known):
            entry = StorageCodes.newer
            detail = "\(found) > \(known)"
        case .schemaTooOld(let found, let known):
            entry = StorageCodes.older
            detail = "\(found) < \(known)"
        case .constraint(let name): (entry, detail) = (StorageCodes.other, "constraint \(name)")
        case .unexpectedColumn(let name): (entry, detail) = (StorageCodes.other, "column \(name)")
        case .invalidStatement(let words): (entry, detail) = (StorageCodes.other, words)
        case .server(let trouble): entry = ServerCodes.entry(trouble)
        case .closed, .other: entry = StorageCodes.other
        }
        self.init(entry, detail: detail.map { Wording(zh: $0, en: $0) }, status)
    }
}
