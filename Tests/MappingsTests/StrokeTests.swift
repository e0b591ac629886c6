import Mappings
import Testing

/// Small things that clinics write where a result, a remark or a name should stand.
@Suite struct StrokeTests {
    private func read(_ text: String) -> CellText {
        var cell = CellText()
        Array(text.utf8).withUnsafeBufferPointer { cell.compose($0, isName: false) }
        cell.joinLines()
        return cell
    }

    @Test(arguments: [
        ("一\r\n二", "一 二"), ("一\n\n\t二", "一 二"), ("一 \n二", "一 二"), ("一二", "一二"),
    ])
    func `line breaks of a remark become one space`(text: String, joined: String) {
        let cell = read(text)
        #expect(String(decoding: cell.bytes, as: UTF8.self) == joined)
    }

    @Test(arguments: ["样\u{FFFD}乙", "样\u{202E}乙", "样\u{200B}乙", "样😀乙", "样\u{FEFF}乙", "样☆乙"])
    func `lost characters, signs without width and pictures are in no name`(name: String) {
        #expect(CellText.hasStrangers(Array(name.utf8)))
    }

    @Test(arguments: ["样乙二", "测试古丽·样例汗", "䶮𠮷㛃喆〇", "Ann Example-O’Neil", "样（曾用名）"])
    func `names of people are`(name: String) {
        #expect(!CellText.hasStrangers(Array(name.utf8)))
    }
}
