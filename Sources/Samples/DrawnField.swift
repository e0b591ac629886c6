/// An answer that is drawn by its share and nothing else: the choices, and their weights for each
/// spouse (DOMAIN 7.3). Weights are parts of a thousand.
struct DrawnField: Sendable {
    let name: String
    /// Codes of the programme's list; `no` and `yes` for a flag.
    let codes: [String]
    let wife: [Int]
    let husband: [Int]

    static let yesNo = ["no", "yes"]

    init(_ name: String, _ codes: [String], wife: [Int], husband: [Int]) {
        self.name = name
        self.codes = codes
        self.wife = wife
        self.husband = husband
    }

    /// A yes in so many of a thousand women and men.
    private init(_ name: String, wife: Int, husband: Int) {
        self.init(
            name, DrawnField.yesNo, wife: [1000 - wife, wife], husband: [1000 - husband, husband])
    }

    /// The place of a field in `all`; the rules of risk ask for a few.
    static func place(of name: String) -> Int {
        all.firstIndex { $0.name == name } ?? 0
    }

    static let all: [DrawnField] = persons + history + examination + laboratory

    private static let persons = [
        DrawnField(
            "education",
            ["PRIMARY", "JUNIOR", "SENIOR", "COLLEGE", "ILLITERATE", "POSTGRADUATE"],
            wife: [50, 600, 220, 120, 5, 5], husband: [40, 590, 230, 130, 3, 7]),
        DrawnField(
            "occupation",
            ["FARMER", "WORKER", "SERVICE", "TRADER", "HOUSEWORK", "STAFF", "OTHER"],
            wife: [700, 100, 60, 40, 40, 40, 20], husband: [700, 150, 40, 50, 0, 40, 20]),
        DrawnField(
            "hukouType", ["RURAL", "URBAN"], wife: [850, 150], husband: [850, 150]),
    ]

    private static let howOften = ["NEVER", "OCCASIONAL", "OFTEN"]
    private static let pressure = ["0", "1", "2", "3", "4"]
    private static let history = [
        DrawnField("hadDisease", wife: 40, husband: 30),
        DrawnField("hasBirthDefect", wife: 3, husband: 3),
        DrawnField("takingMedicine", wife: 30, husband: 25),
        DrawnField("vaccinated", wife: 600, husband: 500),
        DrawnField("contraceptionUsed", wife: 620, husband: 0),
        DrawnField("cycleRegular", wife: 910, husband: 0),
        DrawnField("ancestorConsanguinity", wife: 2, husband: 2),
        DrawnField("familyDisease", wife: 25, husband: 20),
        DrawnField("eatsMeatEggs", wife: 980, husband: 990),
        DrawnField("dislikesVegetables", wife: 20, husband: 30),
        DrawnField("eatsRawMeat", wife: 4, husband: 8),
        DrawnField("smokes", wife: 8, husband: 450),
        DrawnField("passiveSmoking", howOften, wife: [600, 310, 90], husband: [500, 350, 150]),
        DrawnField("drinks", howOften, wife: [900, 95, 5], husband: [400, 480, 120]),
        DrawnField("usesNarcotics", wife: 0, husband: 0),
        DrawnField("exposureAny", wife: 50, husband: 70),
        DrawnField(
            "lifeWorkPressure", pressure, wife: [560, 300, 120, 15, 5],
            husband: [500, 300, 160, 30, 10]),
        DrawnField(
            "relationTension", pressure, wife: [880, 100, 15, 4, 1],
            husband: [880, 100, 15, 4, 1]),
        DrawnField(
            "economicPressure", pressure, wife: [500, 330, 140, 20, 10],
            husband: [450, 330, 170, 35, 15]),
        DrawnField("preparedForPregnancy", wife: 960, husband: 960),
    ]

    private static let examination: [DrawnField] =
        [
            "skinHair", "thyroidExam", "lungExam", "heartExam", "liverSpleenExam", "limbsSpineExam",
            "wPubicHair", "wBreast", "wVulva", "wVagina", "wSecretion", "wCervix", "wAdnexa",
            "hPubicHair", "hAdamsApple", "hPenis", "hEpididymis", "hVasDeferens",
        ].map { name in
            DrawnField(name, ["NORMAL", "ABNORMAL"], wife: [985, 15], husband: [990, 10])
        } + [
            DrawnField("wUterusSize", threeClasses, wife: [980, 15, 5], husband: [1000, 0, 0]),
            DrawnField("wUterusMobility", ["0", "1"], wife: [995, 5], husband: [1000, 0]),
            DrawnField("wUterusMass", ["0", "1"], wife: [990, 10], husband: [1000, 0]),
            DrawnField("hForeskin", threeClasses, wife: [1000, 0, 0], husband: [940, 55, 5]),
            DrawnField("hTestis", ["0", "1", "2", "3"], wife: [1000], husband: [992, 4, 2, 2]),
            DrawnField("hVaricocele", ["0", "1"], wife: [1000, 0], husband: [970, 30]),
        ]
    private static let threeClasses = ["0", "1", "2"]

    private static let quality = ["NEG", "POS", "SUSPECT"]
    private static func quality(_ name: String, wife: [Int], husband: [Int] = [1000, 0, 0])
        -> DrawnField
    {
        DrawnField(name, quality, wife: wife, husband: husband)
    }

    private static let laboratory = [
        quality("clueCells", wife: [980, 20, 0]),
        quality("candida", wife: [965, 35, 0]),
        quality("trichomonas", wife: [992, 8, 0]),
        DrawnField(
            "vaginalCleanliness", ["I", "II", "III", "IV"], wife: [150, 700, 130, 20],
            husband: [1000, 0, 0, 0]),
        quality("gonococcus", wife: [998, 2, 0]),
        quality("chlamydia", wife: [975, 25, 0]),
        quality("syphilis", wife: [996, 4, 0], husband: [996, 4, 0]),
        quality("rubellaIgG", wife: [245, 750, 5]),
        quality("cmvIgG", wife: [400, 600, 0]),
        quality("cmvIgM", wife: [993, 4, 3]),
        quality("toxoIgG", wife: [975, 25, 0]),
        quality("toxoIgM", wife: [997, 3, 0]),
        DrawnField("urineRoutine", ["NORMAL", "ABNORMAL"], wife: [950, 50], husband: [965, 35]),
        DrawnField(
            "aboType", ["A", "B", "O", "AB"], wife: [290, 300, 320, 90],
            husband: [290, 300, 320, 90]),
        DrawnField("rhType", ["POS", "NEG"], wife: [996, 4], husband: [996, 4]),
        DrawnField(
            "ultrasoundResult", ["NORMAL", "ABNORMAL", "UNCERTAIN"], wife: [935, 60, 5],
            husband: [1000, 0, 0]),
    ]
}
