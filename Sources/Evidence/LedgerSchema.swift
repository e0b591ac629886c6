/// The ledger's tables. Lines can be added, never changed or removed: the database refuses it.
package let evidenceMigration: StaticString = """
    CREATE TABLE ledger (
        seq bigint PRIMARY KEY,
        at bigint NOT NULL,
        kind text NOT NULL,
        body text NOT NULL,
        prev bytea NOT NULL,
        hash bytea NOT NULL
    );
    CREATE TABLE ledger_head (
        one bigint PRIMARY KEY CHECK (one = 1),
        seq bigint NOT NULL,
        hash bytea NOT NULL
    );
    INSERT INTO ledger_head (one, seq, hash) VALUES (1, 0, zeroblob(32));
    CREATE TRIGGER ledger_keeps_lines BEFORE UPDATE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
    CREATE TRIGGER ledger_keeps_all_lines BEFORE DELETE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
    CREATE TRIGGER ledger_head_stays BEFORE DELETE ON ledger_head
    BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
    """

/// Lines of one kind are found without reading the others: alarms and key rings are asked for in
/// every round.
package let ledgerIndexMigration: StaticString = """
    CREATE INDEX ledger_by_kind ON ledger (kind, seq);
    """
