/** What a script or a language knows of its own about full stops. Words are lower-case, without their last stop. */
export interface LanguageData {
  /** Before a name: they never end a sentence (`Dr.`, `Prof.`). */
  readonly titles?: string;
  /** Before a number or a letter (`Fig. 3`, `p. 55`); before anything else the word after it decides. */
  readonly references?: string;
  /** May end a sentence (`etc.`, `Inc.`); the word after it decides. */
  readonly words?: string;
  /** Plain words too, so that only a number after them tells an abbreviation (`ch. 4`). */
  readonly numbered?: string;
  /** End a list of examples (`etc.`): before a capital letter they end the sentence too. */
  readonly last?: string;
  /** Measures, which are abbreviations after a number only (`6 in.`, `1986 г.`). */
  readonly units?: string;
  /** Words that begin a sentence far more often than they stand capitalized inside one. */
  readonly starters?: string;
  /** Whether `3.` is how the language writes "third". */
  readonly ordinals?: boolean;
  /** Whether a small letter after a full stop is taken for a careless sentence start. */
  readonly careless?: boolean;
}

/** Known whatever the language: titles and units that travel. */
export const anywhere: LanguageData = {
  titles:
    'dr mr mrs ms messrs prof sr jr mme mlle mgr st ste sen gen rep gov lt col sgt capt cpt cmdr hon rev fr pres supt adm maj brig',
  references: 'vol vols fig figs pp p nr no nos cf eq eqs n° nº',
  last: 'etc',
  words:
    'inc ltd co corp bros ca est dept assn univ a.m p.m ph.d m.d b.a m.a b.sc m.sc u.s u.s.a u.k u.n e.u d.c',
};

/**
 * English, and the languages whose script is their own: their words cannot be mistaken for another's. Those besides
 * English are in force together, so each has only what those above it lack.
 */
export const languages: Readonly<Record<string, LanguageData>> = {
  en: {
    careless: true,
    last: 'EST',
    numbered: 'ch sec art arts chaps sect app op ops pt par tab cap col bk verse sol min max May',
    titles:
      'asst atty amb bro cdr det dir drs esq father insp jun mt ft mmes msgr ofc pfc pvt reps revs sens sfc sis sra srta surg vice hr ald lieut gens govs mssrs cllr a.k.a aka vs approx e.g i.e wm geo thos chas jos viz cf n.b',
    references:
      'Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec jan feb apr aug sept oct nov dec Art Arts chap Ch Sect Sec para ext ref refs reg ver ed eds eqn eqns Ex tel pg pgs rm ste apt hwy rte c',
    words:
      'fl oz lb lbs tbsp tsp ave blvd bldg rd st sq cres pkwy al et assoc cie dist div govt incl intl jr llc llp mfg misc natl plc rev std subj temp esp orig abbr adj adv anon avg bibl biol cent diff e.v etym freq hist Ala Ariz Ark Calif Cal Colo Conn Del Fla Ga Ia Ill Ind Kan Kans Ken Ky La Mass Mich Minn Mo Mont Neb Nebr Nev Okla Ont Ore Pa Penn Que Sask Tenn Tex Va Vt Wash Wis Wisc Wyo Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun usu var l.a n.y a.d b.c b.c.e c.e d.d.s b.s m.s m.b.a ll.b ll.m j.d r.n u.s.s.r p.s r.i.p v.p n.e n.w s.e s.w NE NW SE SW Pl Ct Ln Dist Pt',
    units:
      'mil in ft yd mi lb lbs oz cm mm km kg mg g ml l hz khz mhz ghz min mins sec secs hr hrs yr yrs mo mos wk wks pct qt pt gal tbsp tsp sq cu fl c ca am pm est',
    starters:
      "a an the this that these those there here he she it we they you i my your his her its our their who whom whose what which when where why how if in on at by for from with without to of as and but or nor so yet not no yes all any both each every few many most much some such another other after although because before despite during even finally first firstly furthermore however indeed instead later meanwhile moreover nevertheless next now once one only otherwise over perhaps please secondly similarly since soon still then therefore though through thus today tomorrow tonight together under unless until upon whatever while yesterday are is was were am be been being can could did do does had has have may might must shall should will would let come go see look take make try use get give thank thanks well just maybe also between among about against like unlike according above below two three people everyone everybody someone nobody nothing something anything don't didn't isn't",
  },
  el: {
    titles: 'κ κα κος κ.κ δρ δρος καθ αγ στ π.χ δηλ βλ πρβλ λ.χ ν.δ μ.χ π.χρ',
    last: 'κ.λπ κλπ κ.ά κ.α κ.τ.λ κτλ',
    references: 'αρ σελ σ κεφ τομ εικ παρ άρθ τηλ',
    words: 'μ.μ π.μ χλμ εκ δισ',
    starters: '',
  },
  ru: {
    titles:
      'г г-н г-жа гг проф акад д-р др доц инж ген полк кап лейт св им ул пр просп пл пер бул наб ш д корп кв пос дер обл р-н р оз о м ст т.е т.н т.к т.д т.п напр см ср ок пгт тов гр адм митр еп прот о-в ред сост отв зам зав нач чл-корр чл журн англ нем фр франц лат греч итал исп рус укр нар науч вкл куб т.зв',
    references:
      '№ стр с гл рис табл п пп ч т тт вып разд кн тел изд янв февр фев мар апр авг сент сен окт нояб ноя дек каб',
    units:
      'г гг в вв руб коп тыс тис млн млрд трлн чел м км мм см кг гр л га куб дол долл мин сек хв час ч шт экз ед од вт грн р рр ст лв',
    words:
      'вв руб коп тыс млн млрд трлн чел км мм кг л га дол долл мин сек час шт экз ед грн т.ч вт кв.м куб.м у.е к.т.н',
    starters:
      'в во на с со из к ко от до по за под над при для без о об у через между перед после и а но или что как если когда где кто который которая это этот эта эти он она оно они мы вы я ты его её ее их наш ваш мой также тоже затем потом сейчас сегодня вчера завтра здесь там уже не да нет так однако кроме согласно был была было были есть все всё каждый некоторые многие',
  },
  uk: {
    titles: 'вул ім інж див наук зв смт пров буд пан',
    references: 'стор вип ст розд',

    last: 'ін т.д т.п н.е',
    starters:
      'з із від під про та і й але або що як якщо коли де хто який це цей ця ці він вона воно вони ми ви його її їх також потім зараз тут вже однак був була було були є всі',
  },
  bg: {
    references: 'фиг чл',
    units: 'хил',
    words: 'др пр.н.е н.е',
  },
  kk: { words: 'т.б т б ж ғ ғғ' },
  hy: { titles: 'դոկ պրոֆ', words: 'այլն և թ թթ' },
  ar: { titles: 'د أ م ا أ.د م. السيد', words: 'هـ ق.م إلخ الخ ص ص.ب ج' },
  fa: { titles: 'دکتر', words: 'ه.ش ه.ق م' },
  he: { titles: 'ד"ר פרופ עו"ד גב מר', words: 'וכו וכד' },
  hi: {
    titles: 'डॉ श्री श्रीमती प्रो पं कु सु मो ए बी सी डी ई एफ जी एच आई जे एल एम एन ओ पी आर एस टी यू वी',
    words: 'ई.पू आदि रु कि.मी',
  },
  mr: { titles: 'प्रा', words: 'इ.स' },
  ml: { titles: 'ഡോ പ്രൊ പ്രൊഫ ശ്രീ', words: '' },
  bn: { titles: 'ড ডা মো মোঃ অধ্যা', words: 'খ্রি' },
  ta: { titles: 'திரு டாக்டர்', words: 'கி.மு கி.பி' },
};
