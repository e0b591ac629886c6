/// What the steps of the schema need in PostgreSQL beside their common text.
enum PostgreSQLSchema {
    /// Before the first step: the list of steps, the two functions of SQLite that our statements
    /// use, and the refusal that stands behind every table which is only added to.
    static let foundation = """
        CREATE TABLE schema_step (number bigint PRIMARY KEY);
        CREATE FUNCTION instr(text, text) RETURNS integer
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN strpos($1, $2);
        CREATE FUNCTION zeroblob(integer) RETURNS bytea
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN decode(repeat('00', $1), 'hex');
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'check_violation'; END; $$;
        """

    /// A step's text with its guards in PostgreSQL's form. In SQLite's they read
    ///
    ///     CREATE TRIGGER name BEFORE UPDATE ON table
    ///     BEGIN SELECT RAISE(ABORT, 'words'); END;
    ///
    /// and that is the one thing in a step which differs. A guard against removal is one against
    /// emptying the table as well.
    static func translated(_ statements: String) -> String {
        var text = ""
        var rest = Substring(statements)
        while let start = rest.firstRange(of: "CREATE TRIGGER ") {
            text += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstRange(of: "END;"),
                let guarded = Guard(rest[start.upperBound..<end.lowerBound])
            else {
                // As it stands: the server says what is wrong with it.
                return text + rest[start.lowerBound...]
            }
            text += guarded.statements
            rest = rest[end.upperBound...]
        }
        return text + rest
    }

    /// One refusal to change a table.
    private struct Guard {
        let name: Substring
        let event: Substring
        let table: Substring
        /// With its quotes.
        let words: Substring

        /// Reads what stands between `CREATE TRIGGER` and `END;`; `nil` for anything else.
        init?(_ text: Substring) {
            let parts = text.split(maxSplits: 5, whereSeparator: \.isWhitespace)
            guard parts.count == 6, parts[1] == "BEFORE", parts[3] == "ON" else { return nil }
            let body = parts[5].drop(while: \.isWhitespace)
            let opening = "BEGIN SELECT RAISE(ABORT, "
            guard ["UPDATE", "DELETE"].contains(parts[2]), body.hasPrefix(opening),
                let close = body.firstRange(of: ");")
            else { return nil }
            (name, event, table) = (parts[0], parts[2], parts[4])
            words = body[..<close.lowerBound].dropFirst(opening.count)
        }

        var statements: String {
            let refusal = "EXECUTE FUNCTION refuse_change(\(words));"
            let each = "CREATE TRIGGER \(name) BEFORE \(event) ON \(table) FOR EACH ROW \(refusal)"
            guard event == "DELETE" else { return each }
            return each + "\nCREATE TRIGGER \(name)_whole BEFORE TRUNCATE ON \(table) \(refusal)"
        }
    }
}
