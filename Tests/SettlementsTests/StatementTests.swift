import Evidence
import Records
import Settlements
import Testing

@Suite struct StatementTests {
    @Test func `JSON has sorted keys, whole fen, and reads back as it was`() throws {
        let statement = try SampleFunding.closing(SampleFunding.couples(2)).statement
        let bytes = try statement.json()
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasPrefix(#"{"balance":[{"accepted":2,"#))
        #expect(text.contains(#""totalFen":48000"#))
        #expect(try Statement(json: bytes) == statement)
        #expect(try SampleFunding.closing(SampleFunding.couples(2)).statement.json() == bytes)
    }

    @Test func `each institution's part is its own cases, and the parts are the whole`() throws {
        var sample = SampleFunding.couples(2)
        sample.accept([
            .sample("x", at: SampleBook.otherClinic), .sample("y", at: SampleBook.otherClinic),
            .sample("z", at: SampleBook.otherClinic, isFree: false),
        ])
        sample.accept([.sample("w", at: SampleBook.clinic)])
        let statement = try SampleFunding.closing(sample).statement
        #expect(
            statement.institutions.map(\.institution) == [
                SampleBook.clinic, SampleBook.otherClinic,
            ])
        #expect(statement.institutions.map(\.cases) == [3, 2])
        #expect(statement.institutions.map(\.fen.fen) == [72_000, 48_000])
        let sum = statement.institutions.reduce(Money.zero) { $0 + $1.fen }
        #expect(sum == statement.totalFen)
    }

    @Test func `The table opens in Excel, with a Chinese header, fen and yuan`() throws {
        let statement = try SampleFunding.closing(SampleFunding.couples(2)).statement
        let bytes = statement.csv()
        #expect(bytes.prefix(3) == [0xEF, 0xBB, 0xBF])
        let lines = String(decoding: bytes.dropFirst(3), as: UTF8.self)
            .split(separator: "\r\n").map(String.init)
        #expect(lines[0] == "代码,部分,项目,机构,月份,出资方,数量（对）,人数（人）,金额（分）,金额（元）,依据")
        #expect(lines.contains("paid.couple,结算,夫妇双方免费检查,,,,2,4,48000,480.00,R-11"))
        #expect(lines.contains("due.city,分担,按标准应负担,,,市级,,,4800,48.00,1/10"))
        #expect(
            lines.allSatisfy {
                $0.split(separator: ",", omittingEmptySubsequences: false).count == 11
            })
    }

    @Test func `The page holds no script and no reference to anything outside`() throws {
        let statement = try SampleFunding.closing(SampleFunding.couples(2)).statement
        let page = String(decoding: statement.html(), as: UTF8.self)
        for forbidden in ["<script", "http", "src=", "href=", "url("] {
            #expect(!page.contains(forbidden))
        }
        #expect(page.contains("480.00") && page.contains("未能关账的原因"))
    }

    @Test func `Text from outside is escaped on the page`() throws {
        var sample = SampleBook()
        sample.accept([.sample("a", at: "<b>&\"'")])
        let page = String(
            decoding: try SampleFunding.closing(sample).statement.html(), as: UTF8.self)
        #expect(page.contains("&lt;b&gt;&amp;&quot;&#39;") && !page.contains("<b>"))
    }
}
