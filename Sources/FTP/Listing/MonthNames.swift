/// The names of months in listings, which follow the server's language.
enum MonthNames {
  /// 1...12; nil for what is no month. A point or comma behind the name does not matter.
  static func number(_ word: Span<UInt8>) -> Int? {
    if word.count == 3, let month = english(word) { return month }
    var end = word.count
    while end > 0, word[end - 1] == UInt8(ascii: ".") || word[end - 1] == UInt8(ascii: ",") { end -= 1 }
    guard 2...24 ~= end else { return nil }
    let name = copy(word.extracting(0..<end))
    if let text = String(validating: name, as: UTF8.self) { return table[text.lowercased()] }
    // Not UTF-8: what old servers in western and eastern Europe send.
    for decode in [latin, windowsCyrillic, koi] {
      if let month = table[String(String.UnicodeScalarView(name.map(decode))).lowercased()] { return month }
    }
    return nil
  }

  private static func english(_ word: Span<UInt8>) -> Int? {
    let packed = UInt32(word[0] | 0x20) << 16 | UInt32(word[1] | 0x20) << 8 | UInt32(word[2] | 0x20)
    return switch packed {
    case 0x6A616E: 1
    case 0x666562: 2
    case 0x6D6172: 3
    case 0x617072: 4
    case 0x6D6179: 5
    case 0x6A756E: 6
    case 0x6A756C: 7
    case 0x617567: 8
    case 0x736570: 9
    case 0x6F6374: 10
    case 0x6E6F76: 11
    case 0x646563: 12
    default: nil
    }
  }

  private static func latin(_ byte: UInt8) -> Unicode.Scalar {
    Unicode.Scalar(byte)
  }

  private static func windowsCyrillic(_ byte: UInt8) -> Unicode.Scalar {
    byte < 0xC0 ? Unicode.Scalar(byte) : Unicode.Scalar(UInt16(byte) - 0xC0 + 0x410)!
  }

  private static func koi(_ byte: UInt8) -> Unicode.Scalar {
    byte < 0xC0 ? Unicode.Scalar(byte) : koiLetters[Int(byte & 0x1F)]
  }

  private static let koiLetters = Array("юабцдефгхийклмнопярстужвьызшэщчъ".unicodeScalars)

  /// Of equal names the first stands.
  private static let table: [String: Int] = {
    var table: [String: Int] = [:]
    for year in languages {
      for (index, names) in year.split(separator: " ").enumerated() {
        for name in names.split(separator: "|") where table[String(name)] == nil { table[String(name)] = index + 1 }
      }
    }
    return table
  }()

  private static let languages = [
    // English
    "jan|january feb|february mar|march apr|april may jun|june jul|july aug|august sep|sept|september oct|october"
      + " nov|november dec|december",
    // German
    "jan|jän|januar|jänner feb|februar mär|mrz|märz|maerz apr mai jun|juni jul|juli aug sep okt|oktober nov dez|dezember",
    // French
    "janv|jan|janvier fév|févr|fev|fevr|février mars avr|avril mai juin juil|juillet aoû|août|aou|aout sep|septembre"
      + " oct|octobre nov|novembre déc|décembre",
    // Italian
    "gen feb mar apr mag giu lug ago set ott nov dic",
    // Spanish
    "ene|enero feb mar abr may jun jul ago sep|set oct nov dic",
    // Portuguese
    "jan fev mar abr mai jun jul ago set out nov dez",
    // Catalan
    "gen febr|feb març abr maig|mai juny jul ag|ago set oct nov des",
    // Dutch
    "jan feb mrt|maa apr mei jun jul aug sep okt nov dec",
    // Danish, Norwegian, Swedish
    "jan feb mar|mars apr maj|mai jun jul aug sep okt nov dec|des",
    // Finnish
    "tammi|tam helmi|hel maalis|maa huhti|huh touko|tou kesä|kes heinä|hei elo syys|syy loka|lok marras joulu|jou",
    // Estonian
    "jaan veebr|veeb märts apr mai juuni juuli aug sept okt nov dets",
    // Polish
    "sty lut mar kwi maj cze lip sie wrz paź|paz lis gru",
    // Czech
    "led úno bře dub kvě čen|čer čec|črc srp zář říj lis pro",
    // Slovak, Slovenian
    "jan feb mar apr máj|maj jún júl aug|avg sep okt nov dec",
    // Hungarian
    "jan febr|feb márc|már ápr máj jún júl aug szept|sze okt nov dec",
    // Romanian
    "ian feb mar apr mai iun iul aug sep|sept oct noi|nov dec",
    // Lithuanian
    "sau vas kov bal geg bir lie rgp|rgj rgs spa|spl lap|lkr grd|gru",
    // Turkish
    "oca şub mar nis may haz tem ağu eyl eki kas ara",
    // Russian
    "янв|января фев|февр|февраля мар|марта|март апр|апреля май|мая июн|июня|июнь июл|июля|июль авг|августа"
      + " сен|сент|сентября окт|октября ноя|нояб|ноября дек|декабря",
    // Ukrainian
    "січ лют бер кві|квіт тра|трав чер|черв лип сер|серп вер жов лис|лист гру|груд",
    // Bulgarian
    "яну фев мар апр май юни юли авг сеп окт ное дек",
    // Greek
    "ιαν φεβ μαρ|μάρ απρ μάι|μαι|μαϊ|μαΐ ιουν|ιούν|ιον ιουλ|ιούλ|ιολ αυγ|αύγ σεπ|σεπτ οκτ νοε|νοέ δεκ",
  ]
}
