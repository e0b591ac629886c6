import Records

/// Something that only the command line knows to be wrong.
struct CommandFailure: ExplainedFailure {
    enum Reason: Sendable, CaseIterable {
        case usage, noSite, noMappings, noSamples, unknownCode, unknownRecord, unknownSubmission
        case unknownReceipt, unknownItem, unknownRows, severalSubmissions, notRehearsal, port,
            notPack, noPython, noOpenSSH,
            unwritable,
            demo, noAnswer, exists, needsRestart, clockJumped, personalWords, longWords,
            noFont, personalKey
    }

    let reason: Reason
    let place: String?
    let detail: String?

    init(_ reason: Reason, place: String? = nil, detail: String? = nil) {
        self.reason = reason
        self.place = place
        self.detail = detail
    }

    var entry: CodeEntry { CommandCodes.entry(reason) }

    var status: ExitStatus {
        switch reason {
        case .usage, .unknownCode, .unknownRecord, .unknownSubmission, .unknownReceipt,
            .unknownItem, .unknownRows, .severalSubmissions, .exists, .personalWords,
            .longWords, .personalKey:
            .usage
        case .noSite, .noMappings, .noSamples, .notRehearsal, .port, .needsRestart: .configuration
        case .notPack, .demo, .clockJumped: .unbalanced
        case .noPython, .noOpenSSH, .unwritable, .noFont: .storage
        case .noAnswer: .undelivered
        }
    }
}

/// The codes of the command line.
enum CommandCodes {
    static let xml = CodeEntry(
        "E-XML",
        what: Wording(zh: "XML 或 XSD 无法使用。", en: "An XML document or schema cannot be used."),
        next: Wording(zh: "运行 shangbao lint 检查。", en: "Run shangbao lint."))
    static let file = CodeEntry(
        "E-FILE",
        what: Wording(zh: "文件读写出错。", en: "A file could not be read or written."),
        next: Wording(
            zh: "检查路径、权限和磁盘空间。", en: "Check the path, its rights and the free space."))
    static let unexpected = CodeEntry(
        "E-UNEXPECTED",
        what: Wording(
            zh: "程序遇到没有预料到的情况，已停止。", en: "Something happened that nobody foresaw; it stopped."),
        next: Wording(
            zh: "已写入的内容不受影响；请把所示名称和命令告知开发方。",
            en:
                "What was written stays; tell the developers the name shown and the command."
        ))

    static let output = CodeEntry(
        "E-OUTPUT",
        what: Wording(
            zh: "输出没有写完：屏幕、管道或文件不再接受。",
            en: "What was to be shown could not be written to the end."),
        next: Wording(
            zh: "命令做过的事不受影响；腾出空间后再看一次。",
            en: "What the command did stays done; free some space and look again."))

    static let all = CommandFailure.Reason.allCases.map(entry) + [xml, file, output, unexpected]

    private typealias Words = (code: String, what: Wording, next: Wording)

    static func entry(_ reason: CommandFailure.Reason) -> CodeEntry {
        let words = words(of: reason)
        return CodeEntry(words.code, what: words.what, next: words.next)
    }

    private static func words(of reason: CommandFailure.Reason) -> Words {
        switch reason {
        case .usage:
            (
                "E-USAGE", Wording(zh: "命令的用法不对。", en: "The command is not used as it should be."),
                Wording(zh: "看 shangbao help 命令名。", en: "See shangbao help COMMAND.")
            )
        case .noSite, .noMappings, .noSamples, .needsRestart: placeWords(of: reason)
        case .unknownCode:
            (
                "E-CODE", Wording(zh: "没有这个代码。", en: "There is no such code."),
                Wording(
                    zh: "相近的代码见上；全部代码见 docs/reference/codes.md。",
                    en: "The nearest are shown above; all are in docs/reference/codes.md.")
            )
        case .unknownRecord, .unknownSubmission, .unknownReceipt, .unknownItem, .unknownRows,
            .severalSubmissions, .personalWords, .longWords, .personalKey:
            lookUpWords(of: reason)
        case .notRehearsal:
            (
                "E-NOT-REHEARSAL",
                Wording(zh: "这是正式站点，不能演练。", en: "This site is in production; it cannot rehearse."),
                Wording(
                    zh: "另建演练站点：shangbao init 目录 --rehearsal。",
                    en: "Make a site for it: shangbao init DIR --rehearsal.")
            )
        case .port:
            (
                "E-PORT", Wording(zh: "演练端口无法使用。", en: "The rehearsal's port cannot be used."),
                Wording(
                    zh: "可能另一个演练还在运行；停掉它，或改 shangbao.yaml 中的 national.address。",
                    en: "Perhaps another rehearsal runs: stop it, or change national.address in "
                        + "shangbao.yaml.")
            )
        case .clockJumped:
            (
                "E-CLOSE-JUMP",
                Wording(
                    zh: "服务发现系统时钟跳变，还没有弄清哪个时间是对的：不能关账。",
                    en: "The service saw the clock jump, and it is not clear yet which time is "
                        + "right: nothing is closed."),
                Wording(
                    zh: "核对时间（chronyc tracking），改正后等服务恢复；时间没错就重启服务，再结算。",
                    en: "Check the time (chronyc tracking). Set it right, or restart the service "
                        + "if it is right, and settle then.")
            )
        case .notPack, .noPython, .noOpenSSH, .noFont, .unwritable, .demo, .noAnswer, .exists:
            proofWords(of: reason)
        }
    }

    /// Of what a site is made of.
    private static func placeWords(of reason: CommandFailure.Reason) -> Words {
        switch reason {
        case .noSite:
            (
                "E-SITE",
                Wording(zh: "这里没有站点（shangbao.yaml）。", en: "There is no site here (shangbao.yaml)."),
                Wording(
                    zh: "用 --site 指明站点目录；没有就 shangbao init 目录 新建。",
                    en: "Name the site's folder with --site, or make one: shangbao init DIR.")
            )
        case .noMappings:
            (
                "E-MAPPINGS",
                Wording(zh: "没有找到映射目录 mappings。", en: "The folder mappings was not found."),
                Wording(zh: "用 --mappings 指明。", en: "Name it with --mappings.")
            )
        case .noSamples:
            (
                "E-SAMPLES", Wording(zh: "没有找到样例文件。", en: "The sample was not found."),
                Wording(
                    zh: "用 --samples 指明 samples 目录。", en: "Name the folder samples with --samples.")
            )
        case .needsRestart:
            (
                "E-RESTART",
                Wording(
                    zh: "这一项改动要重启服务才能生效；原来的配置继续运行。",
                    en: "This is changed only by a restart; the old configuration goes on."),
                Wording(
                    zh: "改回原值，或 systemctl restart shangbao。",
                    en: "Change it back, or systemctl restart shangbao.")
            )
        default: words(of: .usage)
        }
    }

    private static let noFont: Words =
        (
            "E-FONT",
            Wording(
                zh: "本机没有中文字体，PDF 写不出来。",
                en: "This machine has no type with Chinese characters, so no PDF was written."),
            Wording(
                zh: "安装字体：apt install fonts-noto-cjk，再运行一次。",
                en: "Install one: apt install fonts-noto-cjk, then run it again.")
        )

    private static let personalWords: Words =
        (
            "E-PERSON-WORDS",
            Wording(
                zh: "理由或姓名中有证件号码、电话或出生日期。",
                en: "An ID number, a phone number or a birth date stands in a reason or name."
            ),
            Wording(
                zh: "改写：这些话记入账本，审计可看，不能删去。用记录编号或来函文号。",
                en:
                    "Say it otherwise: the ledger keeps these words for good, and auditors read "
                    + "it. Use a record's id or a letter's number.")
        )

    private static let longWords: Words =
        (
            "E-LONG-WORDS",
            Wording(
                zh: "理由或姓名超过 500 个字符。", en: "A reason or a name has more than 500 characters."),
            Wording(
                zh: "写短些，如来函文号；详情另存文件。",
                en: "Say it shorter, by a letter's number; keep the rest in a file of its own.")
        )

    private static let personalKey: Words =
        (
            "E-PERSONAL-KEY",
            Wording(
                zh: "私钥文件读不出，别人也能读，或不是 SM2、P-256 私钥。",
                en: "The private key cannot be read, may be read by others, or is neither SM2 "
                    + "nor P-256."),
            Wording(
                zh: "文件权限设为 600；格式为不加口令的 PEM（PKCS#8）。",
                en: "Give the file mode 600; its form is PEM (PKCS#8) without a passphrase.")
        )

    private static func lookUpWords(of reason: CommandFailure.Reason) -> Words {
        switch reason {
        case .personalWords: personalWords
        case .longWords: longWords
        case .personalKey: personalKey
        case .unknownRecord:
            (
                "E-RECORD", Wording(zh: "账本中没有这个记录。", en: "The ledger knows no such record."),
                Wording(
                    zh: "编号为 32 位十六进制，见 queue show 或 exceptions.csv。",
                    en: "Its 32 hex digits stand in queue show and in exceptions.csv.")
            )
        case .unknownReceipt:
            (
                "E-RECEIPT",
                Wording(
                    zh: "没有保存这份回执，或不止一份这样开头。",
                    en: "No such receipt is kept, or several begin so."),
                Wording(
                    zh: "摘要见 shangbao receipts list，至少写 8 位。",
                    en: "See shangbao receipts list; write at least 8 digits of its SHA-256.")
            )
        case .unknownItem:
            (
                "E-ITEM",
                Wording(
                    zh: "没有这份没收完的文件，或不止一份这样开头。",
                    en: "No file that is half-way bears this id, or several begin so."),
                Wording(
                    zh: "编号见 shangbao status，至少写 4 位。",
                    en: "See shangbao status; write at least 4 digits.")
            )
        case .unknownRows:
            (
                "E-PARTS",
                Wording(
                    zh: "没有这份文件的这一行，或不止一份文件这样开头、这样命名。",
                    en:
                        "No row of this number is on the shelf, or several files begin or are named so."
                ),
                Wording(
                    zh: "编号和行号见 shangbao parts list，编号至少写 4 位。",
                    en: "See shangbao parts list; write at least 4 digits of the id.")
            )
        case .severalSubmissions:
            (
                "E-QUEUE-SEVERAL", Wording(zh: "这个开头对应多份报文。", en: "Several submissions begin so."),
                Wording(zh: "多写几位编号。", en: "Write more of its id.")
            )
        default:
            (
                "E-QUEUE-NONE", Wording(zh: "没有这份报文。", en: "There is no such submission."),
                Wording(zh: "编号见 shangbao queue list。", en: "See shangbao queue list.")
            )
        }
    }

    private static func proofWords(of reason: CommandFailure.Reason) -> Words {
        switch reason {
        case .notPack:
            (
                "E-PACK",
                Wording(
                    zh: "证据包不完整，或与其清单、签名不符。",
                    en: "The pack is not whole, or does not fit its manifest or signatures."),
                Wording(
                    zh: "不要采信；向出具方索取原件。", en: "Do not rely on it; ask for the original.")
            )
        case .noPython:
            (
                "E-PYTHON",
                Wording(
                    zh: "没有 python3，无法运行 verify.py。", en: "There is no python3 to run verify.py."),
                Wording(
                    zh: "apt-get install python3 后再试。",
                    en: "apt-get install python3, then try again.")
            )
        case .noFont: noFont
        case .noOpenSSH:
            (
                "E-OPENSSH",
                Wording(
                    zh: "没有 OpenSSH，无法演练 SFTP。",
                    en: "There is no OpenSSH to rehearse SFTP with."),
                Wording(
                    zh: "apt-get install openssh-server 后再试。",
                    en: "apt-get install openssh-server, then try again.")
            )
        case .exists:
            (
                "E-EXISTS",
                Wording(zh: "文件已经有了，没有覆盖。", en: "The file is there and was left alone."),
                Wording(zh: "换一个名称，或先把它移走。", en: "Take another name, or move it away first.")
            )
        case .noAnswer:
            (
                "E-ANSWERS", Wording(zh: "在时限内没有等到全部回执。", en: "Not all answers came in time."),
                Wording(
                    zh: "用 shangbao status 看在等什么，稍后 shangbao collect。",
                    en: "See what is waited for with shangbao status; later run shangbao collect.")
            )
        case .demo:
            (
                "E-DEMO", Wording(zh: "演示的结果与预期不符。", en: "The demo did not come out as it should."),
                Wording(
                    zh: "如改过样例或映射，这是预期的；否则换一个新目录再试，仍不行请告知开发方。",
                    en:
                        "Expected if sample or mappings were changed; else try a new folder, and tell "
                        + "the developers if it persists.")
            )
        default:
            (
                "E-WRITE", Wording(zh: "文件无法写入。", en: "The file cannot be written."),
                Wording(zh: "检查目录是否存在、可写。", en: "See whether the folder exists and can be written.")
            )
        }
    }
}
