internal import Records

/// Makes rows of a message: one for each OBX, with what stands over it.
struct HL7Rows {
    /// A path with its segment's name packed, as it is compared.
    private struct Column {
        let id: UInt32
        let value: HL7Value
    }

    private let columns: [Column]

    private static let (header, patient, order, result) = (
        id("MSH"), id("PID"), id("OBR"), id("OBX")
    )
    private static let (common, specimen, note) = (id("ORC"), id("SPM"), id("NTE"))
    private static let ofPatient: Set<UInt32> = [id("PD1"), id("NK1"), id("PV1"), id("PV2")]
    private static let ofMessage: Set<UInt32> = [id("MSH"), id("SFT"), id("UAC")]

    private static func id(_ name: String) -> UInt32 { HL7Message.id(name.utf8) ?? 0 }

    init(_ paths: [HL7Path]) {
        columns = paths.map {
            Column(id: HL7Message.id($0.segment) ?? 0, value: HL7Value($0))
        }
    }

    /// The first OBX among the segments from this one on.
    func next(of message: HL7Message, from segment: Int) -> Int? {
        message.segments[segment...].firstIndex { $0.id == HL7Rows.result }
    }

    /// Adds the row of one OBX.
    ///
    /// - Throws: `E-IO`, see `HL7Charset`.
    func add(
        _ result: Int, of message: HL7Message, at offset: Int, to batch: inout Batch
    ) throws(ReadFailure) {
        let row = batch.places.count
        for (number, column) in columns.enumerated() {
            let start = UInt32(batch.bytes.count)
            if let place = source(of: column.id, for: result, in: message) {
                let segment = message.segments[place]
                let isHeader = segment.id == HL7Rows.header
                let range = column.value.range(
                    in: message.text, segment.text, isHeader: isHeader, message.marks)
                if let range {
                    var value = message.text[range]
                    if isStructured(column, in: message, segment) {
                        value = joined(value, by: message.marks.component)
                    }
                    // The delimiters themselves hold the mark of an escape.
                    if isHeader, column.value.field <= 2 {
                        batch.bytes.append(contentsOf: value)
                    } else if try !HL7Escape.append(value, of: message, to: &batch.bytes) {
                        batch.spoiled.append(
                            .init(
                                row: row, column: number, code: MessageFault.escapeEntry.code))
                    }
                }
            }
            batch.cells.append(start..<UInt32(batch.bytes.count))
        }
        batch.places.append(.init(row: message.segments[result].row, raw: offset..<offset))
    }

    /// Whether a value is a structured number (SN, HL7 2.5.1, section 2.A.71): `<^0.1`, `^1^:^128`.
    private func isStructured(
        _ column: Column, in message: HL7Message, _ segment: HL7Message.Segment
    ) -> Bool {
        guard segment.id == HL7Rows.result, column.value.field == 5, column.value.component == nil,
            let type = HL7Value(field: 2, component: 1).range(
                in: message.text, segment.text, isHeader: false, message.marks)
        else { return false }
        return message.text[type].elementsEqual("SN".utf8)
    }

    /// Comparator, number, separator and number as people write them: `<0.1`, `1:128`.
    private func joined(_ value: ArraySlice<UInt8>, by mark: UInt8) -> ArraySlice<UInt8> {
        value.filter { $0 != mark }[...]
    }

    /// The segment of this name that belongs to an OBX: what was said over it, and its own specimen
    /// and note, which stand behind it (HL7 2.5.1, section 7.3.1).
    private func source(of id: UInt32, for result: Int, in message: HL7Message) -> Int? {
        let segments = message.segments
        if id == HL7Rows.result { return result }
        if HL7Rows.ofMessage.contains(id) { return segments.firstIndex { $0.id == id } }
        if id == HL7Rows.note {
            let next = result + 1
            return next < segments.count && segments[next].id == id ? next : nil
        }
        let order = last(HL7Rows.order, before: result, in: segments)
        if id == HL7Rows.order { return order }
        if id == HL7Rows.common {
            guard let order, order > 0, segments[order - 1].id == id else { return nil }
            return order - 1
        }
        let patient = (0..<result).last { segments[$0].id == HL7Rows.patient }
        if id == HL7Rows.patient { return patient }
        if HL7Rows.ofPatient.contains(id) {
            return ((patient ?? 0)..<result).last { segments[$0].id == id }
        }
        let start = order ?? patient ?? 0
        if id == HL7Rows.specimen {
            let end =
                segments[(result + 1)...].firstIndex {
                    [HL7Rows.order, HL7Rows.common, HL7Rows.patient].contains($0.id)
                } ?? segments.count
            return (start..<end).first { segments[$0].id == id }
        }
        return (start..<result).last { segments[$0].id == id }
    }

    /// The last of this name before the OBX and within its patient.
    private func last(_ id: UInt32, before result: Int, in segments: [HL7Message.Segment]) -> Int? {
        var place = result - 1
        while place >= 0, segments[place].id != HL7Rows.patient {
            if segments[place].id == id { return place }
            place -= 1
        }
        return nil
    }

    /// Rows that are being gathered.
    struct Batch {
        let columnCount: Int
        var bytes: [UInt8] = []
        var cells: [Range<UInt32>] = []
        var places: [SourceBatch.RowPlace] = []
        var unreadable: [UnreadableRow] = []
        var spoiled: [SourceBatch.SpoiledCell] = []

        init(columnCount: Int) {
            self.columnCount = columnCount
        }

        var rowCount: Int { places.count + unreadable.count }

        var source: SourceBatch {
            SourceBatch(
                bytes: bytes, cells: cells, columnCount: columnCount, places: places,
                unreadable: unreadable, spoiled: spoiled)
        }
    }
}
