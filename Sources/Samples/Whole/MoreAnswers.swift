/// Chance for the columns that a clinic may leave out (可省略的列), apart from the stream of the
/// others: a file with them says the same as one without them.
struct MoreAnswers {
    /// Each from 0 up to 999; all zero for a plain person.
    private let draws: [Int]

    /// What a draw decides.
    enum Question: Int, CaseIterable {
        case disease, medicine, vaccine, contraception, familyDisease, exposure, loss, preterm
        case gynaecology, andrology, halitosis, gums, differential, quiz, method, dose
    }

    init(couple: Int, _ spouse: Spouse, _ wish: CoupleWish, _ request: SampleRequest) {
        let place = couple * 2 + spouse.rawValue
        var random = RandomStream(seed: request.seed ^ 0x57_48_4F_4C_45, couple: place, .facts)
        draws = Question.allCases.map { _ in
            let drawn = random.below(1000)
            return wish.isPlain ? 0 : drawn
        }
    }

    /// A place from 0 up to, not including, `count`.
    func pick(_ question: Question, of count: Int) -> Int {
        draws[question.rawValue] * count / 1000
    }

    /// Yes for the highest of a thousand draws, so never for a plain person.
    func isOneOf(_ thousandths: Int, _ question: Question) -> Bool {
        draws[question.rawValue] >= 1000 - thousandths
    }
}
