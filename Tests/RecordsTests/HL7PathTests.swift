import Records
import Testing

struct HL7PathTests {
    @Test func `a path names segment, field, repetition, component and subcomponent`() throws {
        let whole = try #require(HL7Path("OBX-5"))
        #expect(whole.segment == Array("OBX".utf8) && whole.field == 5)
        #expect(whole.repetition == .unsaid && whole.component == nil)
        let deep = try #require(HL7Path("PID-5[2].1.3"))
        #expect(deep.repetition == .number(2) && deep.component == 1 && deep.subcomponent == 3)
        #expect(HL7Path("PID-3[ID].1")?.repetition == .identifier("ID"))
        #expect(HL7Path("ZL1-12")?.field == 12)
    }

    @Test(arguments: [
        "", "OBX", "OBX-", "OBX-0", "OBX-5.", "OBX-5.0", "obx-5", "OBXX-5", "OB-5", "1BX-5",
        "OBX-5[]", "OBX-5[0].1", "OBX-5[1", "OBX-5.1.1.1", "OBX.5", " OBX-5", "姓名", "OBX-5000",
    ])
    func `what is no path is none`(text: String) {
        #expect(HL7Path(text) == nil)
    }
}
