/// The encodings in which county systems write text (DOMAIN 5.3).
package enum TextEncoding: String, Sendable, Codable, CaseIterable {
    case utf8 = "utf-8"
    /// GB 18030, one, two and four bytes a character; a superset of GBK and GB 2312.
    case gb18030
    /// CP936, one and two bytes a character: what «ANSI» means on Chinese Windows.
    case gbk
    /// Two or four bytes a character, low byte first: Excel's «Unicode text».
    case utf16le = "utf-16le"

    /// The encoding that a mapping or an operator declares by name, upper or lower case.
    ///
    /// Files declared as `gb2312` mostly hold GBK, therefore that name is read as GB 18030.
    package init?(declared name: String) {
        switch name.lowercased() {
        case "utf-8", "utf8": self = .utf8
        case "gb18030", "gb2312": self = .gb18030
        case "gbk", "cp936": self = .gbk
        case "utf-16le": self = .utf16le
        default: return nil
        }
    }

    /// Bytes of the smallest piece in which line breaks are looked for.
    var unitBytes: Int { self == .utf16le ? 2 : 1 }
}

/// Why a byte cannot be taken as text of a record.
package enum TextFault: String, Sendable, Codable {
    /// The bytes are no character of the encoding.
    case malformed
    /// NUL or a C0 control other than TAB, CR and LF; XML 1.0 has no way to write them.
    case control
    /// U+E000 to U+F8FF and planes 15 and 16: a character that an old input method made up.
    case privateUse = "private-use"
    /// U+FFFE or U+FFFF, which XML 1.0 forbids.
    case noncharacter
}

/// Where in the file a row's first unusable byte stands.
package struct ByteFault: Sendable, Equatable {
    /// Excel's number of the row.
    package let row: Int
    /// Bytes from the start of the file.
    package let byteOffset: Int
    package let fault: TextFault
}
