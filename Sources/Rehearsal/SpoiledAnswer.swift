import LibCrypto

/// Faults that touch the answer alone, and leave the books as they are.
extension PostFaults {
    /// The answer that is given instead of taking the document, if one is scripted.
    var answerBeforeStoring: ExchangeAnswer? {
        for fault in post {
            switch fault {
            case .status429(let seconds): return Self.busy(429, seconds)
            case .status503(let seconds): return Self.busy(503, seconds)
            case .dropBeforeStoring:
                var dropped = ExchangeAnswer(status: 500)
                dropped.isDropped = true
                return dropped
            default: break
            }
        }
        return nil
    }

    /// The true answer as the script lets it reach the county.
    func spoiled(_ answer: ExchangeAnswer) -> ExchangeAnswer {
        var answer = answer
        for fault in post {
            switch fault {
            case .dropAfterStoring: answer.isDropped = true
            case .unsignedReceipt: answer.headers.removeAll { $0.name.hasPrefix("Signature") }
            case .forgedReceipt: Self.forge(&answer)
            case .rubbish200:
                answer.status = 200
                answer.body = Array("<html><body>OK</body></html>".utf8)
                answer.headers = [ExchangeRequest.Field("Content-Type", "text/html")]
            default: break
            }
        }
        return answer
    }

    /// Signs with a key that nobody knows, under the key id that was there.
    private static func forge(_ answer: inout ExchangeAnswer) {
        guard let index = answer.headers.firstIndex(where: { $0.name == "Signature" }),
            let keyID = answer.headers.first(where: { $0.name == "Signature-Key" })?.value,
            let stranger = try? SigningKey(generating: keyID.contains("-gm-") ? .gm : .intl),
            let signature = try? stranger.sign(answer.body)
        else { return }
        answer.headers[index] = ExchangeRequest.Field(
            "Signature", Base64.standard.encode(signature))
    }

    private static func busy(_ status: Int, _ seconds: Int) -> ExchangeAnswer {
        var answer = ExchangeAnswer.plain(status, "请稍后再试 / try again later\n")
        answer.headers.append(ExchangeRequest.Field("Retry-After", "\(seconds)"))
        return answer
    }
}
