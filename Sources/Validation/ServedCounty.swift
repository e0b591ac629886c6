/// The county that a gateway reports for (本县): its division, and whose money pays its cases.
package struct ServedCounty: Sendable {
    /// Its division of GB/T 2260 (行政区划代码), six digits.
    let region: [UInt8]
    /// Its funding area (经费结算区域): the division, but for development zones with a budget of
    /// their own.
    let fundingArea: [UInt8]

    /// - Parameters:
    ///   - region: six digits.
    ///   - fundingArea: `nil` where the division is the funding area.
    package init(region: String, fundingArea: String?) {
        self.region = Array(region.utf8)
        self.fundingArea = Array((fundingArea ?? region).utf8)
    }

    /// The funding area where it is no division, as the site's file has it; `nil` elsewhere.
    package var ownFundingArea: String? {
        fundingArea == region ? nil : String(decoding: fundingArea, as: UTF8.self)
    }
}
