package import Records

/// Every code that reading and channels can give: failures (E) and findings about rows (V).
package let intakeCodes: [CodeEntry] =
    ReadFailure.entries + ReadFailure.workbookEntries + ReadFailure.messageEntries
    + RowFault.entries + CellFault.entries + MessageFault.entries
