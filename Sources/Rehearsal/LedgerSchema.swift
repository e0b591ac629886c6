import Storage

/// The tables of the pretend national side. They hold no personal value and no document but its
/// own: of a submission, its digest and what each record asks for.
enum LedgerSchema {
    static let migrations = [
        Migration(
            number: 1,
            statements: """
                CREATE TABLE submission (
                    sender text NOT NULL,
                    id text NOT NULL,
                    digest text NOT NULL,
                    suite text NOT NULL,
                    key_id text UNIQUE,
                    status bigint,
                    answer bigint,
                    PRIMARY KEY (sender, id));
                CREATE TABLE posted (
                    sender text NOT NULL,
                    submission text NOT NULL,
                    position bigint NOT NULL,
                    record text NOT NULL,
                    version bigint NOT NULL,
                    action text NOT NULL,
                    programme text NOT NULL,
                    institution text NOT NULL,
                    served text NOT NULL,
                    entitlement text,
                    opened bigint NOT NULL,
                    unopened bigint NOT NULL,
                    flaw_code text,
                    flaw_field text,
                    warning text,
                    status text,
                    code text,
                    serial text,
                    decided bigint,
                    PRIMARY KEY (sender, submission, position));
                CREATE INDEX posted_record ON posted (record);
                CREATE INDEX posted_decided ON posted (decided);
                CREATE TABLE effect (
                    ordinal bigint PRIMARY KEY,
                    sender text NOT NULL,
                    submission text NOT NULL,
                    record text NOT NULL,
                    version bigint NOT NULL,
                    action text NOT NULL,
                    programme text NOT NULL,
                    institution text NOT NULL,
                    served text NOT NULL,
                    entitlement text,
                    serial text NOT NULL);
                CREATE INDEX effect_record ON effect (record);
                CREATE INDEX effect_entitlement ON effect (entitlement);
                CREATE TABLE receipt (
                    ordinal bigint PRIMARY KEY,
                    sender text NOT NULL,
                    submission text NOT NULL,
                    bytes bytea NOT NULL,
                    signature bytea NOT NULL,
                    key_id text NOT NULL);
                CREATE INDEX receipt_sender ON receipt (sender, ordinal);
                CREATE TABLE due (
                    ordinal bigint PRIMARY KEY,
                    sender text NOT NULL,
                    submission text NOT NULL,
                    plan bigint NOT NULL,
                    collects bigint);
                """)
    ]
}
