/// The outbox's tables. Bodies stand apart in `block` and `receipt_body`, and are never changed.
///
/// `next_step` is when something is to be done in the present state: `due` send, `inDoubt` and
/// `awaiting` ask. Times are microseconds.
package let deliveryMigration: StaticString = """
    CREATE TABLE process (
        one bigint PRIMARY KEY CHECK (one = 1),
        epoch text NOT NULL,
        started bigint NOT NULL
    );
    CREATE TABLE submission (
        id text PRIMARY KEY,
        endpoint text NOT NULL,
        programme text NOT NULL,
        sender text NOT NULL,
        region text NOT NULL,
        suite text NOT NULL,
        signing_key text NOT NULL,
        created bigint NOT NULL,
        record_count bigint NOT NULL,
        byte_count bigint NOT NULL,
        digest text NOT NULL,
        wire_digest bytea NOT NULL,
        signature bytea NOT NULL,
        own_key text NOT NULL,
        state text NOT NULL CHECK (state IN ('due', 'leased', 'onWire', 'inDoubt', 'awaiting',
            'held', 'final', 'cancelled')),
        fence bigint NOT NULL,
        lease_owner text,
        attempts bigint NOT NULL,
        failures bigint NOT NULL,
        doubts bigint NOT NULL,
        crash_count bigint NOT NULL,
        crashed_at bigint,
        next_step bigint NOT NULL,
        deadline bigint NOT NULL,
        reason text,
        CHECK ((state IN ('leased', 'onWire')) = (lease_owner IS NOT NULL)),
        CHECK ((state = 'held') = (reason IS NOT NULL))
    );
    CREATE INDEX submission_by_step ON submission (endpoint, state, next_step);
    CREATE INDEX submission_by_deadline ON submission (endpoint, state, deadline);
    CREATE INDEX submission_by_state ON submission (state, id);
    CREATE TABLE block (
        submission text PRIMARY KEY REFERENCES submission,
        wire bytea NOT NULL,
        records bytea NOT NULL
    );
    CREATE TRIGGER block_stays BEFORE UPDATE ON block
    BEGIN SELECT RAISE(ABORT, 'sent bytes never change'); END;
    CREATE TABLE item (
        submission text NOT NULL REFERENCES submission,
        position bigint NOT NULL,
        record text NOT NULL,
        version bigint NOT NULL,
        action text NOT NULL,
        state text NOT NULL CHECK (state IN ('open', 'unknown', 'transient', 'repacked',
            'accepted', 'rejected', 'disputed', 'void')),
        at bigint NOT NULL,
        code text,
        serial text,
        field text,
        receipt text,
        PRIMARY KEY (submission, position),
        UNIQUE (record, version, submission)
    );
    CREATE UNIQUE INDEX item_one_open ON item (record) WHERE state IN ('open', 'unknown');
    CREATE INDEX item_transient ON item (submission, position) WHERE state = 'transient';
    CREATE TABLE attempt (
        submission text NOT NULL REFERENCES submission,
        fence bigint NOT NULL,
        number bigint NOT NULL,
        began bigint NOT NULL,
        ended bigint,
        on_wire bigint NOT NULL CHECK (on_wire IN (0, 1)),
        outcome text,
        wire_digest bytea NOT NULL,
        PRIMARY KEY (submission, fence)
    );
    CREATE TABLE receipt (
        digest text PRIMARY KEY,
        endpoint text NOT NULL,
        signature bytea,
        signing_key text,
        head text,
        received bigint NOT NULL,
        submission text,
        status text,
        disposition text NOT NULL CHECK (disposition IN ('stored', 'applied', 'duplicate',
            'conflict', 'unknown', 'misaddressed', 'forged', 'malformed'))
    );
    CREATE INDEX receipt_by_submission ON receipt (submission, received);
    CREATE INDEX receipt_by_disposition ON receipt (disposition, endpoint, received);
    CREATE TABLE receipt_body (
        digest text PRIMARY KEY REFERENCES receipt,
        bytes bytea NOT NULL
    );
    CREATE TRIGGER receipt_body_stays BEFORE UPDATE ON receipt_body
    BEGIN SELECT RAISE(ABORT, 'received bytes never change'); END;
    CREATE TABLE feed (
        endpoint text PRIMARY KEY,
        cursor text NOT NULL
    );
    CREATE TABLE lane (
        endpoint text PRIMARY KEY,
        open_from bigint NOT NULL,
        failures bigint NOT NULL,
        reason text
    );
    """

/// Finds what was taken back without looking at every record that ever went out.
package let withdrawalIndexMigration: StaticString = """
    CREATE INDEX item_withdrawn ON item (record) WHERE action = 'withdraw';
    """

/// What several workers on one server need: until when a lease counts, which server this database
/// was last written on, and whether it must first be reconciled.
package let workersMigration: StaticString = """
    ALTER TABLE submission ADD COLUMN lease_until bigint;
    CREATE TABLE stand (
        one bigint PRIMARY KEY CHECK (one = 1),
        system text NOT NULL,
        timeline text NOT NULL
    );
    CREATE TABLE reconciling (
        one bigint PRIMARY KEY CHECK (one = 1),
        since bigint NOT NULL,
        cause text NOT NULL
    );
    CREATE TABLE reconcile_report (
        worker text PRIMARY KEY,
        at bigint NOT NULL,
        missing bigint NOT NULL,
        unknown bigint NOT NULL
    );
    """

/// Retry policies kept with what was made under them, what a lane remembers, and what a person
/// stopped. The indexes find the next submission of a long queue without walking it.
package let retryMigration: StaticString = """
    CREATE TABLE retry_policy (
        digest text PRIMARY KEY,
        name text NOT NULL,
        rules text NOT NULL
    );
    ALTER TABLE submission ADD COLUMN policy text REFERENCES retry_policy;
    ALTER TABLE lane ADD COLUMN look_failures bigint NOT NULL DEFAULT 0;
    ALTER TABLE lane ADD COLUMN phase text NOT NULL DEFAULT 'working';
    ALTER TABLE lane ADD COLUMN rests bigint NOT NULL DEFAULT 0;
    ALTER TABLE lane ADD COLUMN proven bigint NOT NULL DEFAULT 0;
    ALTER TABLE lane ADD COLUMN recent text NOT NULL DEFAULT '';
    ALTER TABLE lane ADD COLUMN tokens bigint;
    ALTER TABLE lane ADD COLUMN trial_from bigint NOT NULL DEFAULT 0;
    ALTER TABLE lane ADD COLUMN at_once bigint;
    ALTER TABLE lane ADD COLUMN streak bigint NOT NULL DEFAULT 0;
    ALTER TABLE lane ADD COLUMN record_limit bigint;
    ALTER TABLE lane ADD COLUMN limited_at bigint NOT NULL DEFAULT 0;
    CREATE TABLE lane_stop (
        endpoint text PRIMARY KEY,
        scope text NOT NULL CHECK (scope IN ('retries', 'sends')),
        at bigint NOT NULL,
        person text NOT NULL,
        because text NOT NULL
    );
    CREATE INDEX submission_new ON submission (endpoint, created)
        WHERE state = 'due' AND attempts = 0;
    CREATE INDEX submission_untried ON submission (endpoint, deadline, created, id)
        WHERE state = 'due' AND attempts = 0;
    CREATE INDEX submission_tried ON submission (endpoint, next_step)
        WHERE state = 'due' AND attempts > 0;
    CREATE INDEX attempt_by_time ON attempt (began);
    """

/// The state `reversed` of a record. The table is made anew: no two databases change a check in
/// place in the same words.
package let reversalMigration: StaticString = """
    CREATE TABLE item_anew (
        submission text NOT NULL REFERENCES submission,
        position bigint NOT NULL,
        record text NOT NULL,
        version bigint NOT NULL,
        action text NOT NULL,
        state text NOT NULL CHECK (state IN ('open', 'unknown', 'transient', 'repacked',
            'accepted', 'rejected', 'reversed', 'disputed', 'void')),
        at bigint NOT NULL,
        code text,
        serial text,
        field text,
        receipt text,
        PRIMARY KEY (submission, position),
        UNIQUE (record, version, submission)
    );
    INSERT INTO item_anew (submission, position, record, version, action, state, at, code, serial,
        field, receipt)
    SELECT submission, position, record, version, action, state, at, code, serial, field, receipt
    FROM item;
    DROP TABLE item;
    ALTER TABLE item_anew RENAME TO item;
    CREATE UNIQUE INDEX item_one_open ON item (record) WHERE state IN ('open', 'unknown');
    CREATE INDEX item_transient ON item (submission, position) WHERE state = 'transient';
    CREATE INDEX item_withdrawn ON item (record) WHERE action = 'withdraw';
    """
