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
  /** Words that end a sentence like any other, though they are one letter (Russian `я`) or an abbreviation elsewhere (Turkish `sen`). */
  readonly plain?: string;
  /** End a list of examples (`etc.`): before a capital letter they end the sentence too. */
  readonly last?: string;
  /** Measures, which are abbreviations after a number only (`6 in.`, `1986 г.`). */
  readonly units?: string;
  /** Words that begin a sentence far more often than they stand capitalized inside one. */
  readonly starters?: string;
  /** What is told apart by a letter after it (`vitamin C`, `option B`), which is then no one's initial. */
  readonly lettered?: string;
  /** What a name does after a quote of its owner's: `“Why?” Anna asked.` */
  readonly speaking?: string;
  /** Words that begin a phrase of time or place, which a measure ends in mid-sentence: `At 5 a.m. Anna called.` */
  readonly openers?: string;
  /** Whether `3.` is how the language writes "third". */
  readonly ordinals?: boolean;
  /** Whether a small letter after a full stop is taken for a careless sentence start, whatever the word before it. */
  readonly careless?: boolean;
}

/** Known whatever the language: titles and units that travel. */
export const anywhere: LanguageData = {
  titles:
    'dr mr mrs ms messrs prof sr mme mlle mgr st ste sen gen rep gov lt col sgt capt cpt cmdr hon rev fr pres supt adm maj brig',
  references: 'vol vols fig figs pp p nr no nos cf eq eqs n° nº',
  last: 'etc',
  units: 'km kg cm mm m g l ml mg hz khz mhz ghz',
  words:
    'jr inc ltd co corp bros ca est dept assn univ al a.m p.m ph.d m.d b.a m.a b.sc m.sc u.s u.s.a u.k u.n e.u d.c',
};

/** What English text is read with, and Latin letters where nothing else is asked for. */
export const english: LanguageData = {
  careless: true,
  last: 'EST',
  numbered: 'ch sec art arts chaps sect app op ops pt par tab cap col bk verse sol min max May',
  titles:
    'asst atty amb bro cdr det dir drs esq father insp jun mt ft mmes msgr ofc pfc pvt reps revs sens sfc sis sra srta surg vice hr ald lieut gens govs mssrs cllr a.k.a aka vs approx e.g i.e wm geo thos chas jos viz cf n.b',
  references:
    'Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec jan feb apr aug sept oct nov dec Art Arts chap Ch Sect Sec para ext ref refs reg ver ed eds eqn eqns Ex tel pg pgs rm ste apt hwy rte c',
  words:
    'fl oz lb lbs tbsp tsp ave blvd bldg rd st sq cres pkwy et assoc cie dist div govt incl intl jr llc llp mfg misc natl plc rev std subj temp esp orig abbr adj adv anon avg bibl biol cent diff e.v etym freq hist Ala Ariz Ark Calif Cal Colo Conn Del Fla Ga Ia Ill Ind Kan Kans Ken Ky La Mass Mich Minn Mo Mont Neb Nebr Nev Okla Ont Ore Pa Penn Que Sask Tenn Tex Va Vt Wash Wis Wisc Wyo Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun usu var l.a n.y a.d b.c b.c.e c.e d.d.s b.s m.s m.b.a ll.b ll.m j.d r.n u.s.s.r p.s r.i.p v.p n.e n.w s.e s.w NE NW SE SW Pl Ct Ln Dist Pt',
  units:
    'mil in ft yd mi lb lbs oz min mins sec secs hr hrs yr yrs mo mos wk wks pct qt pt gal tbsp tsp sq cu fl c ca am pm est',
  openers:
    'at in on by around before after since until from during about near for to within when if while as',
  speaking:
    'said say says asked ask asks cried called replied shouted whispered yelled exclaimed answered added',
  lettered: 'vitamin option plan group type class',
  starters:
    "a an the this that these those there here he she it we they you i my your his her its our their who whom whose what which when where why how if in on at by for from with without to of as and but or nor so yet not no yes all any both each every few many most much some such another other after although because before despite during even finally first firstly furthermore however indeed instead later meanwhile moreover nevertheless next now once one only otherwise over perhaps please secondly similarly since soon still then therefore though through thus today tomorrow tonight together under unless until upon whatever while yesterday are is was were am be been being can could did do does had has have may might must shall should will would let come go see look take make try use get give thank thanks well just maybe also between among about against like unlike according above below two three people everyone everybody someone nobody nothing something anything don't didn't isn't",
};
