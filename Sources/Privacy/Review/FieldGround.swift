package import Records

extension Wording {
    /// A reason as the programmes write it, `中文 (English)`, in its two languages.
    package init(reason: String) {
        guard reason.hasSuffix(")"),
            let start = reason.indices.first(where: { index in
                reason[index...].hasPrefix(" (")
                    && reason[index...].unicodeScalars.allSatisfy { $0.value < 0x2E80 }
            })
        else {
            self.init(zh: reason, en: "")
            return
        }
        self.init(
            zh: String(reason[..<start]), en: String(reason[start...].dropFirst(2).dropLast()))
    }
}

extension ReviewSheet.Field {
    /// Why it is treated as it is, and why it leaves at all; empty for a sealed field that the
    /// nation demands.
    ///
    /// The programme's own reason comes first: a ground that speaks of sealing is none for what is
    /// not sealed.
    package var why: [Wording] {
        var why = technique == .encrypt ? [] : [Wording(reason: reason)]
        guard let ground else { return why }
        if technique != .encrypt, technique != .drop, ground.zh.contains("密封") {
            why.append(
                Wording(
                    zh: "privacy.csv 写的是密封，与处理不符，须核对",
                    en: "privacy.csv speaks of sealing, and it is not sealed: look into it"))
        } else {
            why.append(Wording(zh: "必要性：\(ground.zh)", en: ground.en))
        }
        return why
    }

    /// Whose keys protect or name it; what is the same of every sealed field is not among them.
    var ownDomains: [Wording] {
        keyDomain.split(separator: "；").filter { !$0.contains("a key per submission") }
            .map { Wording(reason: String($0)) }
    }
}

extension ReviewSheet {
    /// That fields are counted for each person, where there are several; `nil` where there is one.
    var countedBySubject: Wording? {
        guard subjects.count > 1 else { return nil }
        let names = subjects.map(\.zh).joined(separator: "、")
        return Wording(
            zh: "每项分\(names)：几个人各填一份的项目，这里按人各算一个字段；项目文件和 what-leaves.md 里只算一项。",
            en:
                "Counted for each person: an element that several people fill in is a field of each here, "
                + "and one element in the programme's file and in what-leaves.md.")
    }
}
