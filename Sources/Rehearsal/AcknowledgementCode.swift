import Records

/// The acknowledgement codes of the profile `reference-1` that the pretend side uses by itself; a
/// fault script may name any other.
enum AcknowledgementCode: String, Sendable {
    case waits = "0002"
    case malformed = "E1001"
    case schema = "E1002"
    case profile = "E1003"
    case programme = "E1004"
    case count = "E1005"
    case recordTwice = "E1006"
    case region = "E1010"
    case date = "E2103"
    case contradiction = "E2106"
    case text = "E2107"
    case idNumber = "E3001"
    case idNumberDiffers = "E3003"
    case entitlementUsed = "E3101"
    case olderVersion = "E3201"
    case wrongAction = "E3202"
    case otherSender = "E3204"
    case reversal = "E3301"
    case signature = "E4001"
    case unknownKey = "E4002"
    case mixedSuites = "E4003"
    case cannotOpen = "E4004"
    case otherCertificate = "E4005"

    /// What stands in a receipt for a person; never a value.
    var wording: Wording {
        switch self {
        case .waits: Wording(zh: "待人工审核", en: "waits for a person")
        case .malformed: Wording(zh: "报文不是合格的 XML", en: "not well-formed XML, or with a DTD")
        case .schema: Wording(zh: "报文不符合模式文件", en: "does not fit the schema")
        case .profile: Wording(zh: "接口规格或命名空间不认识", en: "unknown profile or namespace")
        case .programme: Wording(zh: "该项目未开通", en: "the programme is not open to this sender")
        case .count: Wording(zh: "声明的记录数与实际不符", en: "the count differs from the records")
        case .recordTwice: Wording(zh: "同一记录出现两次", en: "a record stands twice")
        case .region: Wording(zh: "区划与发送方不符", en: "the region is not the sender's")
        case .date: Wording(zh: "日期不合理", en: "implausible date")
        case .contradiction: Wording(zh: "项目之间互相矛盾", en: "elements contradict one another")
        case .text: Wording(zh: "文字含有不允许的字符", en: "a text holds what is not allowed")
        case .idNumber: Wording(zh: "证件号码不合规则", en: "the identity number breaks its rules")
        case .idNumberDiffers:
            Wording(zh: "性别或出生年月与证件号码不一致", en: "sex or birth differs from the identity number")
        case .entitlementUsed:
            Wording(zh: "本孩次已享受免费检查", en: "the free check of this child order is used")
        case .olderVersion: Wording(zh: "版本早于已生效的版本", en: "older than the version in force")
        case .wrongAction:
            Wording(zh: "动作与该记录的现状不符", en: "the action does not fit what is in force")
        case .otherSender: Wording(zh: "该记录属于其他发送方", en: "the record is another sender's")
        case .reversal: Wording(zh: "已接收的记录被撤销", en: "an acceptance is taken back")
        case .signature: Wording(zh: "签名无效", en: "the signature is wrong")
        case .unknownKey: Wording(zh: "签名密钥不认识", en: "unknown signing key")
        case .mixedSuites:
            Wording(zh: "签名、密钥与字段不属于同一套件", en: "signature, key and fields are not of one suite")
        case .cannotOpen: Wording(zh: "密钥或密文无法打开", en: "the key or a sealed value cannot be opened")
        case .otherCertificate: Wording(zh: "发送方与证书不符", en: "the sender is not the certificate's")
        }
    }
}
