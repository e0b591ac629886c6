package import Definitions
import Foundation
package import LibXML
import Records

extension NationalProfile {
    /// The schema of the profile's SOAP binding, compiled; `nil` for one that has no such binding.
    ///
    /// Throws `DefinitionError` for schemas that cannot be used.
    package func soapSchema() throws(DefinitionError) -> CompiledSchema? {
        let path = folder + "/schema/"
        guard let envelope = FileManager.default.contents(atPath: path + "soap-envelope.xsd")
        else { return nil }
        let calls = FileManager.default.contents(atPath: path + "soap.xsd") ?? Data()
        do {
            return try CompiledSchema(main: [UInt8](envelope), files: ["soap.xsd": [UInt8](calls)])
        } catch {
            throw DefinitionError(
                file: path + "soap-envelope.xsd",
                problem: Wording(
                    zh: "SOAP 的 XSD 无法编译（还需要同目录的 soap.xsd）。",
                    en: "The schemas of SOAP do not compile; soap.xsd must lie beside this one."))
        }
    }
}
