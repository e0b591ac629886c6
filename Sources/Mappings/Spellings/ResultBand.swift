import Definitions

/// A stretch of measured values and the result that it means (判读区间): an index below 0.9 is
/// negative, from 1.0 on positive, between them suspect.
///
/// In the order of the file; assays that compete for the binding have theirs the other way round.
struct ResultBand: Sendable {
    /// The ordinal of the code in the field's list.
    let code: Int
    /// Up to but not this number; `nil` for the last band.
    let end: WrittenNumber?

    /// Reads `bands: [ { code: NEG, below: "0.9" }, …, { code: POS } ]`; empty where it is not there.
    static func all(_ section: inout Section, _ element: Element) throws(DefinitionError)
        -> [ResultBand]
    {
        var bands: [ResultBand] = []
        for var line in try section.sections("bands") {
            let code = try line.text("code")
            guard case .code(let list) = element.kind, let ordinal = list.ordinal(of: code) else {
                throw line.error(
                    at: "code", "字段的代码表没有 “\(code)”。", "The field's list has no \(code).")
            }
            var end: WrittenNumber?
            if let text = try line.optionalText("below") {
                guard
                    let number = try? WrittenNumber(Array(text.utf8)[...], decimalComma: false),
                    number.bound == .none
                else { throw line.error(at: "below", "应为数。", "This must be a number.") }
                end = number
            }
            try line.finish()
            if let before = bands.last {
                guard let start = before.end else {
                    throw line.error("没有 below 的区间应在最后。", "The band without below is the last.")
                }
                if let end, start.isAtLeast(end) {
                    throw line.error(
                        at: "below", "below 应逐个增大。", "Each below is larger than the last.")
                }
            }
            bands.append(ResultBand(code: ordinal, end: end))
        }
        guard bands.isEmpty || (bands.count > 1 && bands.last?.end == nil) else {
            throw section.error(
                at: "bands", "至少两个区间，最后一个不写 below。",
                "At least two bands, and the last has no below.")
        }
        return bands
    }
}

extension [ResultBand] {
    /// The band of a measured value; `nil` where a bound (`<0.5`) may lie in more than one.
    func code(of number: WrittenNumber) -> Int? {
        switch number.bound {
        case .none: first { $0.end.map { !number.isAtLeast($0) } ?? true }?.code
        case .below: first?.end.map { $0.isAtLeast(number) } == true ? first?.code : nil
        case .above:
            dropLast().last?.end.map { number.isAtLeast($0) } == true ? last?.code : nil
        }
    }
}
