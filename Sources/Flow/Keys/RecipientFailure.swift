import LibCrypto
package import Records

/// The national side's key cannot be used to seal what leaves (收件证书故障).
package struct RecipientFailure: ExplainedFailure, Hashable {
    package enum Reason: String, Sendable, CaseIterable {
        case malformed, privateKey, mixed, order, kind, usage, signature, issuer, suite, expired
        case early, fingerprint, other
    }

    package let reason: Reason
    /// The file, as its owner named it.
    package let place: String?
    /// A kind of key, a day, or what OpenSSL says.
    package let detail: String?

    package init(_ reason: Reason, place: String? = nil, detail: String? = nil) {
        self.reason = reason
        self.place = place
        self.detail = detail
    }

    init(of fault: RecipientCertificate.Fault, place: String) {
        switch fault {
        case .malformed: self.init(.malformed, place: place)
        case .kind(let kind): self.init(.kind, place: place, detail: kind)
        case .privateKey: self.init(.privateKey, place: place)
        case .mixed: self.init(.mixed, place: place)
        case .order: self.init(.order, place: place)
        case .usage: self.init(.usage, place: place)
        case .signature: self.init(.signature, place: place)
        case .issuer(let said): self.init(.issuer, place: place, detail: said)
        }
    }

    package var entry: CodeEntry { RecipientFailure.entries[reason] ?? RecipientFailure.form }

    private static let form = CodeEntry(
        "E-RECIPIENT-FORM",
        what: Wording(
            zh: "文件不存在，或既不是证书也不是公钥。",
            en: "No such file, or neither a certificate nor a public key."),
        next: Wording(
            zh:
                "要 X.509 证书（PEM 或 DER）或公钥（PEM）；DER 公钥先转 PEM（openssl pkey -pubin），p7b 先取出证书（openssl pkcs7 "
                + "-print_certs）。",
            en:
                "It takes an X.509 certificate (PEM or DER) or a public key (PEM). Turn a key in DER "
                + "into PEM (openssl pkey -pubin), and take the certificate out of a .p7b (openssl "
                + "pkcs7 -print_certs)."))

    private static let entries: [Reason: CodeEntry] = {
        var entries: [Reason: CodeEntry] = [.malformed: form]
        for (reason, code, what, next) in texts {
            entries[reason] = CodeEntry(
                code, what: Wording(zh: what.0, en: what.1), next: Wording(zh: next.0, en: next.1))
        }
        return entries
    }()

    private typealias Pair = (String, String)
    private static let texts: [(Reason, String, what: Pair, next: Pair)] = [
        (
            .privateKey, "E-RECIPIENT-PRIVATE",
            (
                "文件里有私钥：这把密钥已经泄露，没有启用。",
                "A private key is in the file: it has leaked, and was not taken."
            ),
            (
                "不要保存或转发；立即告知国家平台，请其作废并换发。",
                "Do not keep it or pass it on. Tell the national side at once: it must void the key and "
                    + "issue another."
            )
        ),
        (
            .mixed, "E-RECIPIENT-MIXED",
            (
                "文件里的公钥与证书不是同一把。",
                "The file holds a public key and a certificate of another key."
            ),
            (
                "只要证书；请国家平台重新给一份。",
                "Only the certificate is wanted: ask the national side for it anew."
            )
        ),
        (
            .order, "E-RECIPIENT-ORDER",
            (
                "文件里签发机构的证书在前，收件证书在后。",
                "An authority's certificate comes first in the file, and the recipient's behind it."
            ),
            (
                "把收件证书放在最前，签发机构的依次在后。",
                "Put the recipient's certificate first, and those of the authorities behind it."
            )
        ),
        (
            .kind, "E-RECIPIENT-KEY",
            (
                "证书的密钥种类不能用来封装。",
                "The certificate's key is of a kind that seals nothing here."
            ),
            (
                "只用 SM2，或 3072 位以上的 RSA；请国家平台换发。",
                "Only SM2, or RSA of 3072 bits and more: ask the national side for another."
            )
        ),
        (
            .usage, "E-RECIPIENT-USAGE",
            (
                "证书不是加密证书：密钥用途不含加密。",
                "The certificate is for other work: its key usage does not encipher."
            ),
            (
                "国家平台常发签名、加密两张证书：要加密的那张。",
                "They often issue two, to sign and to encipher: it takes the second."
            )
        ),
        (
            .signature, "E-RECIPIENT-FORGED",
            (
                "自签名证书的签名不符：被改动或伪造。",
                "It signs itself, and the signature does not fit: changed or forged."
            ),
            ("不要使用；向国家平台重新索取，并告知此事。", "Do not use it; ask them for it anew, and tell them.")
        ),
        (
            .issuer, "E-RECIPIENT-ISSUER",
            (
                "证书不是 national.recipient.authority 签发的。",
                "None of national.recipient.authority issued it."
            ),
            (
                "核对证书及中间证书是否齐全；签发机构换了，先向国家平台核实。",
                "See that the certificates in between are in the file; if the authority is another "
                    + "one, ask the national side first."
            )
        ),
        (
            .suite, "E-RECIPIENT-SUITE",
            (
                "收件方公钥与本站的算法套件不一致。",
                "The recipient's public key is of another suite than this site's."
            ),
            (
                "gm 用 SM2，intl 用 RSA：核对 shangbao.yaml 的 suite，或索取另一张证书。",
                "gm takes SM2, intl takes RSA: check suite in shangbao.yaml, or ask for the other one."
            )
        ),
        (
            .expired, "E-RECIPIENT-EXPIRED",
            (
                "国家平台的收件证书已过期：不再封装新报文。",
                "The recipient's certificate is over: nothing new is sealed under it."
            ),
            (
                "向国家平台索取新证书，shangbao keys import-recipient；已入队的照常发送。",
                "Ask the national side for the new one, then shangbao keys import-recipient; what is "
                    + "queued goes on."
            )
        ),
        (
            .early, "E-RECIPIENT-EARLY",
            ("收件证书还没有生效。", "The recipient's certificate is not valid yet."),
            (
                "到生效那天再导入；也请核对本机时钟。",
                "Take it on the day on which it begins; look at this machine's clock too."
            )
        ),
        (
            .fingerprint, "E-RECIPIENT-FINGERPRINT",
            (
                "证书的指纹不是 --fingerprint 所给的。",
                "The certificate's fingerprint is not the one that was given."
            ),
            (
                "不要使用；用电话或公函向国家平台核对指纹。",
                "Do not use it; ask the national side for the fingerprint by telephone or letter."
            )
        ),
        (
            .other, "E-RECIPIENT-OTHER",
            (
                "现用的收件证书不是账本最后登记的那一张，或账本没有登记过。",
                "The recipient's certificate in use is not the one that the ledger noted last, or the "
                    + "ledger noted none."
            ),
            (
                "查明是谁换的，数据库是否恢复过；核对指纹后用 shangbao keys import-recipient 再导入正确的一张。",
                "Find out who changed it, and whether the database was restored; compare the "
                    + "fingerprint, and take the right one with shangbao keys import-recipient."
            )
        ),
    ]

    /// All of them, for `shangbao explain`.
    static var all: [CodeEntry] { Reason.allCases.compactMap { entries[$0] } }
}

/// What the recipient's key may say.
package let recipientCodes: [CodeEntry] = RecipientFailure.all
