/** What a script or a language knows of its own about full stops. Words are lower-case, without their last stop. */
export interface LanguageData {
  /** Before a name: they never end a sentence (`Dr.`, `Prof.`). */
  readonly titles?: string;
  /** Before a number or a letter (`Fig. 3`, `p. 55`); before anything else the word after it decides. */
  readonly references?: string;
  /** May end a sentence (`etc.`, `Inc.`); the word after it decides. */
  readonly words?: string;
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
  words:
    'etc inc ltd co corp bros ca est dept assn univ a.m p.m ph.d m.d b.a m.a b.sc m.sc u.s u.s.a u.k u.n e.u d.c',
};

/** By language, without region. Scripts of their own need no locale: their words cannot be mistaken for another's. */
export const languages: Readonly<Record<string, LanguageData>> = {
  en: {
    careless: true,
    titles:
      'asst atty amb bro cdr det dir drs esq father fr insp jun mt ft messrs mmes msgr ofc pfc pvt reps revs sens sfc sis sra srta supt surg vice hr ald lieut gens govs mssrs cllr a.k.a aka vs approx e.g i.e wm geo thos chas jos viz cf n.b',
    references:
      'Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec jan feb apr aug sept oct nov dec no nos Art Arts chap Ch Sect Sec para ext ref refs reg ver vol ed eds eqn eqns Ex tel pg pgs rm ste apt hwy rte min max est c',
    words:
      'fl oz lb lbs tbsp tsp ft a.m p.m ave blvd bldg rd st sq cres pkwy hwy al et ext assoc bros cie dist div govt incl intl jr llc llp ltd mfg misc natl plc rev std subj temp univ esp orig abbr adj adv anon asst avg bibl biol cent diff e.v est etym freq hist Ala Ariz Ark Calif Cal Colo Conn Del Fla Ga Ia Ill Ind Kan Kans Ken Ky La Mass Mich Minn Mo Mont Neb Nebr Nev Okla Ont Ore Pa Penn Que Sask Tenn Tex Va Vt Wash Wis Wisc Wyo Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun usu var dept d.c l.a n.y a.d b.c b.c.e c.e ph.d m.d d.d.s b.a m.a b.s m.s m.b.a ll.b ll.m j.d r.n u.s u.s.a u.k u.n e.u u.s.s.r p.s r.i.p v.p n.e n.w s.e s.w NE NW SE SW Pl Ct Ln Dist Pt',
    units:
      'in ft yd mi lb lbs oz cm mm km kg mg g ml l hz khz mhz ghz min mins sec secs hr hrs yr yrs mo mos wk wks pct qt pt gal tbsp tsp sq cu fl c ca am pm est',
    starters:
      "a an the this that these those there here he she it we they you i my your his her its our their who whom whose what which when where why how if in on at by for from with without to of as and but or nor so yet not no yes all any both each every few many most much some such another other after although because before despite during even finally first firstly furthermore however indeed instead later meanwhile moreover nevertheless next now once one only otherwise over perhaps please secondly similarly since soon still then therefore though through thus today tomorrow tonight together under unless until upon whatever while yesterday are is was were am be been being can could did do does had has have may might must shall should will would let come go see look take make try use get give thank thanks well just maybe also between among about against like unlike according above below two three people according everyone everybody someone nobody nothing something anything it's it’s i'm i’m i've i’ve i'll i’ll i'd i’d he's he’s she's she’s that's that’s there's there’s they're they’re we're we’re you're you’re what's what’s don't don’t didn't didn’t let's let’s we'll we’ll they've they’ve we've we’ve you'll you’ll isn't isn’t can't can’t",
  },
  de: {
    ordinals: true,
    titles:
      'hr fr frl dipl ing dr dres prof priv doz phil med jur rer nat habil mag univ st hl bzw z.b u.a d.h i.d.r i.d.s o.g u.u s.o s.u v.a z.z z.t m.e i.a i.v i.allg vgl sog evtl ggf inkl exkl zzgl abzgl max min mind ca geb gest verh kath ev ehem eigtl einschl entspr gem ges betr bes beisp bsp dgl ders dies ebd hrsg insb insbes jew lat lt med od poln röm schweiz span türk ung urspr usf vs zit zus zw teilw allg amtl angebl art bspw dt durchschn frz engl griech hebr ital österr russ wiss sen jun a.d o.a o.b p.a u.u u.v u.ä',
    references:
      'nr nrn s bd bde abb abs art aufl az kap tel ziff anm tab str pl zi zif rn rdnr rz sp st stk par lfd mio mrd tsd jan feb mär mrz apr jun jul aug sep sept okt nov dez hd',
    words:
      'usw u.s.w etc u.a.m u.ä o.ä o.dgl u.dgl dgl v.chr n.chr chr v.u.z n.u.z jh jhd jhdt mio mrd tsd std min sek qm qkm km kg stk str gmbh co mwst ff f e.v k.o a.m p.m a.d z.hd c.p m.b.h m.w u.s.a',
    starters:
      'der die das den dem des ein eine einer eines einem einen er sie es wir ihr ich du man mein meine dein deine sein seine seiner seinem seinen ihre ihrer ihrem ihren unser unsere dies diese dieser dieses diesem diesen jene jener jenes jede jeder jedes alle alles viele einige manche mehrere beide kein keine niemand jemand wer was wann wo warum wie wieso weshalb welche welcher welches wenn weil da dass als ob obwohl während bevor nachdem seit bis sobald falls und oder aber denn doch sondern jedoch auch nur noch schon so dann danach dort hier heute morgen gestern jetzt nun bald später zuerst zunächst schließlich außerdem zudem dabei dafür dagegen daher dadurch damit daneben daran darauf darin darüber darum davon davor dazu deshalb deswegen trotzdem allerdings dennoch somit insgesamt in im an am auf aus bei beim mit nach von vom vor zu zum zur über unter um für durch gegen ohne zwischen neben hinter trotz wegen aufgrund laut ab ist sind war waren hat haben hatte hatten wird werden wurde wurden kann können konnte muss müssen soll sollte darf ja nein nicht bitte danke vielen leider natürlich vielleicht wahrscheinlich bereits erst etwa rund sowohl weder entweder ansonsten anschließend inzwischen mittlerweile ebenso ferner weiterhin hierbei hierzu hierfür',
  },
  fr: {
    titles:
      'm mm mme mmes mlle mlles dr drs me mes mgr pr prof st ste cf ex av c.-à-d c.à.d i.e e.g env gén col cap cdt lt sgt adj présid vve',
    references:
      'art chap vol p pp fig n no nos tél éd ed t ch tab sect al av bd janv févr fév avr juil sept oct nov déc réf',
    words:
      'etc apr j.-c j.c cie sté éd ed env hab min max h sec s.a s.a.r.l r.f o.n.u s.n.c.f u.e a.c b.d b.p n.d.l.r p.-s p.s boul bd av tél adj adv inc ltée dept dép',
    starters:
      "le la les un une des du de il elle ils elles on nous vous je tu ce cet cette ces ceci cela ça mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs et mais ou donc or ni car si quand lorsque comme que qui quoi où comment pourquoi combien quel quelle quels quelles parce puisque alors ainsi aussi après avant pendant depuis dès en dans sur sous avec sans pour par contre entre vers chez à au aux selon malgré ensuite enfin puis cependant toutefois néanmoins pourtant désormais aujourd’hui aujourd'hui hier demain ici là maintenant tout tous toute toutes plusieurs certains chaque aucun autre oui non merci bonjour c’est c'est il’s l’ l' d’ d' j’ j' n’ s’ qu’ en est sont était ont a fait peut être ne pas très plus moins bien même déjà encore toujours jamais",
  },
  es: {
    titles:
      'sr sra srta sres sras srtas d dª dña dn dr dra dres dras prof profa profª lic ing arq abg gral cnel cap tte sgto alm pbro mons excmo excma ilmo ilma sto sta fr hno hna rvdo rdo p.ej p.e i.e',
    references:
      'art arts cap caps fig figs núm num nº no vol vols pág págs pag p pp t ed c.p tel tfno teléf av avda apdo aprox ene feb mar abr may jun jul ago sep sept oct nov dic',
    words:
      'etc cía cia s.a s.l s.r.l ee.uu ee uu a.c d.c a.m p.m ud uds vd vds v.g c c/ izq dcha dpto depto gob admón ltda hnos máx mín aprox av avda bco c.v s.a.r u.s ff.aa rr.hh jj.oo',
    starters:
      'el la los las lo un una unos unas él ella ellos ellas yo tú usted ustedes nosotros vosotros este esta esto estos estas ese esa eso esos esas aquel aquella aquello mi mis tu tus su sus nuestro nuestra y e o u pero sino aunque porque pues si cuando mientras donde dónde como cómo qué que quién quien cuál cuándo cuánto por para con sin sobre bajo entre hacia hasta desde según durante tras en de del al a ante contra también tampoco además así entonces luego después antes ahora hoy ayer mañana aquí allí ahí ya no sí hay es son era fue fueron ha han había está están se le les me te nos muchos muchas todo todos toda todas algunos cada otro otra más menos muy solo sólo sin embargo asimismo finalmente actualmente gracias hola buenos buenas',
  },
  it: {
    titles:
      'sig sig.ra sigg sig.na sig.ri sig.na dott dott.ssa dr dr.ssa prof prof.ssa ing arch avv geom rag on sen cav comm gen col cap magg ten serg mons don s ss spett gent egr ill ecc preg mar v v.cte ad es ad.es p.es cfr idraul meteor',
    references:
      'art artt cap capp fig figg n num nn vol voll p pp pag pagg tab tel ed sez all gen feb mar apr mag giu lug ago set sett ott nov dic c.a',
    words:
      'ecc etc s.p.a s.r.l s.n.c s.a.s a.c d.c c.a ca f.p f.lli v.le p.za p.zza c.so tel ecc.ecc min max sec dir amm cit op',
    starters:
      "il lo la i gli le un uno una egli ella esso essa essi esse lui lei loro io tu noi voi questo questa questi queste quello quella quelli quelle ciò mio mia tuo suo sua suoi sue nostro vostro e ed ma o oppure però se quando mentre dove come perché poiché anche che chi cosa quale quali quanto cui di del della dei degli delle dello da dal dalla in nel nella nei nelle con su sul sulla per tra fra a al alla ai alle dopo prima durante secondo oggi ieri domani ora poi quindi infine inoltre invece tuttavia così già non sì no è sono era erano ha hanno si ci vi molti molte tutti tutte alcuni ogni altro grazie ciao l’ l' un’ c’è",
  },
  pt: {
    titles:
      'sr sra srs sras srta dr dra drs dras prof profa profª eng arq adv exmo exma ilmo ilma gen cel cap ten sgt alm dep sen min pe pres d dom st sto sta v p.ex i.e',
    references:
      'art arts cap caps fig figs n nº no núm num vol vols pág págs pag p pp t ed tel av r tab jan fev mar abr mai jun jul ago set out nov dez séc inc',
    words:
      'etc cia ltda s.a s.a.d a.c d.c a.m p.m e.u.a eua aprox av depto dpto obs máx mín adj gov univ s.p hab min seg tel',
    starters:
      'o a os as um uma uns umas ele ela eles elas eu tu você vocês nós vós este esta isto estes estas esse essa isso esses essas aquele aquela aquilo meu minha teu seu sua seus suas nosso nossa e ou mas porém contudo todavia entretanto se quando enquanto onde como porque pois que quem qual quais quanto por para com sem sobre sob entre até desde segundo durante após antes depois em no na nos nas num numa de do da dos das ao à aos às pelo pela também além assim então logo agora hoje ontem amanhã aqui ali lá já não sim há é são era foi foram tem têm está estão muitos muitas todo todos toda todas alguns cada outro outra mais menos muito apenas só obrigado olá',
  },
  nl: {
    titles:
      'dhr mevr mw mej dr drs ir ing prof mr st ds jhr jkvr b.v bv bijv d.w.z m.b.t i.v.m o.a n.a.v t.a.v t.o.v t.g.v i.p.v m.a.w m.i d.m.v i.t.t e.v.t evt resp nl ca incl excl zgn z.g.n aanw vnw sgt kol gen min burg wed',
    references:
      'nr nrs blz p pp art hfst fig afb jg dl vol par tel jan feb mrt apr jun jul aug sep sept okt nov dec no st',
    words: 'enz etc e.d e.a o.i.d e.v e.k j.l n.v b.v v.o.f c.s v.chr n.chr m.a.x max min sec vs fam gebr co',
    starters:
      'de het een hij zij ze wij we jij je jullie u ik dit dat deze die er hier daar mijn jouw zijn haar ons onze hun en of maar want dus als toen wanneer terwijl omdat hoewel waar wat wie welke hoe waarom ook nog al nu dan daarna later eerst vervolgens tenslotte bovendien echter daarom in op aan bij met van voor naar uit over onder door tegen zonder tussen na sinds tijdens volgens vanaf om tot is was waren heeft hebben had hadden wordt werd werden kan kunnen moet zal niet geen ja nee veel vele alle sommige elke ieder andere meer misschien vandaag gisteren morgen dank',
  },
  sv: {
    titles:
      'dr prof hr fr st dir kapt bl.a t.ex d.v.s dvs s.k f.d e.d m.a.o p.g.a fr.o.m t.o.m o.s.v resp ca jfr kl max min inkl exkl bl a t ex',
    references: 's sid nr kap fig tab tel art jan feb mar apr jun jul aug sep sept okt nov dec kl',
    words: 'osv o.s.v etc m.m m.fl o.d e.kr f.kr kr tr st mån tim',
    starters:
      'den det de en ett han hon vi ni jag du man denna detta dessa min din sin hans hennes vår er deras och men eller så om när medan där här då som eftersom vad vem vilken hur varför också även i på av för med till från om efter under över mellan utan vid sedan enligt är var har hade blir blev kan ska skulle inte nej ja många alla några varje idag nu först dessutom dock',
  },
  da: {
    ordinals: true,
    titles:
      'dr prof hr fr frk skt st adv kl bl.a f.eks fx dvs d.v.s m.a.o s.k evt ca jf jfr pga p.g.a mht m.h.t ifm vedr inkl ekskl max min osv',
    references: 's nr kap fig tab tlf art jan feb mar apr jun jul aug sep sept okt nov dec bd',
    words: 'osv o.s.v etc m.m m.fl mv m.v o.l e.kr f.kr kr mio mia co a/s',
    starters:
      'den det de en et han hun vi i jeg du man denne dette disse min din sin hans hendes vores jeres deres og men eller så hvis når mens der her da som fordi hvad hvem hvilken hvor hvordan hvorfor også på af for med til fra om efter under over mellem uden ved siden ifølge er var har havde bliver blev kan skal skulle ikke nej ja mange alle nogle hver idag nu først desuden dog',
  },
  nb: {
    ordinals: true,
    titles:
      'dr prof hr fr frk st adv kl bl.a f.eks dvs d.v.s m.a.o s.k ev evt ca jf jfr pga p.g.a mht mtp inkl ekskl maks min',
    references: 's nr kap fig tab tlf art jan feb mar apr jun jul aug sep sept okt nov des bd',
    words: 'osv o.s.v etc m.m m.fl mv m.v o.l e.kr f.kr kr mill mrd a/s',
    starters:
      'den det de en et ei han hun vi dere jeg du man denne dette disse min din sin hans hennes vår deres og men eller så hvis når mens der her da som fordi hva hvem hvilken hvor hvordan hvorfor også i på av for med til fra om etter under over mellom uten ved siden ifølge er var har hadde blir ble kan skal skulle ikke nei ja mange alle noen hver nå først dessuten',
  },
  fi: {
    ordinals: true,
    titles: 'hra rva nti tri toht prof maist dos esim ts mm ns nk ent synt s k ko em lk v',
    references: 's ss nro n:o luku kuva puh klo tammi helmi vol',
    words: 'jne yms ym tms ks vrt eaa jaa ekr jkr eKr jKr mrd milj oy ko',
    starters:
      'se ne hän he minä sinä me te tämä tuo nämä nuo joka mikä kuka mitä missä milloin miksi miten kun jos vaikka koska mutta ja tai sekä myös niin sitten nyt siellä täällä on oli ovat olivat ei eivät kaikki monet jotkut lisäksi kuitenkin ensin',
  },
  pl: {
    titles:
      'p pp pan pani prof dr hab inż mgr lek ks św sw bp abp kard płk mjr kpt por gen ppłk sierż hr red mec adw im ul al pl os np m.in tzn tzw tj tzw wg zob por ok ob ang niem franc fr łac ros wł hiszp bałt tel woj pow gm reż wyd red płn płd zach wsch',
    references: 'nr str s t r rozdz rys tab art ust pkt poz par godz wyd zał lit dz',
    words:
      'itd itp etc r w w. wiek n.e p.n.e m.in k k. mln mld tys zł gr kg km cm godz min sek tzw dol ha i in wł zm ur r.ż',
    starters:
      'ten ta to te ci on ona ono oni one my wy ja ty mój twój jego jej ich nasz i a ale lecz oraz lub albo więc jednak jeśli jeżeli gdy kiedy gdzie jak co kto który która które czy dlaczego ponieważ bo choć także też również potem teraz dziś wczoraj jutro tu tam już nie tak w we z ze na do od po przed pod nad przy przez dla bez o u za między według podczas jest są był była było byli były ma mają może można wszystkie każdy niektóre wiele inne ponadto następnie po',
  },
  cs: {
    ordinals: true,
    titles:
      'p pí pan mgr ing bc dr doc prof mudr judr phdr rndr csc drsc sv gen plk mjr kpt por např tzv tzn tj resp popř příp cca vč zvl ml st arch akad čp ul nám č',
    references: 'č čís str s obr tab kap roč sv odst písm čl par tel',
    words: 'atd apod aj etc tis mil mld kč př n.l př.n.l hod min sek kg km j s.r.o a.s ho',
    starters:
      'ten ta to ti ty on ona ono oni my vy já můj tvůj jeho její jejich náš a ale nebo však pokud když kdy kde jak co kdo který která které proč protože také potom nyní dnes včera zítra zde tam už ne ano v ve z ze na do od po před pod nad při přes pro bez o u za mezi podle během je jsou byl byla bylo byli má mají může všechny každý některé mnoho další',
  },
  sk: {
    ordinals: true,
    titles:
      'p pán mgr ing bc dr doc prof mudr judr phdr rndr csc sv gen plk mjr kpt por napr tzv tzn t.j tj resp príp cca vrát ml st ul nám č',
    references: 'č čís str s obr tab kap roč zv odst písm čl par tel',
    words: 'atď a pod etc tis mil mld n.l pred n.l hod min sek kg km s.r.o a.s',
    starters:
      'ten tá to tí on ona ono oni my vy ja môj tvoj jeho jej ich náš a ale alebo však ak keď kedy kde ako čo kto ktorý ktorá ktoré prečo pretože tiež potom teraz dnes včera zajtra tu tam už nie áno v vo z zo na do od po pred pod nad pri cez pre bez o u za medzi podľa počas je sú bol bola bolo boli má majú môže všetky každý niektoré mnoho',
  },
  hr: {
    ordinals: true,
    titles: 'dr prof mr gđa g gđica sv ing dipl npr tj tzv odn ul gen',
    references: 'br str sl čl st sv god gl',
    words: 'itd sl god st kn mil mlrd tis pr.n.e n.e',
    starters:
      'taj ta to on ona ono oni mi vi ja i a ali ili no međutim ako kad kada gdje kako što tko koji koja zašto jer također zatim sada danas jučer ovdje tamo već ne da u na s sa iz do od po pred pod nad pri za bez o između prema je su bio bila bilo bili ima svi svaki neki mnogi',
  },
  sl: {
    ordinals: true,
    titles: 'dr prof mag g ga gdč sv inž dipl npr tj t.i oz ul gen',
    references: 'št str sl čl st leto pogl',
    words: 'itd ipd idr mio mrd tis pr.n.št n.št kr',
    starters:
      'ta to te on ona ono oni mi vi jaz in a ali toda vendar če ko kdaj kje kako kaj kdo ki zakaj ker tudi potem zdaj danes včeraj tukaj tam že ne da v na s z iz do od po pred pod nad pri za brez o med je so bil bila bilo bili ima vsi vsak nekateri',
  },
  tr: {
    ordinals: true,
    titles:
      'dr prof doç yrd arş gör av sn hz st alb gen yzb bkz örn vb vs yy mah cad sok sk apt no öğr uzm op',
    references: 'no s sf c bkz md mad tel bl böl şek',
    words: 'vb vs vd ltd şti a.ş m.ö m.s t.c a.b.d yy tl kg km cm dk sn',
    starters:
      'bu şu o bunlar şunlar onlar ben sen biz siz bir ve ama fakat ancak ya veya eğer çünkü ne nasıl neden niçin kim hangi nerede ayrıca sonra önce şimdi bugün dün yarın burada orada hayır evet daha en çok her bazı tüm bütün böylece böyle öyle bunun bundan buna bununla ise de da ile için gibi kadar göre',
  },
  hu: {
    ordinals: true,
    titles: 'dr prof ifj id özv szt st gróf pl ill ún kb vö ld u.n',
    references: 'sz o old fej tel köt ábra',
    words: 'stb i.e i.sz kft rt zrt bt u.n ft',
    starters:
      'a az ez egy ő ők én te mi ti és de vagy hogy ha amikor ahol hogyan mit ki mely miért mert is aztán most ma tegnap holnap itt ott már nem igen volt voltak van vannak minden néhány sok más',
  },
  ro: {
    titles: 'dl dna d-na dra d-ra dr prof ing av acad gen col lt sf pt ex cca nr str',
    references: 'nr art alin lit pag p fig cap vol tel',
    words: 'etc ș.a ș.a.m.d î.hr d.hr i.e.n s.a s.r.l mil mld',
    starters:
      'el ea ei ele eu tu noi voi acest această acesta aceasta acești un o și dar sau însă dacă când unde cum ce cine care de pentru cu fără în la pe din după înainte între prin este sunt a au era nu da mai multe toate fiecare',
  },
  id: {
    titles: 'dr drs prof ir h hj tn ny sdr yth st',
    references: 'no hal hlm jl tlp',
    words: 'dll dsb dst tbk cv pt rp',
    starters:
      'ini itu dia ia mereka kami kita saya anda dan tetapi namun atau jika ketika di ke dari pada untuk dengan yang adalah tidak ya juga sekarang kemudian',
  },
  el: {
    titles: 'κ κα κος κ.κ δρ δρος καθ αγ στ π.χ δηλ βλ πρβλ λ.χ ν.δ μ.χ π.χρ',
    references: 'αρ σελ σ κεφ τομ εικ παρ άρθ τηλ',
    words: 'κ.λπ κλπ κ.ά κ.α κ.τ.λ κτλ μ.μ π.μ μ.χ π.χ χλμ εκ δισ',
    starters: '',
  },
  ru: {
    titles:
      'г г-н г-жа гг проф акад д-р др доц инж ген полк кап лейт св им ул пр просп пл пер бул наб ш д корп кв стр пос с дер обл р-н р оз о м ст т.е т.н т.к т.д т.п напр см ср ок пгт т тов гр адм митр еп прот о-в ред сост пер изд отв зам зав нач чл-корр чл журн англ нем фр франц лат греч итал исп рус укр нар науч вкл куб т.зв',
    references:
      '№ стр с гл рис табл п пп ч т тт вып разд кн тел изд янв февр фев мар апр авг сент сен окт нояб ноя дек каб стр',
    units:
      'г гг в вв руб коп тыс тис млн млрд трлн чел м км мм см кг гр л га куб дол долл мин сек хв час ч шт экз ед од вт грн р рр ст лв',
    words:
      'вв др пр т.д т.п н.э до.н.э р руб коп тыс млн млрд трлн чел м км см мм кг гр л га куб кв дол долл мин сек час ч шт экз ед грн т.ч вт кв.м куб.м у.е к.т.н',
    starters:
      'в во на с со из к ко от до по за под над при для без о об у через между перед после и а но или что как если когда где кто который которая это этот эта эти он она оно они мы вы я ты его её ее их наш ваш мой также тоже затем потом сейчас сегодня вчера завтра здесь там уже не да нет так однако кроме согласно был была было были есть все всё каждый некоторые многие',
  },
  uk: {
    titles:
      'м вул просп пл ім проф акад д-р доц інж ген св див напр журн наук т.зв зв чл с смт обл р-н р оз о пров буд кв пан ст',
    references: '№ стор с гл рис табл п ч т вип ст розд',
    words: 'ін т.д т.п н.е куб.м',
    starters:
      'у в на з із до від по за під над при для без про та і й а але або що як якщо коли де хто який це цей ця ці він вона воно вони ми ви я його її їх також потім зараз тут там вже не так однак був була було були є всі',
  },
  bg: {
    titles: 'г-н г-жа проф д-р доц инж ген св напр вкл ул бул гр',
    references: 'стр с гл фиг табл чл',
    units: 'хил',
    words: 'др пр.н.е н.е',
  },
  kk: { titles: 'проф акад', words: 'т.б т б ж ғ ғғ млн млрд' },
  hy: { titles: 'դոկ պրոֆ', words: 'այլն և այլն թ թթ' },
  ar: { titles: 'د أ م ا أ.د م. السيد', words: 'هـ م ق.م إلخ الخ ص ص.ب ج' },
  fa: { titles: 'دکتر', words: 'ه.ش ه.ق ق.م م' },
  he: { titles: 'ד"ר פרופ עו"ד גב מר', words: 'וכו וכד' },
  hi: {
    titles: 'डॉ श्री श्रीमती प्रो पं कु सु मो ए बी सी डी ई एफ जी एच आई जे एल एम एन ओ पी आर एस टी यू वी',
    words: 'ई.पू आदि रु कि.मी',
  },
  mr: { titles: 'डॉ श्री श्रीमती प्रा पं', words: 'इ.स रु' },
  ml: { titles: 'ഡോ പ്രൊ പ്രൊഫ ശ്രീ', words: '' },
  bn: { titles: 'ড ডা মো মোঃ অধ্যা', words: 'খ্রি' },
  ta: { titles: 'திரு டாக்டர்', words: 'கி.மு கி.பி' },
};
