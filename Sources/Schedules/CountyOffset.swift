/// A county's own delay (错峰): the same every day, spread evenly over counties, so that hundreds of
/// them do not call one endpoint in the same second.
package enum CountyOffset {
    /// Seconds from 0 up to `bound`, by the county's name alone; 0 where `bound` is.
    ///
    /// FNV-1a, then mixed: codes of neighbours differ in one digit only.
    package static func seconds(of county: String, below bound: Int) -> Int {
        guard bound > 0 else { return 0 }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in county.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return Int((hash ^ hash >> 33) % UInt64(bound))
    }
}
