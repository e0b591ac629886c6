import Storage
import Testing

struct SQLTests {
    private static let canary = "canary'; DROP TABLE person; --"

    @Test func `interpolation binds values and never mixes them into the text`() {
        let statement: SQL = """
            SELECT \(SQLTests.canary), \(7), \(Int64.min), \([1, 2] as [UInt8]), \(true)
            """
        #expect(statement.text == "SELECT $1, $2, $3, $4, $5")
        #expect(
            statement.values == [
                .text(SQLTests.canary), .integer(7), .integer(.min), .bytes([1, 2]), .integer(1),
            ])
    }

    @Test func `an absent value is bound as null`() {
        let absent: String? = nil
        let present: Int? = 3
        let statement: SQL = "SELECT \(absent), \(present)"
        #expect(statement.text == "SELECT $1, $2")
        #expect(statement.values == [.null, .integer(3)])
    }

    @Test func `a fragment of the dialect becomes text`() {
        let statement: SQL = "\(raw: Dialect.sqlite.begin)"
        #expect(statement.text == "BEGIN IMMEDIATE")
        #expect(statement.values.isEmpty)
    }

    @Test func `no description shows a bound value`() {
        let statement: SQL = "SELECT \(SQLTests.canary), \(Array(SQLTests.canary.utf8))"
        var dumped = ""
        dump(statement, to: &dumped)
        dump(statement.values, to: &dumped)
        let shown =
            "\(statement) \(String(reflecting: statement)) \(statement.values) "
            + String(reflecting: statement.values) + dumped
        #expect(!shown.contains("canary"))
        #expect(!shown.contains("99"))  // the first byte
    }
}
