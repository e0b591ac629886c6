/// What the woman was charged (个人缴费): 70 yuan of a serum test, nothing of a NIPT.
extension PregnancyDefect {
    static let charges: [PregnancyDefect] = [
        refused("serum-charged-whole", "L-101", wish: .serum, cell("personalCharge", "150.00")),
        refused("serum-charged-a-fen-less", "L-101", wish: .serum, cell("personalCharge", "69.99")),
        clean("serum-charged-her-part", .serum, cell("personalCharge", "70.00")),
        refused("nipt-charged", "L-101", wish: .nipt, cell("personalCharge", "0.01")),
        clean("nipt-free", .nipt, cell("personalCharge", "0")),
    ]
}
