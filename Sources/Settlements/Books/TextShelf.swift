/// Many short texts one after the other in large blocks of memory: a text of its own costs a
/// `String` three to five times as much.
struct TextShelf: Sendable {
    private static let blockBits = 16

    private var blocks: [[UInt8]] = []

    /// Keeps a text's form and says where: its block, and the place in it in the lower 16 bits.
    mutating func append(_ form: UnsafeBufferPointer<UInt8>) -> UInt32 {
        let room = 1 << Self.blockBits
        if blocks.last.map({ $0.count + form.count > room }) ?? true {
            // A long text has a block that is as long.
            blocks.append([])
            if blocks.count > 1 { blocks[blocks.count - 1].reserveCapacity(room) }
        }
        let block = blocks.count - 1
        let place = blocks[block].count
        blocks[block].append(contentsOf: form)
        return UInt32(block << Self.blockBits | place)
    }

    mutating func append(_ text: String) -> UInt32 {
        TextForm.with(text) { append($0) }
    }

    subscript(place: UInt32) -> String { withForm(at: place) { TextForm.text($0) } }

    /// Calls `body` with the bytes from the form at a place on.
    func withForm<Result>(
        at place: UInt32, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        blocks[Int(place >> UInt32(Self.blockBits))].withUnsafeBufferPointer { block in
            let start = Int(place) & (1 << Self.blockBits - 1)
            return body(UnsafeBufferPointer(rebasing: block[start...]))
        }
    }

    func holds(_ form: UnsafeBufferPointer<UInt8>, at place: UInt32) -> Bool {
        withForm(at: place) { kept in
            guard kept.count >= form.count else { return false }
            for place in form.indices where kept[place] != form[place] { return false }
            return true
        }
    }
}

/// Texts, each once, by numbers from 0 in the order in which they came: open addressing over a
/// shelf.
struct TextIndex: Sendable {
    private var shelf = TextShelf()
    private var places = LongList<UInt32>()
    /// Numbers, each one more than it is; 0 where the slot is free.
    private var slots: [UInt32] = []
    /// A byte of each slot's hash: nearly all other texts are told apart by it.
    private var marks: [UInt8] = []

    var count: Int { places.count }

    /// The number of a text, a new one where it is new.
    mutating func number(of text: String) -> UInt32 {
        TextForm.with(text) { form in
            if places.count >= slots.count / 4 * 3 { grow() }
            let hash = Self.hash(form)
            let slot = slot(of: form, hash)
            if slots[slot] > 0 { return slots[slot] - 1 }
            places.append(shelf.append(form))
            slots[slot] = UInt32(places.count)
            marks[slot] = Self.mark(hash)
            return UInt32(places.count - 1)
        }
    }

    /// The number of a text that is known.
    func find(_ text: String) -> UInt32? {
        guard !slots.isEmpty else { return nil }
        return TextForm.with(text) { form in
            let found = slots[slot(of: form, Self.hash(form))]
            return found > 0 ? found - 1 : nil
        }
    }

    subscript(number: UInt32) -> String { shelf[places[number]] }

    /// Whether one text comes before another.
    func comesBefore(_ one: UInt32, _ other: UInt32) -> Bool {
        shelf.withForm(at: places[one]) { one in
            shelf.withForm(at: places[other]) { TextForm.comesBefore(one, $0) }
        }
    }

    /// The slot that has the text, or the free one where it would go.
    private func slot(of form: UnsafeBufferPointer<UInt8>, _ hash: Int) -> Int {
        let (mask, mark) = (slots.count - 1, Self.mark(hash))
        var slot = hash & mask
        while slots[slot] > 0 {
            if marks[slot] == mark, shelf.holds(form, at: places[slots[slot] - 1]) { break }
            slot = (slot + 1) & mask
        }
        return slot
    }

    private static func hash(_ form: UnsafeBufferPointer<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(form))
        return hasher.finalize()
    }

    private static func mark(_ hash: Int) -> UInt8 { UInt8(truncatingIfNeeded: hash >> 56) }

    /// Twice the slots; texts are gone through as they lie.
    private mutating func grow() {
        let size = max(16, slots.count * 2)
        slots = Array(repeating: 0, count: size)
        marks = Array(repeating: 0, count: size)
        for (number, place) in places.enumerated() {
            let hash = shelf.withForm(at: place) { kept in
                Self.hash(UnsafeBufferPointer(rebasing: kept.prefix(TextForm.count(kept))))
            }
            var slot = hash & (size - 1)
            while slots[slot] > 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = UInt32(number + 1)
            marks[slot] = Self.mark(hash)
        }
    }
}
