package import Records

/// The codes that a statement or a pack may show, each with what to do next.
enum SettlementCode {
    static let sharesUnset = CodeEntry(
        "E-SHARES-UNSET",
        what: Wording(
            zh: "出资比例未填写，无法分担。", en: "The shares are not set, so nobody can be charged."),
        next: Wording(
            zh: "由财政部门确认比例，填入 mappings/funding/ 该文件中本区域的 shares。",
            en: "Have the finance bureau confirm them, then enter them under the area's shares in "
                + "the file of mappings/funding/."))
    static let districtUnset = CodeEntry(
        "E-DISTRICT-UNSET",
        what: Wording(
            zh: "结算规则文件中没有本区县。", en: "The funding rule's file does not name this county."),
        next: Wording(
            zh: "在 areas 中加入本区县的区划代码。", en: "Add the county's division code under areas."))
    static let forecastUnset = CodeEntry(
        "E-FORECAST-UNSET",
        what: Wording(
            zh: "年度预测人数未填写，无法计算预拨。",
            en: "The year's forecast is not set, so the prepayment cannot be computed."),
        next: Wording(
            zh: "填入年初上报的预测对数（forecast）。",
            en: "Enter the couples forecast at the beginning of the year (forecast)."))
    static let carryOverUnset = CodeEntry(
        "E-CARRY-UNSET",
        what: Wording(
            zh: "上年结转未填写，无法计算多退少补。",
            en: "The carry-over is not set, so surplus and deficit cannot be offset."),
        next: Wording(
            zh: "按上年结算表填入 carryOver（正数为多拨）；没有结转填 0。",
            en: "Enter carryOver from last year's statement (positive: overpaid); 0 if none."))
    static let traitUnset = CodeEntry(
        "E-AREA-TRAIT",
        what: Wording(
            zh: "区域属性未填写，不知由谁负担。",
            en: "A trait of the area is not set, so nobody is known to pay."),
        next: Wording(
            zh: "由财政部门确认后，填入 mappings/funding/ 该文件的 areas。",
            en: "The finance bureau settles it; enter it under areas in the file of "
                + "mappings/funding/."))
    static let partsOver = CodeEntry(
        "E-PARTS",
        what: Wording(
            zh: "各方负担合不成单价。", en: "The payers' parts do not make up the price."),
        next: Wording(
            zh: "改正 mappings/funding/ 该文件的 payers：各方之和不超过单价，恰好一方 rest: true。",
            en: "Correct payers in the file of mappings/funding/: parts within the price, and just "
                + "one rest: true."))
    static let partOfNobody = CodeEntry(
        "E-PART-OPEN",
        what: Wording(
            zh: "有一部分金额由谁负担未定。", en: "Nobody is known to bear a part."),
        next: Wording(
            zh: "由财政部门书面确认，再改 mappings/funding/ 的该文件。",
            en: "Have the finance bureaus agree in writing, then change the file of "
                + "mappings/funding/."))
    static let priceUnset = CodeEntry(
        "E-PRICE-UNSET",
        what: Wording(
            zh: "有一项怎样结算没有规定，单价未填写。", en: "What an item is paid at is not set."),
        next: Wording(
            zh: "由财政部门确认后，填入 mappings/funding/ 该文件的 priceFen，或该区域的 prices（分）。",
            en: "Have the finance bureau confirm it, then enter priceFen, or the area's prices, in "
                + "the file of mappings/funding/, in fen."))
    static let openCases = CodeEntry(
        "E-CASES-OPEN",
        what: Wording(
            zh: "本年还有待报送或未回执的病例。", en: "Cases of this year are still queued or unanswered."),
        next: Wording(
            zh: "等待国家平台回执，或由人工处理后再结算。",
            en: "Wait for the national answers, or have a person decide, then close again."))
    static let countsMissing = CodeEntry(
        "E-COUNTS-MISSING",
        what: Wording(
            zh: "没有国家平台的计数，未能对账。",
            en: "There are no national counts, so the books were not compared."),
        next: Wording(
            zh: "取得已签名的国家计数后再结算。", en: "Fetch the signed national counts, then close again."))
    static let countsDiffer = CodeEntry(
        "E-COUNTS-DIFFER",
        what: Wording(
            zh: "本地与国家平台的计数不一致。", en: "Our counts and the national ones differ."),
        next: Wording(
            zh: "按差异清单逐项查清，不自动调账。",
            en: "Clear up each line of the discrepancies; nothing is adjusted by itself."))
    static let unbalanced = CodeEntry(
        "E-UNBALANCED",
        what: Wording(
            zh: "账目不平：有收到的行没有去向。", en: "The books do not balance: rows have no fate."),
        next: Wording(
            zh: "停止结算，运行账本校验并联系技术支持。",
            en: "Do not settle; check the ledger and call support."))
    static let packExists = CodeEntry(
        "E-PACK-EXISTS",
        what: Wording(zh: "同名证据包已存在。", en: "A pack of this name is there already."),
        next: Wording(
            zh: "证据包不可覆盖，请换一个文件夹名。", en: "A pack is never overwritten: choose another folder."))
    static let packUnwritten = CodeEntry(
        "E-PACK-WRITE",
        what: Wording(zh: "证据包写不下去。", en: "The pack could not be written."),
        next: Wording(zh: "检查磁盘空间和权限后重试。", en: "Look at space and permissions, then try again."))
    static let packIncomplete = CodeEntry(
        "E-PACK-EVIDENCE",
        what: Wording(
            zh: "缺少证据，或证据与账本不符，证据包没有生成。",
            en: "Evidence is missing or differs from the ledger; no pack was made."),
        next: Wording(
            zh: "核对所示回执、报文或密钥；运行账本校验。",
            en: "Look at the receipt, submission or key shown; check the ledger."))
    static let sourceMore = CodeEntry(
        Discrepancy.Kind.sourceMore.rawValue,
        what: Wording(
            zh: "机构自报的例数多于收到的。", en: "A clinic counts more cases than came from it."),
        next: Wording(
            zh: "请机构补送该月的文件，或更正自报数（shangbao counts set）。",
            en: "Ask the clinic for that month's file, or correct its count (shangbao counts set).")
    )
    static let sourceFewer = CodeEntry(
        Discrepancy.Kind.sourceFewer.rawValue,
        what: Wording(
            zh: "机构自报的例数少于收到的。", en: "A clinic counts fewer cases than came from it."),
        next: Wording(
            zh: "请机构核对：是否漏计，或有不属于它的病例；更正自报数（shangbao counts set）。",
            en: "Have the clinic look: it forgot some, or some are not its own; correct its count "
                + "(shangbao counts set)."))
    static let localOnly = CodeEntry(
        Discrepancy.Kind.localOnly.rawValue,
        what: Wording(zh: "只有本地有生效病例。", en: "Only our books have cases in force."),
        next: Wording(zh: "请国家平台核对该月。", en: "Ask the national side about that month."))
    static let nationalOnly = CodeEntry(
        Discrepancy.Kind.nationalOnly.rawValue,
        what: Wording(zh: "只有国家平台有生效病例。", en: "Only the national books have cases in force."),
        next: Wording(
            zh: "查是否有其他途径录入，或本地回执缺失。",
            en: "See whether they came another way, or whether receipts are missing here."))
    static let countOnly = CodeEntry(
        Discrepancy.Kind.countOnly.rawValue,
        what: Wording(zh: "两边生效病例数不同。", en: "The numbers of cases in force differ."),
        next: Wording(
            zh: "按月逐例核对回执。", en: "Compare the receipts of that month case by case."))
    static let secondClaim = CodeEntry(
        Discrepancy.Kind.secondClaim.rawValue,
        what: Wording(
            zh: "同一对象同一孩次重复享受免费检查。",
            en: "The same person has two free checks for one child order."),
        next: Wording(
            zh: "由机构核实；第二次为自费或孩次有误。",
            en: "The clinic checks it: the second is self-paid, or the child order is wrong."))
    static let claimUnknown = CodeEntry(
        Discrepancy.Kind.claimUnknown.rawValue,
        what: Wording(
            zh: "无法确认是否重复享受。", en: "A second claim cannot be ruled out."),
        next: Wording(zh: "补全证件号码和孩次。", en: "Complete the identity number and the child order."))
    static let disputed = CodeEntry(
        Discrepancy.Kind.disputed.rawValue,
        what: Wording(
            zh: "国家回执前后矛盾。", en: "The national answers contradict each other."),
        next: Wording(
            zh: "请国家平台书面确认，再由人工处理。",
            en: "Ask the national side in writing, then a person decides."))
    static let saidLater = CodeEntry(
        Discrepancy.Kind.saidLater.rawValue,
        what: Wording(
            zh: "接收后机构改了内容（如改为不符合条件、未完成），新内容没有上报。",
            en: "After the acceptance the clinic changed a case (to not eligible, say, or "
                + "unfinished), and the change was not sent."),
        next: Wording(
            zh: "与机构核实：改错的，请其更正后重新导出；确不应结算的，请机构撤回同意或由经办人从应付中剔除。",
            en: "Ask the clinic: if the change is a mistake, it exports again; if the case must "
                + "not be paid, the clinic takes it back, or the officer leaves it out."))
}

extension SettlementCode {
    static let clock = CodeEntry(
        "E-CLOSE-CLOCK",
        what: Wording(
            zh: "本机时钟早于账本最后一条的时间，不能关账。",
            en: "This machine's clock is behind the ledger's last line: nothing is closed."),
        next: Wording(
            zh: "先校准时钟（timedatectl、chronyc tracking），再结算。",
            en: "Set the clock right (timedatectl, chronyc tracking), then settle."))
    static let periodRuns = CodeEntry(
        "E-PERIOD-RUNS",
        what: Wording(
            zh: "结算期还没有结束，或结束后的等待天数未满：回执还在路上。",
            en: "The period is not over, or not for as many days as answers may take."),
        next: Wording(
            zh: "期满后再结算（等待天数：shangbao.yaml 的 evidence.closeAfter）。",
            en: "Settle once it is over; the days are evidence.closeAfter in shangbao.yaml."))
    static let earlierLines = CodeEntry(
        "E-EARLIER-LINES",
        what: Wording(
            zh: "账本记着本年度已出过结算表，但数据库里没有它的结算行，或与账本记的树根不符。",
            en: "The ledger tells of a statement of this year, but its lines are not in the "
                + "database, or do not give the root that the ledger has."),
        next: Wording(
            zh: "从备份恢复数据库再结算：冲减要逐条对应原来的行。",
            en: "Restore the database from a backup and settle again: what is taken off is linked "
                + "to its old line."))
    static let packUnreadable = CodeEntry(
        "E-PACK-READ",
        what: Wording(
            zh: "不是证据包，或缺少文件、已损坏。",
            en: "This is no evidence pack, or a file of it is missing or damaged."),
        next: Wording(
            zh: "给出 out/ 下的 .asice 文件，或把它解开的文件夹；损坏的向出具方重新索取。",
            en: "Name the .asice file of out/, or the folder that it was unpacked into; ask for a "
                + "damaged one again."))
}

/// All codes of this module, for `shangbao explain`.
package let settlementCodes: [CodeEntry] = [
    SettlementCode.sharesUnset, SettlementCode.districtUnset, SettlementCode.forecastUnset,
    SettlementCode.carryOverUnset, SettlementCode.traitUnset, SettlementCode.partsOver,
    SettlementCode.partOfNobody,
    SettlementCode.priceUnset, SettlementCode.openCases, SettlementCode.countsMissing,
    SettlementCode.countsDiffer, SettlementCode.unbalanced, SettlementCode.packExists,
    SettlementCode.packUnwritten, SettlementCode.packIncomplete, SettlementCode.sourceMore,
    SettlementCode.sourceFewer, SettlementCode.localOnly,
    SettlementCode.nationalOnly, SettlementCode.countOnly, SettlementCode.secondClaim,
    SettlementCode.claimUnknown, SettlementCode.disputed, SettlementCode.saidLater,
    SettlementCode.earlierLines, SettlementCode.periodRuns,
    SettlementCode.packUnreadable, SettlementCode.stateDiffers, SettlementCode.clock,
]
