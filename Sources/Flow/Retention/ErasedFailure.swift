package import Records

/// What is asked for was erased when its time was over (已到期清除).
package struct ErasedFailure: ExplainedFailure {
    /// The submission.
    package let place: String?
    package var detail: String? { nil }
    package var entry: CodeEntry { ErasedFailure.code }

    static let code = CodeEntry(
        "E-ERASED",
        what: Wording(
            zh: "本地留的那份报文密钥已到期清除，不能据此重报。",
            en: "Our copy of the submission's key was erased, its time being over: it cannot be "
                + "reported anew from here."),
        next: Wording(
            zh: "请机构重新提供这些行；期限见 mappings/privacy/retention.yaml。",
            en: "Ask the clinic for these rows once more; how long it is kept is said in "
                + "mappings/privacy/retention.yaml."))
}
