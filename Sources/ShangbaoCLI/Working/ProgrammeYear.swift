import ArgumentParser

/// A programme's year (年度) as it is typed, `2012`. Throws `ValidationError` for anything else; what
/// was typed is not repeated, since it may be somebody's number.
func programmeYear(_ text: String) throws -> Int {
    guard text.utf8.count == 4, let year = Int(text), (1970...9998).contains(year) else {
        throw ValidationError(said("年度写四位数字，如 2012。", "A year has four digits, like 2012."))
    }
    return year
}
