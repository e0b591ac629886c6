import Flow
import Foundation
import Glibc
import LibCrypto
import LibCurl
import Storage

extension MetricsPage {
    /// Which program and libraries run.
    mutating func addProgram(_ site: Site) {
        let kind =
            switch site.configuration.database {
            case .file: "sqlite"
            case .server: "postgresql"
            }
        add(
            Metrics.build,
            [
                "sqlite_version": SQLiteDatabase.sqliteVersion(),
                "curl_version": HTTPSExchange.libraryVersion, "database": kind,
            ], 1)
    }

    /// Disks and certificates.
    mutating func addFiles(of site: Site) {
        let configuration = site.configuration
        if case .file(let path) = configuration.database {
            let attributes = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
            add(Metrics.log, (attributes?[.size] as? NSNumber)?.int64Value ?? 0)
        }
        for place in DiskPlace.all(of: site) {
            guard let space = place.space else { continue }
            let labels: KeyValuePairs = ["path": place.label]
            add(Metrics.free, labels, space.free)
            add(Metrics.size, labels, space.size)
            add(Metrics.readOnly, labels, space.isReadOnly ? 1 : 0)
        }
        for certificate in SiteCertificate.all(of: site) {
            add(
                Metrics.certificate,
                ["role": certificate.role, "fingerprint": certificate.fingerprint],
                certificate.notAfter)
        }
    }
}

/// Where the site keeps something.
struct DiskPlace {
    struct Space {
        let free: UInt64
        let size: UInt64
        let isReadOnly: Bool

        /// Less than a tenth is left, or nothing can be written.
        var isLow: Bool { isReadOnly || free < size / 10 }
    }

    /// What it is, for labels: never the path itself.
    let label: String
    let path: String

    static func all(of site: Site) -> [DiskPlace] {
        let configuration = site.configuration
        var places = [DiskPlace(label: "site", path: configuration.folder)]
        if case .file(let path) = configuration.database {
            places.append(
                DiskPlace(
                    label: "database", path: (path as NSString).deletingLastPathComponent))
        }
        let journal = configuration.sendJournal
        places.append(DiskPlace(label: "send-journal", path: journal))
        return places
    }

    /// `nil` where there is no such folder yet.
    var space: Space? {
        var found = statvfs()
        guard statvfs(path, &found) == 0 else { return nil }
        let block = UInt64(found.f_frsize)
        return Space(
            free: UInt64(found.f_bavail) * block, size: UInt64(found.f_blocks) * block,
            isReadOnly: found.f_flag & UInt(ST_RDONLY) != 0)
    }
}

/// A certificate that the site works with.
struct SiteCertificate {
    /// `client`, `authority`, or `recipient`: the one under which submissions are sealed.
    let role: String
    /// The first digits of its SHA-256, enough to tell one from another.
    let fingerprint: String
    /// Since 1970.
    let notAfter: Int64

    /// `nil` for a way without certificates.
    private static func files(of way: NationalWay) -> NationalWay.CertificateFiles? {
        if case .https(let files) = way { return files }
        if case .soap(let files) = way { return files }
        return nil
    }

    /// Those of the connection, and the recipient's where it has an end.
    static func all(of site: Site) -> [SiteCertificate] {
        connection(site) + recipient(site)
    }

    /// That what is sealed is for them, and the key has an end.
    private static func recipient(_ site: Site) -> [SiteCertificate] {
        guard let certificate = (try? site.recipient())?.certificate,
            let last = certificate.validity?.upperBound
        else { return [] }
        return [
            SiteCertificate(
                role: "recipient", fingerprint: String(certificate.fingerprint.prefix(16)),
                notAfter: last)
        ]
    }

    private static func connection(_ site: Site) -> [SiteCertificate] {
        guard let files = files(of: site.configuration.national.way) else { return [] }
        return [("client", files.certificate), ("authority", files.authority)]
            .compactMap { role, path in
                guard let bytes = FileManager.default.contents(atPath: path),
                    let read = try? Certificate(pem: String(decoding: bytes, as: UTF8.self))
                else { return nil }
                return SiteCertificate(
                    role: role, fingerprint: String(read.fingerprint.prefix(16)),
                    notAfter: read.notAfter)
            }
    }
}
