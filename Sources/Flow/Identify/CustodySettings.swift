package import Definitions
package import Privacy
import Records

/// Who opens the identity vault (身份保管), and how often: the section `custody` of the site's
/// file.
package struct CustodySettings: Sendable {
    /// Somebody with his part, and the file of his public key.
    package struct Person: Sendable {
        package let name: String
        package let department: String
        package let role: CustodyPerson.Role
        package let key: String
    }

    package let people: [Person]
    /// Who left, and keys that were replaced: for verifying what was signed with them.
    package let former: [Person]
    /// Requests that one person may make a day.
    package let perDay: Int
    /// How long what was approved can be opened, in minutes.
    package let minutes: Int

    /// Where the site's file does not say.
    package static let perDay = 3
    package static let minutes = 15

    /// `nil` where the site's file has no such section: then no vault is kept.
    static func read(
        _ section: inout Section, file: (String) -> String
    ) throws(DefinitionError) -> CustodySettings? {
        guard var custody = try section.optionalSection("custody") else { return nil }
        var people: [Person] = []
        for person in try custody.sections("people") {
            let read = try read(person, file)
            guard !people.contains(where: { $0.name == read.name }) else {
                throw person.error(at: "name", "同名的人已经列出。", "This name is listed already.")
            }
            people.append(read)
        }
        let former = try custody.sections("former").map { (person) throws(DefinitionError) in
            try read(person, file)
        }
        let approvers = people.filter { $0.role == .officer || $0.role == .custodian }
        guard Set(approvers.map(\.department)).count > 1 else {
            throw custody.error(
                at: "people", "至少要有两个科室的审批人（officer 或 custodian）。",
                "Approvers (officer or custodian) of at least two departments are needed.")
        }
        let perDay = try custody.integer("perDay") ?? CustodySettings.perDay
        guard (1...50).contains(perDay) else {
            throw custody.error(at: "perDay", "应为 1 至 50 次。", "1 to 50 requests.")
        }
        let minutes = try custody.integer("minutes") ?? CustodySettings.minutes
        guard (1...60).contains(minutes) else {
            throw custody.error(at: "minutes", "应为 1 至 60 分钟。", "1 to 60 minutes.")
        }
        try custody.finish()
        return CustodySettings(
            people: people, former: former, perDay: perDay, minutes: minutes)
    }

    private static func read(
        _ section: Section, _ file: (String) -> String
    ) throws(DefinitionError) -> Person {
        var person = section
        let name = try person.text("name")
        guard let role = try person.choice("role", of: CustodyPerson.Role.self) else {
            throw person.error("缺少 “role”。", "role is missing.")
        }
        let read = Person(
            name: name, department: try person.text("department"), role: role,
            key: file(try person.text("key")))
        try person.finish()
        return read
    }
}

extension Site {
    /// Those who open the vault, with their keys; `nil` where the site keeps none.
    ///
    /// Throws `DefinitionError` for a file that is not there, is no SM2 key, or is another's.
    package func custody() throws(DefinitionError) -> Custody? {
        guard let settings = configuration.custody else { return nil }
        var people: [CustodyPerson] = []
        for person in settings.people + settings.former {
            let pem = try text(person.key)
            guard
                let known = try? CustodyPerson(
                    name: person.name, department: person.department, role: person.role, pem: pem)
            else {
                throw DefinitionError(
                    file: person.key,
                    problem: Wording(
                        zh: "保管人的公钥应为 SM2（PEM）。", en: "A custodian's public key is SM2, PEM."))
            }
            guard !people.contains(where: { $0.fingerprint == known.fingerprint }) else {
                throw DefinitionError(
                    file: person.key,
                    problem: Wording(
                        zh: "两个人用了同一把密钥。", en: "Two people have the same key."))
            }
            people.append(known)
        }
        let named = settings.people.count
        return Custody(Array(people[..<named]), former: Array(people[named...]))
    }
}
