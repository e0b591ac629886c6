import Definitions
import Records

/// How the places of a list of divisions are called, from the province down (区划全称), as bytes.
///
/// Most entries bear their full name (山东省聊城市茌平县); where one bears the county's alone, the
/// entries of its first two and four digits say the province and the city.
final class DivisionNames: Sendable {
    let list: CodeList
    /// For each entry of the list its name from the province down.
    private let paths: [[UInt8]]

    init(of list: CodeList) {
        self.list = list
        var short: [String: [UInt8]] = [:]
        for entry in list.codes where entry.code.count < 6 {
            short[entry.code] = Array(entry.label.zh.utf8)
        }
        paths = list.codes.map { entry in
            let above = [2, 4].flatMap { short[String(entry.code.prefix($0))] ?? [] }
            return above + Array(entry.label.zh.utf8)
        }
    }

    /// The first entry of a code.
    func ordinal(of code: ArraySlice<UInt8>) -> Int? {
        code.withUnsafeBufferPointer { list.ordinal(of: $0) }
    }

    private static func bytes(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    private static let counties = bytes(["区", "县", "市", "自治县", "旗", "自治旗", "林区", "特区", "新区"])
    private static let autonomous = Array("自治县".utf8)
    private static let county = Array("县".utf8)
    /// What stands between province and district of a municipality; the form has a box for it.
    private static let noCity = bytes(["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"])
    private static let cities = bytes(["自治州", "地区", "市", "州", "盟"])
    private static let provinces = bytes(["特别行政区", "自治区", "省", "市"])

    /// Whether a text names the county of an entry: its name, or more of its path, or the name
    /// without its suffix; 石柱县 does for 石柱土家族自治县.
    func isCounty(_ text: ArraySlice<UInt8>, of entry: Int) -> Bool {
        let path = paths[entry][...]
        // A suffix alone is no name.
        guard text.count > 3 else { return false }
        if path.ends(with: text) { return true }
        for suffix in DivisionNames.counties
        where path.count > suffix.count + text.count && path.ends(with: suffix)
            && path.dropLast(suffix.count).ends(with: text)
        {
            return true
        }
        guard path.ends(with: DivisionNames.autonomous) else { return false }
        let stem = text.without([DivisionNames.autonomous, DivisionNames.county])
        return stem.count > 3 && path.dropLast(DivisionNames.autonomous.count).holds(stem)
    }

    /// Whether a text names the city that an entry lies in.
    func isCity(_ text: ArraySlice<UInt8>, of entry: Int) -> Bool {
        DivisionNames.noCity.contains { text.elementsEqual($0) }
            || paths[entry][...].holds(text.without(DivisionNames.cities))
    }

    /// Whether a text names the province that an entry lies in.
    func isProvince(_ text: ArraySlice<UInt8>, of entry: Int) -> Bool {
        paths[entry].starts(with: text.without(DivisionNames.provinces))
    }
}

extension ArraySlice<UInt8> {
    fileprivate func ends(with end: some Collection<UInt8>) -> Bool {
        suffix(end.count).elementsEqual(end)
    }

    /// The text without the first of the suffixes that it ends with.
    fileprivate func without(_ suffixes: [[UInt8]]) -> ArraySlice<UInt8> {
        for suffix in suffixes where count > suffix.count && ends(with: suffix) {
            return dropLast(suffix.count)
        }
        return self
    }

    /// Whether another text stands somewhere in this one.
    fileprivate func holds(_ part: ArraySlice<UInt8>) -> Bool {
        guard part.count <= count else { return false }
        for start in startIndex...(endIndex - part.count)
        where self[start..<(start + part.count)].elementsEqual(part) {
            return true
        }
        return false
    }
}
