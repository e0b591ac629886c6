import Definitions
import Delivery
import Foundation
package import LibCurl
package import LibSSH
import Programmes
import Records

/// How the national side is reached (接口方式): the bindings of the exchange.
package enum Binding: String, Sendable, CaseIterable {
    case https, soap, sftp
    /// Nothing goes over a wire: people type into the platform's forms (辅助录入).
    case assisted

    /// Whether the other side can be asked for its own counts (对账数).
    package var hasCounts: Bool { self == .https || self == .soap }
}

/// The way to the national side, with what it takes to go it.
package enum NationalWay: Sendable {
    case https(CertificateFiles)
    case soap(CertificateFiles)
    case sftp(DropPlace)
    case assisted

    /// Who we are to the other side and whom we believe; PEM files.
    package struct CertificateFiles: Sendable {
        package let certificate: String
        package let certificateKey: String
        /// The only authority whose certificates are believed.
        package let authority: String
    }

    /// A folder on an SFTP server, by its address `sftp://USER@HOST[:PORT][/FOLDER]`.
    package struct DropPlace: Sendable {
        package let settings: SFTPSettings
        /// Ends with a slash; empty for where the login leads to.
        package let folder: String

        package var keyFile: String { settings.keyFile }
    }

    package var binding: Binding {
        switch self {
        case .https: .https
        case .soap: .soap
        case .sftp: .sftp
        case .assisted: .assisted
        }
    }

    /// Reads the keys of `national` that belong to its binding, HTTPS where none is named.
    static func read(
        _ national: inout Section, _ path: (String) -> String
    ) throws(DefinitionError) -> (way: NationalWay, address: String) {
        let binding = try national.choice("binding", of: Binding.self) ?? .https
        if binding == .assisted {
            // Of use to people alone.
            return (.assisted, try national.optionalText("address") ?? binding.rawValue)
        }
        let address = try national.text("address")
        return switch binding {
        case .https: (.https(try files(&national, address: address, path)), address)
        case .soap: (.soap(try files(&national, address: address, path)), address)
        case .sftp: (.sftp(try drop(&national, address: address, path)), address)
        case .assisted: (.assisted, address)
        }
    }

    /// Reads the keys of a way over TLS.
    private static func files(
        _ national: inout Section, address: String, _ path: (String) -> String
    ) throws(DefinitionError) -> CertificateFiles {
        guard address.hasPrefix("https://") else {
            throw national.error(at: "address", "地址必须是 https://。", "Only https:// will do.")
        }
        var identity = try national.section("identity")
        let files = CertificateFiles(
            certificate: path(try identity.text("certificate")),
            certificateKey: path(try identity.text("key")),
            authority: path(try national.text("authority")))
        try identity.finish()
        return files
    }

    /// Reads the keys of an SFTP drop.
    private static func drop(
        _ national: inout Section, address: String, _ path: (String) -> String
    ) throws(DefinitionError) -> DropPlace {
        guard let url = URL(string: address), url.scheme == "sftp", let host = url.host(),
            let user = url.user(), url.password() == nil, !host.isEmpty, !user.isEmpty
        else {
            throw national.error(
                at: "address", "应为 sftp://用户@主机[:端口][/目录]，不带口令。",
                "sftp://USER@HOST[:PORT][/FOLDER], without a password.")
        }
        let hostKeys = try national.texts("hostKeys")
        guard !hostKeys.isEmpty, hostKeys.allSatisfy(HostKey.isFingerprint) else {
            throw national.error(
                at: "hostKeys", "应为主机密钥指纹（ssh-keygen -l 显示的 SHA256:…），至少一个。",
                "The host's keys as ssh-keygen -l shows them, SHA256:…, one at least.")
        }
        var identity = try national.section("identity")
        let key = path(try identity.text("key"))
        try identity.finish()
        let folder = url.path()
        return DropPlace(
            settings: SFTPSettings(
                host: host, port: url.port ?? 22, user: user, keyFile: key,
                hostKeys: Set(hostKeys)),
            folder: folder.isEmpty || folder == "/"
                ? "" : folder.hasSuffix("/") ? folder : folder + "/")
    }
}

extension Site {
    /// What holds for every request over TLS. Throws `SiteFailure` for an address without a host.
    package func settings(
        _ files: NationalWay.CertificateFiles
    ) throws(SiteFailure) -> HTTPSSettings {
        let address = configuration.national.address
        guard let host = URL(string: address)?.host() else {
            throw SiteFailure(.address, detail: address)
        }
        return HTTPSSettings(
            identity: TLSIdentity(
                certificateFile: files.certificate, keyFile: files.certificateKey,
                authorityFile: files.authority),
            allowedHosts: [host],
            allowsLocalAddresses: configuration.environment == .rehearsal)
    }

    /// The transport that the site's file chooses; `nil` where nothing goes over a wire.
    ///
    /// Throws `SiteFailure`; `DefinitionError` where the profile does not know the binding.
    ///
    /// - Parameters:
    ///   - endpoint: by whose keys a receipt is known to be whole.
    ///   - tally: told what time it is there.
    func transport(
        to endpoint: Endpoint, _ tally: DeliveryTally
    ) throws -> (any Transport)? {
        let national = configuration.national
        switch national.way {
        case .https(let files):
            return named(
                HTTPSTransport(
                    base: national.address, settings: try settings(files),
                    namespace: profile.namespace, inFlight: national.inFlight, clock: clock,
                    tally: tally),
                by: files)
        case .soap(let files):
            guard let schema = try profile.soapSchema() else {
                throw DefinitionError(
                    file: Configuration.fileName,
                    problem: Wording(
                        zh: "接口规格 \(profile.name) 没有 SOAP 接口方式（schema/soap-envelope.xsd）。",
                        en: "The profile \(profile.name) knows no SOAP: it has no "
                            + "schema/soap-envelope.xsd."))
            }
            return named(
                SOAPTransport(
                    address: national.address, settings: try settings(files),
                    grammar: SOAPAnswer.Grammar(namespace: profile.namespace, schema: schema),
                    inFlight: national.inFlight, newID: { UUID().uuidString.lowercased() },
                    clock: clock, tally: tally),
                by: files)
        case .sftp(let place):
            return SFTPTransport(
                settings: place.settings, root: place.folder,
                isSigned: { endpoint.hasSigned($0) }, clock: clock)
        case .assisted:
            for part in programmes where part.profile.assisted == nil {
                throw AssistedFailure(.noForms, place: part.programme.folderName)
            }
            return nil
        }
    }

    /// A way on which the certificate must name us, where the profile wants that.
    private func named(
        _ way: any Transport, by files: NationalWay.CertificateFiles
    ) -> any Transport {
        guard profile.certificateNamesSender else { return way }
        return NamedSender(
            way, sender: configuration.county.creditCode, certificateFile: files.certificate)
    }
}
