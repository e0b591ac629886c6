/// Lists that were started, and each of their records.
package let resendMigration: StaticString = """
    CREATE TABLE resend (
        plan text PRIMARY KEY,
        started bigint NOT NULL,
        started_by text NOT NULL,
        because text NOT NULL,
        state text NOT NULL CHECK (state IN ('running', 'paused', 'cancelled', 'done')),
        pace_records bigint NOT NULL CHECK (pace_records > 0),
        pace_seconds bigint NOT NULL CHECK (pace_seconds > 0)
    );
    CREATE TABLE resend_item (
        plan text NOT NULL REFERENCES resend,
        place bigint NOT NULL,
        submission text NOT NULL REFERENCES submission,
        position bigint NOT NULL,
        step text NOT NULL CHECK (step IN ('again', 'ask', 'release')),
        state text NOT NULL CHECK (state IN ('waiting', 'gone', 'skipped')),
        at bigint,
        reason text,
        PRIMARY KEY (plan, place),
        UNIQUE (plan, submission, position)
    );
    CREATE INDEX resend_item_by_state ON resend_item (plan, state, submission, position);
    """

/// The step `renew`. The table is made anew: no two databases change a check in place in the same
/// words.
package let renewalMigration: StaticString = """
    CREATE TABLE resend_item_anew (
        plan text NOT NULL REFERENCES resend,
        place bigint NOT NULL,
        submission text NOT NULL REFERENCES submission,
        position bigint NOT NULL,
        step text NOT NULL CHECK (step IN ('again', 'renew', 'ask', 'release')),
        state text NOT NULL CHECK (state IN ('waiting', 'gone', 'skipped')),
        at bigint,
        reason text,
        PRIMARY KEY (plan, place),
        UNIQUE (plan, submission, position)
    );
    INSERT INTO resend_item_anew (plan, place, submission, position, step, state, at, reason)
    SELECT plan, place, submission, position, step, state, at, reason FROM resend_item;
    DROP TABLE resend_item;
    ALTER TABLE resend_item_anew RENAME TO resend_item;
    CREATE INDEX resend_item_by_state ON resend_item (plan, state, submission, position);
    """
