package import Records

/// What reading a clinic's cells may say; each with its sentences for `shangbao explain`.
package enum MappingCodes {
    static let next = Wording(
        zh: "请门诊按原始资料更正该单元格，重新导出后再上报。",
        en: "Ask the clinic to correct the cell from its own papers and export again.")

    static func entry(_ code: String, _ zh: String, _ en: String, next: Wording = next) -> CodeEntry
    {
        CodeEntry(code, what: Wording(zh: zh, en: en), next: next)
    }

    package static let conflict = entry(
        "V-CONFLICT", "同一字段在两个文件中的内容不同。", "Two files say different things of one field.",
        next: Wording(
            zh: "请机构核对原始资料，改正其中一个文件后重新导出；实验室的那一行不是此人的，用 shangbao parts drop 去掉。",
            en:
                "Ask which one is right, and export the other file again. A laboratory's row that is "
                + "not this person's is taken off by shangbao parts drop."))
    static let risk = entry(
        "V-RISK", "不是筛查风险值，应如 1/270、1:270、0.0037 或 <1/50000。",
        "This is no screening risk like 1/270, 1:270, 0.0037 or <1/50000.")
    static let unknownCode = entry(
        "V-CODE", "内容不在代码表或用词对照表中。", "The list of codes or words does not know this.",
        next: Wording(
            zh: "更正单元格；若写法合理，请在 words/ 对照表中加一行并重新审核映射。",
            en: "Correct the cell, or add the word to words/ and have the mapping reviewed."))
    static let codeSet = entry(
        "V-CODESET", "这一行声明的代码体系与映射的 codeSet 不同，或没有声明。",
        "The row names another set of codes than the mapping's codeSet, or none.",
        next: Wording(
            zh: "不要改数据：为这种代码另做一份映射（改 codeSet 和对照），再用它收这份文件。",
            en: "Do not change the row: make a mapping for that set and take the file by it."
        ))
    static let bitString = entry(
        "V-BITS", "位串长度不对，或不全是 0 和 1；可能被当作数值，丢了前面的 0。",
        "The string of boxes has the wrong length or other signs than 0 and 1; perhaps a spreadsheet "
            + "took it for a number and cut its leading zeros.",
        next: Wording(
            zh: "在源系统中把该列导出为文本，重新导出。",
            en: "Export that column as text from the source system, then offer the file again."))
    static let severalBoxes = entry(
        "V-BOXES", "单选项勾选了不止一个。", "More than one box of a single choice is ticked.")
    static let controlCharacter = entry(
        "V-TEXT", "文字中有不可见的控制字符。", "The text holds an invisible control character.")
    static let tooLong = entry("V-LENGTH", "文字超过允许的长度。", "The text is longer than allowed.")
    static let idNumber = entry(
        "L-001", "身份证号长度、日期或校验码不对，或出生日期在将来。",
        "The ID number's length, date or check digit is wrong, or its birthday is in the future.")
    static let excelNumber = entry(
        "E-ID-SCI", "身份证号被表格软件当作数值，末位已丢失。",
        "A spreadsheet turned the ID number into a number; its last digits are lost.",
        next: Wording(
            zh: "在源系统中把该列导出为文本，重新导出。",
            en: "Export that column as text from the source system, then offer the file again."))
    static let damagedNumber = entry(
        "E-KEY-SCI", "编号（档案号、条码、样本号）被表格软件当作数值，末位已丢失。",
        "A spreadsheet turned the number of a file, a sample or a barcode into a quantity; its last "
            + "digits are lost.",
        next: Wording(
            zh: "在源系统中把该列导出为文本，重新导出；不要在表格软件里另存 CSV。",
            en: "Export that column as text from the source system; do not save the CSV anew in a "
                + "spreadsheet."))
    static let upgradedIDNumber = entry(
        "V-ID-15", "15 位身份证号已升为 18 位。", "A 15-digit ID number was upgraded to 18.",
        next: Wording(zh: "请在源系统补录 18 位号码。", en: "Enter the 18 digits at the source."))
    static let respelledIDNumber = entry(
        "V-ID-SPELLING", "身份证号写法（全角、小写 x）已规范。",
        "The ID number's spelling (full width, lower-case x) was put right.",
        next: Wording(zh: "无需处理。", en: "Nothing to do."))
    static let zerosAtEnd = entry(
        "V-ID-ZEROS", "身份证号以 000 结尾，可能被表格软件截断。",
        "The ID number ends in 000, as one does that a spreadsheet has cut.",
        next: Wording(
            zh: "对照身份证核对末三位；无误则无需处理。",
            en: "Compare the last three digits with the card; if they are right, nothing to do."))
    static let documentNumber = entry(
        "V-ID-DOCUMENT", "其他证件的号码应为 1 至 18 位字母或数字。",
        "The number of another document has 1 to 18 letters or digits.")
    static let phone = entry(
        "L-016", "手机号码不是 11 位（该号码不上报），或同一号码用于 5 对以上夫妇。",
        "The mobile number is not of 11 digits and is left out, or it stands in the files of more "
            + "than five couples.")
    static let anyPhone = entry(
        "V-PHONE", "既不是 11 位手机号码，也不是带区号的固定电话。",
        "This is neither a mobile number of 11 digits nor a landline with its area code.")
    static let placeholderInstitution = entry(
        "V-INSTITUTION-ZZ", "机构没有卫生机构代码，使用“组织机构代码+区划+ZZ”占位。",
        "The institution has no WS 218 code; organisation code, division and ZZ stand for it.",
        next: Wording(
            zh: "取得正式代码后，在源系统和定点名单中更换。",
            en: "Once it has a code, change it at the source and in the list of institutions."))
    static let localInstitution = entry(
        "V-INSTITUTION-LOCAL", "不是全国统一的机构代码（组织机构代码或 12 位本地代码）。",
        "This is no national code but a bare organisation code or one of 12 digits.",
        next: Wording(
            zh: "如有 22 位卫生机构代码或 18 位统一社会信用代码，请改用。",
            en: "Use the WS 218 code of 22 or the credit code of 18 characters if there is one."))
    static let institution = entry(
        "V-INSTITUTION", "机构代码长度或校验码不对。", "The institution code's check digit is wrong.")
    static let division = entry(
        "V-DIVISION", "行政区划代码不在代码表中。", "The list of divisions does not know this code.")
    static let date = entry(
        "V-DATE", "日期无法识别、缺少年月日中的一项，或日历中没有这一天。",
        "The date cannot be read, lacks its year, month or day, or is in no calendar.")
    static let weeks = entry(
        "V-WEEKS", "孕周写法不明确，应如 19+5、19周5天 或 19w5d。",
        "The weeks of pregnancy are not beyond doubt; write 19+5, 19周5天 or 19w5d.")
    static let number = entry("V-NUMBER", "不是数字。", "This is not a number.")
    static let comma = entry(
        "V-COMMA", "数字中有逗号，不知是小数点还是千分位。",
        "There is a comma in the number; it may be a decimal point or group thousands.",
        next: Wording(
            zh: "在源系统中改用小数点；整列都以逗号为小数点的，在映射中写 decimalComma。",
            en: "Use a point at the source; if all the column uses commas, say decimalComma."))
    static let scientific = entry(
        "V-SCIENTIFIC", "数值是表格软件的科学记数写法，末位可能已丢失。",
        "A spreadsheet wrote this as 1.2E3; its last digits may be lost.",
        next: Wording(
            zh: "在源系统中把该列导出为文本，或对照原始结果核对。",
            en: "Export that column as text, or compare the value with the original result."))
    static let bound = entry(
        "V-BOUND", "结果超出检测限（< 或 >），以检测限作为数值。",
        "The result is beyond what the instrument measures (< or >); its limit stands for it.",
        next: Wording(
            zh: "核对检测限；映射写明 bounds: refuse 的，请门诊填写数值。",
            en: "Check the limit; where the mapping says bounds: refuse, have a value entered."))
    static let unit = entry(
        "V-UNIT", "单位为空，或映射没有写明怎样换算。",
        "There is no unit, or the mapping does not say how to convert from it.",
        next: Wording(
            zh: "核对该行的单位；单位无误的，在映射的 units 或 words/units.csv 中加一行。",
            en: "Check the unit; if it is right, add it to the mapping's units or words/units.csv.")
    )
    static let contradiction = entry(
        "V-CONTRADICTION", "定性结果与旁边的数值或符号矛盾。",
        "The result in words and the number or sign beside it contradict each other.")
    static let fetalSex = entry(
        "V-SEX", "文字透露了胎儿性别；出生前不得记录和上报。",
        "This gives away the sex of an unborn child; before birth it may not be reported.",
        next: Wording(
            zh: "请实验室按规定屏蔽性别（如 46,XN）后重新出具。",
            en: "Have the laboratory mask the sex (46,XN) and issue the report again."))
    static let computedRange = entry(
        "V-COMPUTED", "由其他字段算出的数值不合理，所依据的日期或数值有误。",
        "What follows from other fields cannot be; a day or number that it is made of is wrong.",
        next: Wording(
            zh: "核对该字段所依据的日期或数值。", en: "Check the days or numbers that it is made of."))
    static let places = entry("V-PLACES", "小数位数过多。", "There are too many decimals.")
    static let range = entry(
        "V-RANGE", "数值超出合理范围，可能单位不对。",
        "The number is outside the plausible range; the unit may be wrong.")
    static let nobody = entry(
        "V-SUBJECT", "有检查内容，却没有该方的姓名和证件号码。",
        "There are results, but neither name nor ID number of that person.")
    static let missingColumn = entry(
        "E-COLUMN", "文件缺少映射要读的列。", "The file lacks columns that the mapping reads.",
        next: Wording(
            zh: "核对所选映射是否与该门诊的导出格式一致。",
            en: "Check that the mapping is the one made for this clinic's export."))
    static let repeatedColumn = entry(
        "E-COLUMN-TWICE", "映射要读的列在表头中出现两次。", "A column to be read stands twice in the header.",
        next: Wording(zh: "在源系统中改列名后重新导出。", en: "Rename one at the source and export again."))
}

/// The file's header does not fit the mapping: nothing of the file is taken.
package struct HeaderFailure: ExplainedFailure {
    package enum Reason: Sendable { case missingColumn, repeatedColumn }

    package let reason: Reason
    package let columns: [String]

    init(_ reason: Reason, columns: [String]) {
        self.reason = reason
        self.columns = columns
    }

    package var entry: CodeEntry {
        switch reason {
        case .missingColumn: MappingCodes.missingColumn
        case .repeatedColumn: MappingCodes.repeatedColumn
        }
    }
    package var place: String? { nil }
    /// The first columns by name; a header holds no personal data.
    package var detail: String? {
        let shown = columns.prefix(8).joined(separator: ", ")
        return columns.count > 8 ? shown + " … (+\(columns.count - 8))" : shown
    }
}

/// All codes of this module, for `shangbao explain`.
package let mappingCodes: [CodeEntry] = [
    MappingCodes.unknownCode, MappingCodes.codeSet, MappingCodes.bitString,
    MappingCodes.severalBoxes, MappingCodes.controlCharacter, MappingCodes.tooLong,
    MappingCodes.idNumber, MappingCodes.excelNumber, MappingCodes.damagedNumber,
    MappingCodes.upgradedIDNumber,
    MappingCodes.respelledIDNumber, MappingCodes.phone, MappingCodes.institution,
    MappingCodes.risk, MappingCodes.conflict,
    MappingCodes.division, MappingCodes.date, MappingCodes.number, MappingCodes.places,
    MappingCodes.zerosAtEnd, MappingCodes.documentNumber, MappingCodes.anyPhone,
    MappingCodes.placeholderInstitution, MappingCodes.localInstitution, MappingCodes.weeks,
    MappingCodes.comma, MappingCodes.scientific, MappingCodes.bound, MappingCodes.unit,
    MappingCodes.contradiction, MappingCodes.fetalSex, MappingCodes.computedRange,
    MappingCodes.range, MappingCodes.nobody, MappingCodes.missingColumn,
    MappingCodes.repeatedColumn,
]

extension MappingCodes {
    /// The code that says that a 15-digit ID number was upgraded; a rule asks for it.
    package static var upgradedIDNumberCode: String { upgradedIDNumber.code }
    /// The code of a number outside its field's bounds; a rule that knows more takes its place.
    package static var rangeCode: String { range.code }
}
