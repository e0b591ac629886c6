import COpenSSL

/// Why a cryptographic step did not happen. It never holds a key, a text or a personal value.
package struct CryptoFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What a caller can tell apart.
    package enum Reason: String, Sendable, CaseIterable {
        /// The system gave no random bytes.
        case randomUnavailable
        /// A key is of the wrong kind or size, unreadable, or not the one the value was made with.
        case badKey
        /// A signature does not fit its bytes; for callers that must refuse a document.
        case badSignature
        /// A sealed value or wrapped key is not genuine under this key and additional data.
        case authenticationFailed
        /// An input does not have the required form.
        case malformed
        /// The format or the library is of a version that is not accepted.
        case unsupportedVersion
        /// A device that holds the key did not sign; `device` says why.
        case device
        /// OpenSSL refused something that should have worked.
        case `internal`
    }

    /// What kind of failure it is.
    package let reason: Reason
    /// Which step failed, and what OpenSSL said of it; empty when there is nothing to add.
    package let detail: String
    /// What was the matter with the device that holds the key, where that is the reason.
    package let device: DeviceFault?

    /// A failure with words of our own. `detail` must name a step or a form, never a value.
    package init(_ reason: Reason, _ detail: String = "") {
        self.reason = reason
        self.detail = detail
        device = nil
    }

    /// A failure of the device that holds a key.
    package init(_ fault: DeviceFault) {
        reason = .device
        detail = fault.detail
        device = fault
    }

    /// One line for a person, Chinese and English, with the detail in brackets.
    package var description: String {
        detail.isEmpty ? message : "\(message) (\(detail))"
    }

    private var message: String {
        switch reason {
        case .randomUnavailable: "取不到随机数 / no random bytes from the system"
        case .badKey: "密钥不符或无法读取 / the key does not fit or cannot be read"
        case .badSignature: "签名不符 / the signature does not fit"
        case .authenticationFailed: "密文校验未通过 / the sealed value is not genuine"
        case .malformed: "格式不正确 / the form is not right"
        case .unsupportedVersion: "版本不受支持 / the version is not supported"
        case .device: "密码设备出错 / the device that holds the key failed"
        case .internal: "密码库出错 / the cryptographic library failed"
        }
    }

    /// Takes what OpenSSL queued on this thread: library and reason only, since the attached
    /// texts may hold file names or data. Empties the queue.
    static func openSSL(_ reason: Reason, _ step: String) -> CryptoFailure {
        var said = [step]
        while true {
            let code = ERR_get_error()
            if code == 0 { break }
            let library = ERR_lib_error_string(code).map { String(cString: $0) } ?? "libcrypto"
            let text = ERR_reason_error_string(code).map { String(cString: $0) } ?? "unknown"
            said.append("\(library): \(text)")
        }
        return CryptoFailure(reason, said.joined(separator: "; "))
    }
}
