import LibCrypto
import LibXML

/// What the HTTPS binding would answer, told in the words of the SOAP binding.
struct SOAPReply {
    private let call: SOAPCall

    init(_ call: SOAPCall) {
        self.call = call
    }

    /// The answer to the call; delays and cut connections stay what they are.
    func answer(_ answer: ExchangeAnswer) -> ExchangeAnswer {
        var reply = told(answer)
        reply.delay = answer.delay
        reply.isDropped = answer.isDropped
        return reply
    }

    /// A fault: `Client` for what would end the same again, `Server` for what is not known.
    static func fault(_ refused: NotTaken) -> ExchangeAnswer {
        fault(refused.status < 500 ? "Client" : "Server", refused.words, to: nil)
    }

    private func told(_ answer: ExchangeAnswer) -> ExchangeAnswer {
        let words = String(decoding: answer.body, as: UTF8.self)
        switch answer.status {
        // These come from before the service, as over HTTPS.
        case 403, 413: return answer
        case 404 where call.name == "receipt": return state("unknown")
        case 409: return state("conflict")
        case 429, 503: return state("busy", retryAfter: answer.header("Retry-After"))
        case 200, 202, 422:
            let isDocument = answer.header("Content-Type") == "application/xml"
            guard isDocument || answer.body.isEmpty else { return answer }
            return document(answer)
        case 400..<500: return SOAPReply.fault("Client", words, to: call)
        default: return SOAPReply.fault("Server", words, to: call)
        }
    }

    private func document(_ answer: ExchangeAnswer) -> ExchangeAnswer {
        switch call.name {
        case "submit": state(answer.status == 202 ? "stored" : "answered", answer)
        case "receipt": state(answer.status == 202 ? "none" : "answered", answer)
        case "counts":
            reply { (writer) throws(XMLFailure) in
                try writer.element("counts", Base64.standard.encode(answer.body))
                try writer.signature(answer)
            }
        default: page(answer)
        }
    }

    private func state(
        _ state: String, _ answer: ExchangeAnswer? = nil, retryAfter: String? = nil
    ) -> ExchangeAnswer {
        reply { (writer) throws(XMLFailure) in
            try writer.element("state", state)
            if let retryAfter { try writer.element("retryAfter", retryAfter) }
            guard let answer, !answer.body.isEmpty else { return }
            try writer.element("receipt", Base64.standard.encode(answer.body))
            try writer.signature(answer)
        }
    }

    /// The same page of receipts, item by item.
    private func page(_ answer: ExchangeAnswer) -> ExchangeAnswer {
        let root = answer.body.withUnsafeBytes { try? XMLTree.parse($0) }
        return reply { (writer) throws(XMLFailure) in
            try writer.element("next", root?.attribute("next") ?? "0")
            for item in root?.children ?? [] {
                try writer.open("item", [])
                try writer.element("receipt", item.text)
                try writer.element("signature", item.attribute("signature") ?? "")
                try writer.element("key", item.attribute("key") ?? "")
                writer.close("item")
            }
        }
    }

    private func reply(
        _ write: (inout DocumentWriter) throws(XMLFailure) -> Void
    ) -> ExchangeAnswer {
        SOAPReply.envelope(200, to: call) { (writer) throws(XMLFailure) in
            try writer.open(call.name + "Response", [("xmlns", SOAPCall.namespace)])
            try write(&writer)
            writer.close(call.name + "Response")
        }
    }

    private static func fault(
        _ code: String, _ words: String, to call: SOAPCall?
    ) -> ExchangeAnswer {
        envelope(500, to: call) { (writer) throws(XMLFailure) in
            try writer.open("s:Fault", [])
            try writer.element("faultcode", "s:\(code)")
            try writer.element("faultstring", words)
            writer.close("s:Fault")
        }
    }

    private static func envelope(
        _ status: Int, to call: SOAPCall?,
        _ write: (inout DocumentWriter) throws(XMLFailure) -> Void
    ) -> ExchangeAnswer {
        var writer = DocumentWriter()
        do throws(XMLFailure) {
            try writer.open("s:Envelope", [("xmlns:s", SOAPCall.envelope)])
            if let id = call?.messageID {
                try writer.open("s:Header", [])
                try writer.open("a:RelatesTo", [("xmlns:a", SOAPCall.addressing)])
                try writer.text(id)
                writer.close("a:RelatesTo")
                writer.close("s:Header")
            }
            try writer.open("s:Body", [])
            try write(&writer)
            writer.close("s:Body")
            writer.close("s:Envelope")
        } catch {
            return .plain(500, error.description)
        }
        return ExchangeAnswer(
            status: status,
            headers: [ExchangeRequest.Field("Content-Type", "text/xml; charset=utf-8")],
            body: writer.bytes)
    }
}

extension DocumentWriter {
    /// An element that holds nothing but text.
    fileprivate mutating func element(_ name: String, _ text: String) throws(XMLFailure) {
        try open(name, [])
        try self.text(text)
        close(name)
    }

    /// The signature of an answer with its key's id, if it bears one.
    fileprivate mutating func signature(_ answer: ExchangeAnswer) throws(XMLFailure) {
        guard let signature = answer.header("Signature"), let key = answer.header("Signature-Key")
        else { return }
        try element("signature", signature)
        try element("key", key)
    }
}

extension ExchangeAnswer {
    /// The value of a field of this very name.
    fileprivate func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}
