import Definitions
import Delivery
import Foundation
package import LibCurl
import Programmes
import Records

/// How the national side is reached (接口方式): the bindings of the exchange.
package enum Binding: String, Sendable, CaseIterable {
    case https, soap
}

/// The way to the national side, with what it takes to go it.
package enum NationalWay: Sendable {
    case https(CertificateFiles)
    case soap(CertificateFiles)

    /// Who we are to the other side and whom we believe; PEM files.
    package struct CertificateFiles: Sendable {
        package let certificate: String
        package let certificateKey: String
        /// The only authority whose certificates are believed.
        package let authority: String
    }

    package var binding: Binding {
        switch self {
        case .https: .https
        case .soap: .soap
        }
    }

    /// Reads the keys of `national` that belong to its binding, HTTPS where none is named.
    init(
        _ national: inout Section, address: String, _ path: (String) -> String
    ) throws(DefinitionError) {
        let binding = try national.choice("binding", of: Binding.self) ?? .https
        guard address.hasPrefix("https://") else {
            throw national.error(at: "address", "地址必须是 https://。", "Only https:// will do.")
        }
        var identity = try national.section("identity")
        let files = CertificateFiles(
            certificate: path(try identity.text("certificate")),
            certificateKey: path(try identity.text("key")),
            authority: path(try national.text("authority")))
        try identity.finish()
        switch binding {
        case .https: self = .https(files)
        case .soap: self = .soap(files)
        }
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

    /// The transport that the site's file chooses.
    ///
    /// Throws `SiteFailure`; `DefinitionError` where the profile does not know the binding.
    func transport() throws -> any Transport {
        let national = configuration.national
        switch national.way {
        case .https(let files):
            return HTTPSTransport(
                base: national.address, settings: try settings(files),
                namespace: profile.namespace, inFlight: national.inFlight, clock: clock)
        case .soap(let files):
            guard let schema = try profile.soapSchema() else {
                throw DefinitionError(
                    file: Configuration.fileName,
                    problem: Wording(
                        zh: "接口规格 \(profile.name) 没有 SOAP 接口方式（schema/soap-envelope.xsd）。",
                        en: "The profile \(profile.name) knows no SOAP: it has no "
                            + "schema/soap-envelope.xsd."))
            }
            return SOAPTransport(
                address: national.address, settings: try settings(files),
                grammar: SOAPAnswer.Grammar(namespace: profile.namespace, schema: schema),
                inFlight: national.inFlight, newID: { UUID().uuidString.lowercased() },
                clock: clock)
        }
    }
}
