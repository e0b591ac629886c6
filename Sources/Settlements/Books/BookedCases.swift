package import Records

/// Every case of a book with its versions, oldest first, in the order in which the ledger told of
/// the cases. Each is written out when it is asked for.
package struct BookedCases: Sendable, RandomAccessCollection {
    package typealias Element = (key: RecordID, value: [CaseVersion])

    let shelf: BookShelf

    package var startIndex: Int { 0 }
    package var endIndex: Int { shelf.newest.count }

    package subscript(index: Int) -> Element {
        let number = UInt32(index)
        return (RecordID(shelf.records[number]), shelf.versions(of: number))
    }

    /// The versions of a case; `nil` for one that the book does not know.
    package subscript(record: RecordID) -> [CaseVersion]? {
        shelf.number(of: record).map { shelf.versions(of: $0) }
    }

    /// The versions alone.
    package var values: Values { Values(shelf: shelf) }

    package struct Values: Sendable, RandomAccessCollection {
        let shelf: BookShelf

        package var startIndex: Int { 0 }
        package var endIndex: Int { shelf.newest.count }
        package subscript(index: Int) -> [CaseVersion] { shelf.versions(of: UInt32(index)) }
    }
}

/// The submissions of a book.
package struct BookedDispatches: Sendable {
    let shelf: BookShelf

    /// What the ledger told of a submission; `nil` for one of another programme, or of none.
    package subscript(submission: SubmissionID) -> CaseBook.Dispatch? {
        shelf.dispatch(submission).map { shelf.dispatch(submission, $0) }
    }
}
