import Definitions
import Records

/// How the service that runs all the time is watched (常驻服务): the section `service` of the site's
/// file, all of it optional.
package struct ServiceSettings: Sendable {
    /// Where `/health/live`, `/health/ready` and `/metrics` answer, on this machine only.
    package struct Listener: Sendable, Hashable {
        package let host: String
        package let port: Int
    }

    /// `nil` where nobody may ask.
    package let listener: Listener?

    static let standard = Listener(host: "127.0.0.1", port: 9180)

    init(_ section: inout Section) throws(DefinitionError) {
        guard var service = try section.optionalSection("service") else {
            listener = ServiceSettings.standard
            return
        }
        listener = try ServiceSettings.listener(&service)
        try service.finish()
    }

    private static func listener(_ service: inout Section) throws(DefinitionError) -> Listener? {
        guard let text = try service.optionalText("listen") else { return standard }
        guard text != "off" else { return nil }
        let cut = text.lastIndex(of: ":")
        let host = cut.map { String(text[..<$0]) } ?? ""
        let port = cut.flatMap { Int(text[text.index(after: $0)...]) }
        guard let port, (0...65_535).contains(port), isLocal(host) else {
            throw service.error(
                at: "listen",
                "应为本机地址和端口，如 127.0.0.1:9180，或 off；要从别处看，请在前面放代理。",
                "An address of this machine and a port, such as 127.0.0.1:9180, or off; for others "
                    + "put a proxy before it.")
        }
        return Listener(host: host == "[::1]" ? "::1" : host, port: port)
    }

    private static func isLocal(_ host: String) -> Bool {
        host == "localhost" || host == "[::1]"
            || (host.hasPrefix("127.") && host.split(separator: ".").count == 4
                && host.split(separator: ".").allSatisfy { UInt8($0) != nil })
    }
}
