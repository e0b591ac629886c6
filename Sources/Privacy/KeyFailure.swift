package import LibCrypto
package import Records

/// The key ring or its passphrase cannot be used: everything that needs a key stops (密钥故障).
///
/// It never holds a key or a passphrase.
package struct KeyFailure: ExplainedFailure, Hashable {
    package enum Reason: String, Sendable, CaseIterable {
        /// No such file, or the system refuses to read or write it.
        case unreadable
        /// Others may read the file, it is not ours, or it is a symbolic link.
        case exposed
        /// Not the form of a key ring, or of a version that is not known.
        case malformed
        case wrongPassphrase
        /// The passphrase is right, the content is not what we wrote.
        case changed
        /// An older copy was put back.
        case rolledBack
        case exists
        /// No key of this use, suite and domain.
        case missing
        /// The key's state does not allow this.
        case state
        /// Another process changed the file since it was read.
        case busy
        /// Stored names are of an epoch that this ring, as it was read, does not have.
        case rotated
        /// A device that holds a key failed; `fault` says how.
        case device
        /// Stored things still need the key.
        case needed
        /// The cryptographic library failed.
        case library
        /// Another ring than the ledger noted, with the same counter.
        case forked
        /// It was made for a rehearsal.
        case rehearsal
        /// The library that is loaded is known to give keys away.
        case oldLibrary
        case shortPassphrase
        case differentPassphrases
        /// There is no terminal, no such descriptor, nothing in it, or the person gave up.
        case noPassphrase
    }

    package let reason: Reason
    /// The file, as its owner named it.
    package let place: String?
    package let detail: String?
    /// What was the matter with the device, where that is the reason.
    package let fault: DeviceFault?

    /// - Parameters:
    ///   - place: the file.
    ///   - detail: which key, by id, use or epoch.
    package init(_ reason: Reason, place: String? = nil, detail: String? = nil) {
        self.reason = reason
        self.place = place
        self.detail = detail
        fault = nil
    }

    /// A failure of the library, whose words hold no values, or of the device that holds the key.
    package init(_ failure: CryptoFailure, place: String? = nil) {
        if let fault = failure.device {
            self.init(fault)
        } else {
            self.init(.library, place: place, detail: failure.detail)
        }
    }

    /// A failure of a device.
    package init(_ fault: DeviceFault) {
        reason = .device
        place = fault.device
        detail = fault.detail.isEmpty ? nil : fault.detail
        self.fault = fault
    }

    package var entry: CodeEntry {
        fault.map { DeviceCodes.entry($0.reason) } ?? KeyFailure.entries[reason]
            ?? KeyFailure.anyFailure
    }

    private static let anyFailure = CodeEntry(
        "E-KEY-LIBRARY",
        what: Wording(zh: "密码库出错。", en: "The cryptographic library failed."),
        next: Wording(
            zh: "核对 libcrypto 版本与内存限制，再试。",
            en: "Check the version of libcrypto and the memory limits, then try again."))

    static let entries: [Reason: CodeEntry] = {
        var entries: [Reason: CodeEntry] = [.library: anyFailure]
        for (reason, code, what, next) in texts {
            entries[reason] = CodeEntry(
                code, what: Wording(zh: what.0, en: what.1), next: Wording(zh: next.0, en: next.1))
        }
        return entries
    }()

    private typealias Pair = (String, String)
    private static let texts: [(Reason, String, what: Pair, next: Pair)] = [
        (
            .unreadable, "E-KEY-FILE", ("密钥环文件无法读写。", "The key ring cannot be read or written."),
            ("核对路径、归属用户和磁盘空间。", "Check its path, its owner and the free space.")
        ),
        (
            .exposed, "E-KEY-MODE",
            (
                "文件不是本用户独有：他人可读、归属不符或为符号链接。",
                "The file is not ours alone: others may read it, or it is a link."
            ),
            (
                "由服务用户持有并 chmod 600；若他人可能读过，请轮换密钥。",
                "Give it to the service user with mode 600; rotate the keys if others could read."
            )
        ),
        (
            .malformed, "E-KEY-FORM", ("不是密钥环文件，或版本不识。", "This is not a key ring that we know."),
            ("核对路径；必要时从备份恢复。", "Check the path, or restore the backup.")
        ),
        (
            .wrongPassphrase, "E-KEY-PASSPHRASE",
            ("口令不对，或密钥环已损坏。", "The passphrase is wrong, or the key ring is damaged."),
            ("重新输入口令；仍不行则从备份恢复。", "Enter it again; if that fails restore the backup.")
        ),
        (
            .changed, "E-KEY-CHANGED",
            ("密钥环被改动，校验不符。", "The key ring was changed by something other than shangbao."),
            (
                "不要使用；查明是谁改的，从备份恢复。",
                "Do not use it; find out who changed it, and restore the backup."
            )
        ),
        (
            .rolledBack, "E-KEY-ROLLBACK", ("密钥环是旧的一份。", "This is an older copy of the key ring."),
            (
                "找回最新的一份；若是有意恢复备份，用 shangbao keys adopt 重新登记。",
                "Find the newest one; after a deliberate restore use shangbao keys adopt."
            )
        ),
        (
            .exists, "E-KEY-EXISTS", ("密钥环已存在，不会覆盖。", "A key ring is there already and is kept."),
            ("换一个路径，或先移走旧文件。", "Choose another path, or move the old file away.")
        ),
        (
            .missing, "E-KEY-NONE", ("没有这一用途的有效密钥。", "There is no active key of this use."),
            ("运行 shangbao keys list 核对，必要时新建。", "See shangbao keys list, and add one.")
        ),
        (
            .state, "E-KEY-STATE", ("密钥的状态不允许这样做。", "The key's state does not allow this."),
            (
                "状态只能向前走，病例标识密钥不轮换；见 docs/privacy。",
                "States only go forward, and the key that names cases is not rotated."
            )
        ),
        (
            .busy, "E-KEY-BUSY",
            ("密钥环刚被另一进程改过。", "Another process changed the key ring meanwhile."),
            ("重新打开后再做一次。", "Open it again and repeat.")
        ),
        (
            .rotated, "E-KEY-ROTATED",
            (
                "密钥已经轮换，这里用的还是旧的一代。",
                "The keys were rotated; the ring in use here is of an earlier epoch."
            ),
            (
                "重新启动程序；恢复过密钥环备份的，数据库也须恢复到同一天。",
                "Start the program again; where a backup of the ring was restored, restore the "
                    + "database of the same day."
            )
        ),
        (
            .needed, "E-KEY-NEEDED",
            ("已存的数据还要用这把密钥。", "What is stored still needs this key."),
            (
                "先运行 shangbao keys rotate 换到新密钥；假名与病例的旧密钥须一直保留。",
                "Run shangbao keys rotate first; old keys that name people and cases stay for good."
            )
        ),
        (
            .forked, "E-KEY-FORKED",
            (
                "这不是账本登记的那份密钥环：计数相同，密钥不同。",
                "This is not the key ring that the ledger noted: the counter is the same, its keys are "
                    + "others."
            ),
            (
                "找回登记的那一份；确认要用这一份，由两人商定后 shangbao keys adopt --because。",
                "Find the one that was noted. To use this one, agree on it and run shangbao keys adopt "
                    + "--because."
            )
        ),
        (
            .rehearsal, "E-KEY-REHEARSAL",
            (
                "这是演练用的密钥环，正式上报不能用。",
                "The key ring was made for a rehearsal; production does not use it."
            ),
            (
                "把它移走，用 shangbao keys init 新建，公钥交国家平台登记。",
                "Put it away, make one with shangbao keys init, and register its public keys."
            )
        ),
        (
            .oldLibrary, "E-OPENSSL-OLD",
            (
                "OpenSSL 太旧，SM2 签名会泄露密钥；密钥环没有打开。",
                "OpenSSL is too old: its SM2 signing gives the key away. The ring was not opened."
            ),
            ("升级 libssl3：shangbao doctor 显示所需版本。", "Upgrade libssl3: shangbao doctor says to what.")
        ),
        (
            .shortPassphrase, "E-PASSPHRASE-SHORT",
            ("口令少于 12 个字符。", "The passphrase has fewer than 12 characters."),
            ("用几个不相干的词组成更长的口令。", "Choose a longer one, such as several unrelated words.")
        ),
        (
            .differentPassphrases, "E-PASSPHRASE-DIFFERENT",
            ("两次输入的口令不同。", "The two entries differ."), ("再来一次。", "Try again.")
        ),
        (
            .noPassphrase, "E-PASSPHRASE-NONE",
            ("没有拿到口令。", "No passphrase was given."),
            (
                "在终端运行，或用 --passphrase-fd、systemd LoadCredential 交给程序。",
                "Use a terminal, --passphrase-fd, or systemd's LoadCredential."
            )
        ),
    ]
}
