import CLibPQ
import Glibc

/// Where a PostgreSQL database is (连接参数): libpq's own words, such as
/// `host=/run/postgresql dbname=shangbao`, made safe.
///
/// A way that leaves the machine is TLS with the server's name verified. A password stands in a
/// file that only its owner reads (`passfile=`), never among these words nor in the environment.
package struct PostgreSQLAddress: Sendable {
    /// Keywords and values in the order in which libpq takes them.
    let words: [(String, String)]

    /// Reads the words; nothing is called yet.
    ///
    /// - Parameter file: makes a whole path of a file that is named: passwords, certificates, keys.
    /// - Throws: `StorageFailure`: `address` for words that libpq does not know or a way that would
    ///   not be verified; `passwordInSight`.
    package init(
        _ text: String, file: (String) -> String = { $0 }
    ) throws(StorageFailure) {
        guard let options = PQconninfoParse(text, nil) else {
            throw StorageFailure(.server(.address))
        }
        defer { PQconninfoFree(options) }
        var given: [(key: String, value: String)] = []
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                given.append((String(cString: keyword), String(cString: value)))
            }
            option += 1
        }
        let secrets = ["password", "sslpassword"]
        guard !given.contains(where: { secrets.contains($0.key) }), getenv("PGPASSWORD") == nil
        else { throw StorageFailure(.server(.passwordInSight)) }
        func value(_ key: String) -> String? { given.first { $0.key == key }?.value }

        let hosts = (value("host") ?? "").split(separator: ",", omittingEmptySubsequences: false)
        let staysHere = value("hostaddr") == nil && hosts.allSatisfy { $0.first == "/" }
        if !staysHere {
            // Without one, libpq looks for a socket, and the environment could name a host.
            guard value("host") != nil, value("sslmode") ?? "verify-full" == "verify-full" else {
                throw StorageFailure(.server(.address))
            }
        }
        let paths = ["passfile", "sslcert", "sslkey", "sslrootcert", "sslcrl"]
        var words = given.filter { !PostgreSQLAddress.ours.contains($0.key) }
            .map { ($0.key, paths.contains($0.key) ? file($0.value) : $0.value) }
        func add(_ key: String, _ otherwise: String) {
            if value(key) == nil { words.append((key, otherwise)) }
        }
        if !staysHere { add("sslmode", "verify-full") }
        if hosts.count > 1 { add("target_session_attrs", "primary") }
        add("connect_timeout", "5")
        // A server that vanished without a word is noticed after fifteen seconds (F-052).
        add("tcp_user_timeout", "15000")
        add("keepalives_idle", "15")
        add("keepalives_interval", "5")
        add("keepalives_count", "3")
        self.words = words + [("client_encoding", "UTF8"), ("application_name", "shangbao")]
    }

    private static let ours = ["client_encoding", "application_name", "options", "replication"]
}

extension PostgreSQLAddress: CustomStringConvertible, CustomReflectable {
    /// The host and the database's name; nothing else of the words.
    package var description: String {
        ["host", "port", "dbname"].compactMap { key in
            words.first { $0.0 == key }.map { "\(key)=\($0.1)" }
        }.joined(separator: " ")
    }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
