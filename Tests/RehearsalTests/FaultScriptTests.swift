import Rehearsal
import Testing

struct FaultScriptTests {
    @Test func `A script is read line by line`() throws {
        let script = try FaultScript(
            parsing: """
                # a bad day
                post 1: refuse E1002

                post 2-3: delay 2s   # slow
                post *: delay 250ms
                post 4: status-429 30
                post 5: pending-first
                post * record 2-4: transient E5003
                """)
        #expect(
            script.lines == [
                .post(.only(1), .refuse(code: "E1002")),
                .post(.range(2...3), .delay(milliseconds: 2_000)),
                .post(.every, .delay(milliseconds: 250)),
                .post(.only(4), .status429(retryAfterSeconds: 30)),
                .post(.only(5), .pendingFirst),
                .record(posts: .every, records: .range(2...4), .transient(code: "E5003")),
            ])
    }

    @Test(arguments: [
        "post 1", "post 1: nonsense", "post 0: partial", "post 3-2: partial", "post: partial",
        "get 1: partial", "post 1: refuse", "post 1: refuse E9001", "post 1: refuse E10010",
        "post 1: delay 5", "post 1: status-503 soon", "post 1: status-503 -1",
        "post 1 record 1: refuse E1001", "post 1 record 1: reject E5001",
        "post 1 record 1: transient E2001", "post 1 record 1: warn E0001",
        "post 1 records 1: reject E2001", "post 1: partial: conflict", "post 1-: partial",
    ])
    func `A line that is not understood is refused with its number`(line: String) {
        #expect {
            try FaultScript(parsing: "post 1: partial\n\n" + line)
        } throws: { error in
            let failure = error as? RehearsalFailure
            return failure?.place == "3" && failure?.reason == .faultScript
                && failure?.detail?.hasPrefix("expected ") == true
        }
    }
}

struct PaddingTableTests {
    @Test func `A dictionary of paddings is read strictly`() throws {
        _ = try PaddingTable(csv: "# pads\nelement,pad\nname,16\nbasic.fileOpenedBy, 16\n")
        let bad = ["name,16", "element,pad\nname", "element,pad\nname,x", "element,pad\na,1\na,1"]
        for (text, line) in zip(bad, ["1", "2", "2", "3"]) {
            #expect {
                try PaddingTable(csv: text)
            } throws: { ($0 as? RehearsalFailure)?.place == line }
        }
    }
}
