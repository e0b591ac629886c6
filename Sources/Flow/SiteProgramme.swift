import Definitions
import Foundation
import LibCrypto
package import Programmes
import Records
import Submissions

/// One programme that a site reports, with the national profile by which it goes out.
package struct SiteProgramme: Sendable {
    package let programme: Programme
    package let profile: NationalProfile

    /// The programme's name on the wire and in the ledger.
    package var name: String { programme.dictionary.programme }

    /// The profile's generated schema: an approval is bound to it too.
    var schema: [UInt8] { Array(SchemaText.xsd(for: programme.dictionary, profile.wire).utf8) }

    /// The profile's own file and every schema beside it, as they lie there now: path below
    /// `mappings/` and bytes. An approval is bound to each byte of them.
    var interface: [(path: String, bytes: [UInt8])] {
        let files = FileManager.default
        let names = (try? files.subpathsOfDirectory(atPath: profile.folder)) ?? []
        return names.filter { $0 == "profile.yaml" || $0.lowercased().hasSuffix(".xsd") }.map {
            let bytes = files.contents(atPath: profile.folder + "/" + $0) ?? Data()
            return ("\(programme.folderName)/to-\(profile.name)/\($0)", [UInt8](bytes))
        }
    }

    /// Whether a clinic mapping fills this programme's records.
    package func isFilled(by file: MappingFile) -> Bool {
        programme.mapping(at: file.path) != nil
    }

    /// The programmes that a site's file names, in its order.
    ///
    /// - Throws: `DefinitionError` where the catalogue lacks one, where it does not know the suite,
    ///   or where two profiles are not one side's.
    static func all(of configuration: Configuration, in catalogue: Catalogue)
        throws(DefinitionError) -> [SiteProgramme]
    {
        var found: [SiteProgramme] = []
        for named in configuration.national.profiles {
            guard
                let programme = catalogue.programmes.first(where: {
                    $0.folderName == named.folder
                }),
                let profile = programme.profiles.first(where: { $0.name == named.profile })
            else {
                throw fault(
                    "映射目录中没有规格 \(named.folder)/\(named.profile)。",
                    "No profile \(named.folder)/\(named.profile) in mappings.")
            }
            guard profile.suites.contains(configuration.suite.rawValue) else {
                throw fault(
                    "规格 \(profile.name) 不支持 suite \(configuration.suite.rawValue)。",
                    "\(profile.name) does not know suite \(configuration.suite.rawValue).")
            }
            if let first = found.first?.profile,
                first.name != profile.name || first.namespace != profile.namespace
            {
                throw fault(
                    "一个国家平台只能用一种规格：\(first.name) 与 \(profile.name) 不同。",
                    "One national side speaks one profile: \(first.name) is not \(profile.name).")
            }
            found.append(SiteProgramme(programme: programme, profile: profile))
        }
        return found
    }

    private static func fault(_ zh: String, _ en: String) -> DefinitionError {
        DefinitionError(file: Configuration.fileName, problem: Wording(zh: zh, en: en))
    }
}
