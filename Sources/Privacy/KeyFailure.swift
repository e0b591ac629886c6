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
        /// A backup that has no key in common with the ring in use.
        case stranger
        /// The key is the one in force.
        case inForce
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
                "文件或其目录不是本用户独有：他人可读可改、归属不符或为符号链接。",
                "The file or its folder is not ours alone: others may read or change it, or it is a "
                    + "link."
            ),
            (
                "由服务用户持有，文件 chmod 600、目录 chmod 700；若他人可能读过，请换口令、轮换密钥。",
                "Give it to the service user, mode 600, its folder 700; where others could read it, "
                    + "change the passphrase and rotate the keys."
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
                "数据库里的名称或密文用的密钥，这份密钥环没有，或不能再用：两者不是同一时候的。",
                "What is stored stands under a key that this ring lacks, or may no longer use: ring "
                    + "and database are not of the same time."
            ),
            (
                "刚轮换过的，重新启动程序；恢复过密钥环或数据库的，两者须恢复到同一天。",
                "After a rotation, start the program again. Where the ring or the database was "
                    + "restored, restore both of the same day."
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
                "这不是账本登记的那份密钥环：登记过的密钥，这里没有，或是另一把，或退回了以前的状态。",
                "This is not the key ring that the ledger noted: a key that was noted is missing, is "
                    + "another one, or went back to an earlier state."
            ),
            (
                "找回登记的那一份。只差签名密钥的，两人商定后可 shangbao keys adopt --because；差了起名或加密用的密钥，只能用与数据库同一天的密钥环。",
                "Find the one that was noted. Where only signing keys differ, two may agree on shangbao "
                    + "keys adopt --because; where keys differ that name or seal, nothing but the ring "
                    + "of the database's own day will do."
            )
        ),
        (
            .stranger, "E-KEY-STRANGER",
            (
                "这份备份属于另一个密钥环：没有一把密钥相同。",
                "The backup is of another ring: no key of it is in the one in use."
            ),
            (
                "不要销毁：可能是别的站点的。换成本站点的备份再演练。",
                "Do not destroy it: it may be another site's. Drill this site's own backup."
            )
        ),
        (
            .inForce, "E-KEY-ACTIVE",
            ("这把密钥正在使用。", "The key is the one in force."),
            (
                "先 shangbao keys rotate 换一把；签名密钥还要 keys mark 新编号 active，再标记这一把。",
                "Run shangbao keys rotate first, for a signing key also keys mark NEW-ID active; then "
                    + "mark this one."
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
