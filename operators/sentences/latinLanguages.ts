import type { LanguageData } from './abbreviations.js';

/** The languages besides English that are written in Latin letters, by ISO 639 code. */
export const latinLanguages: Readonly<Record<string, LanguageData>> = {
  de: {
    last: 'usw u.s.w u.a.m u.ä o.ä o.dgl u.dgl',
    ordinals: true,
    titles:
      'hr frl dipl ing dres priv doz phil med jur rer nat habil univ hl bzw z.b u.a d.h i.d.r i.d.s o.g u.u s.o s.u v.a z.z z.t m.e i.a i.v i.allg vgl sog evtl ggf inkl exkl zzgl abzgl mind ca geb gest verh kath ev ehem eigtl einschl entspr gem ges betr bes beisp bsp dgl ders ebd hrsg insb insbes jew lat od poln röm schweiz span türk ung urspr usf vs zit zus zw teilw allg amtl angebl bspw dt durchschn frz engl griech hebr ital österr russ wiss a.d o.a o.b p.a u.v fa',
    references:
      'nrn s bd bde abb abs aufl az kap tel ziff anm tab str pl zi zif rn rdnr rz sp st stk par lfd mio mrd tsd jan feb mär mrz apr jun jul aug sep sept okt nov dez hd',
    words:
      'max min v.chr n.chr chr v.u.z n.u.z jh jhd jhdt std sek qm qkm km kg gmbh mwst ff f e.v k.o z.hd c.p m.b.h m.w',
    numbered:
      'art seite seiten kapitel abschnitt nummer absatz artikel teil band schritt punkt zeile stufe phase version platz zimmer raum gleis linie klasse abbildung tabelle',
    plain: 'gen rep est no',
    lettered: 'vitamin hepatitis option plan gruppe typ klasse variante anhang punkt abschnitt',
    openers: 'um am im an in auf bei seit vor nach gegen bis ab von zu',
    starters:
      'der die das den dem des ein eine einer eines einem einen er sie es wir ihr ich du man mein meine dein deine sein seine seiner seinem seinen ihre ihrer ihrem ihren unser unsere dies diese dieser dieses diesem diesen jene jener jenes jede jeder jedes alle alles viele einige manche mehrere beide kein keine niemand jemand wer was wann wo warum wie wieso weshalb welche welcher welches wenn weil da dass als ob obwohl während bevor nachdem seit bis sobald falls und oder aber denn doch sondern jedoch auch nur noch schon so dann danach dort hier heute morgen gestern jetzt nun bald später zuerst zunächst schließlich außerdem zudem dabei dafür dagegen daher dadurch damit daneben daran darauf darin darüber darum davon davor dazu deshalb deswegen trotzdem allerdings dennoch somit insgesamt in im an am auf aus bei beim mit nach von vom vor zu zum zur über unter um für durch gegen ohne zwischen neben hinter trotz wegen aufgrund laut ab ist sind war waren hat haben hatte hatten wird werden wurde wurden kann können konnte muss müssen soll sollte darf ja nein nicht bitte danke vielen leider natürlich vielleicht wahrscheinlich bereits erst etwa rund sowohl weder entweder ansonsten anschließend inzwischen mittlerweile ebenso ferner weiterhin hierbei hierzu hierfür',
  },
  fr: {
    last: '',
    titles: 'm mm mmes mlles drs me mes pr cf c.-à-d c.à.d i.e e.g gén cdt adj présid vve p.ex',
    references: 'chap n tél éd ed t ch tab sect al av bd janv févr fév avr juil oct nov déc réf',
    words:
      'prof apr j.-c j.c cie sté hab min max h sec s.a s.a.r.l r.f o.n.u s.n.c.f u.e a.c b.d b.p n.d.l.r p.-s p.s boul adv ltée dép ex n.b env',
    numbered: 'art vol vols sept',
    plain: 'est col a y à',
    units: 'h min s',
    lettered:
      'vitamine hépatite option plan groupe type classe annexe catégorie article chapitre tome titre section partie',
    openers: 'à en vers dès le au de depuis avant après',
    starters:
      "le la les un une des du de il elle ils elles on nous vous je tu ce cet cette ces ceci cela ça mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs et mais ou donc or ni car si quand lorsque comme que qui quoi où comment pourquoi combien quel quelle quels quelles parce puisque alors ainsi aussi après avant pendant depuis dès en dans sur sous avec sans pour par contre entre vers chez à au aux selon malgré ensuite enfin puis cependant toutefois néanmoins pourtant désormais aujourd’hui aujourd'hui hier demain ici là maintenant tout tous toute toutes plusieurs certains chaque aucun autre oui non merci bonjour c’est c'est il’s l’ l' d’ d' j’ j' n’ s’ qu’ est sont était ont a fait peut être ne pas très plus moins bien même déjà encore toujours jamais voici voilà lors lorsqu’ grâce parmi quelques afin",
  },
  es: {
    last: '',
    titles:
      'sra srta sres sras srtas d dª dña dn dra dres dras profa profª lic ing arq abg gral cnel tte sgto alm pbro mons excmo excma ilmo ilma sto sta hno hna rvdo rdo p.ej p.e i.e ej',
    references:
      'art arts cap caps núm num pág págs pag ed c.p tel tfno teléf av avda apdo aprox ene feb abr may jun jul ago sep sept oct nov dic',
    words:
      'cía cia s.a s.l s.r.l ee.uu ee uu a.c ud uds vd vds v.g c c/ izq dcha dpto depto gob admón ltda hnos máx mín bco c.v s.a.r ff.aa rr.hh jj.oo hab d.c n.º atte',
    numbered: 'no nos',
    units: 'h min s',
    lettered:
      'vitamina hepatitis opción plan grupo tipo clase anexo categoría artículo capítulo tomo título sección fase nivel parte siglo',
    openers: 'a en el al de desde hasta',
    starters:
      'el la los las lo un una unos unas él ella ellos ellas yo tú usted ustedes nosotros vosotros este esta esto estos estas ese esa eso esos esas aquel aquella aquello mi mis tu tus su sus nuestro nuestra y e o u pero sino aunque porque pues si cuando mientras donde dónde como cómo qué que quién quien cuál cuándo cuánto por para con sin sobre bajo entre hacia hasta desde según durante tras en de del al a ante contra también tampoco además así entonces luego después antes ahora hoy ayer mañana aquí allí ahí ya no sí hay es son era fue fueron ha han había está están se le les me te nos muchos muchas todo todos toda todas algunos cada otro otra más menos muy solo sólo embargo asimismo finalmente actualmente gracias hola buenos buenas aún incluso quizá quizás tal tales ningún ninguna nadie nada algo alguien cualquier ambos ni tanto',
  },
  it: {
    last: 'ecc ecc.ecc',
    titles:
      'sig sig.ra sigg sig.na sig.ri dott dott.ssa dr.ssa prof.ssa ing arch avv geom rag on cav comm magg ten serg mons don s ss spett gent egr ill preg v v.cte ad es ad.es p.es cfr idraul meteor',
    references:
      'artt capp figg n num nn voll pag pagg tab tel ed sez all gen feb apr mag giu lug ago sett ott nov dic c.a',
    words: 's.p.a s.r.l s.n.c s.a.s a.c f.p f.lli v.le p.za p.zza c.so min max sec dir amm cit op',
    numbered: 'no nos vol art set mar cap',
    plain: 'est col co è',
    lettered:
      'vitamina epatite opzione piano gruppo tipo classe allegato categoria articolo capitolo tomo titolo sezione parte secolo',
    openers: 'a in il al alle nel dal da dalle',
    starters:
      "il lo la i gli le un uno una egli ella esso essa essi esse lui lei loro io tu noi voi questo questa questi queste quello quella quelli quelle ciò mio mia tuo suo sua suoi sue nostro vostro e ed ma o oppure però se quando mentre dove come perché poiché anche che chi cosa quale quali quanto cui di del della dei degli delle dello da dal dalla in nel nella nei nelle con su sul sulla per tra fra a al alla ai alle dopo prima durante secondo oggi ieri domani ora poi quindi infine inoltre invece tuttavia così già non sì no è sono era erano ha hanno si ci vi molti molte tutti tutte alcuni ogni altro grazie ciao l’ l' un’ c’è",
  },
  pt: {
    last: '',
    titles:
      'sra srs sras srta dra drs dras profa profª eng arq adv exmo exma ilmo ilma cel ten alm dep min d sto sta v p.ex i.e exa exas v.exa',
    references:
      'art arts cap caps n núm num pág págs pag t ed tel av r tab jan fev abr jun jul ago out nov séc inc ap apto',
    words: 'cia ltda s.a s.a.d a.c e.u.a eua aprox depto dpto obs máx mín adj gov s.p hab seg ex n.e',
    numbered: 'no nos',
    plain: 'é',
    units: 'h min s',
    lettered:
      'vitamina hepatite opção plano grupo tipo classe anexo categoria artigo capítulo tomo título seção secção parte século',
    openers: 'às ao em o no na a de',
    starters:
      'o a os as um uma uns umas ele ela eles elas eu tu você vocês nós vós este esta isto estes estas esse essa isso esses essas aquele aquela aquilo meu minha teu seu sua seus suas nosso nossa e ou mas porém contudo todavia entretanto se quando enquanto onde como porque pois que quem qual quais quanto por para com sem sobre sob entre até desde segundo durante após antes depois em no na nos nas num numa de do da dos das ao à aos às pelo pela também além assim então logo agora hoje ontem amanhã aqui ali lá já não sim há é são era foi foram tem têm está estão muitos muitas todo todos toda todas alguns cada outro outra mais menos muito apenas só obrigado olá ainda aliás ambos embora qualquer ninguém nada algo alguém tal nem',
  },
  nl: {
    last: 'enz e.d e.a',
    titles:
      'dhr mevr mw mej drs ir ing ds jhr jkvr b.v bv bijv d.w.z m.b.t i.v.m o.a n.a.v t.a.v t.o.v t.g.v i.p.v m.a.w m.i d.m.v i.t.t e.v.t evt resp nl ca incl excl zgn z.g.n aanw vnw kol min burg wed',
    references: 'nrs blz hfst afb jg dl par tel feb mrt apr jun jul aug sep sept okt nov dec st',
    words: 'o.i.d e.v e.k j.l n.v v.o.f c.s v.chr n.chr m.a.x max sec vs fam gebr',
    numbered: 'vol art',
    plain: 'no gen col est hon rep',
    lettered: 'vitamine hepatitis optie plan groep type klasse bijlage',
    openers: 'in op om rond voor na tot',
    starters:
      'de het een hij zij ze wij we jij je jullie u ik dit dat deze die er hier daar mijn jouw zijn haar ons onze hun en of maar want dus als toen wanneer terwijl omdat hoewel waar wat wie welke hoe waarom ook nog al nu dan daarna later eerst vervolgens tenslotte bovendien echter daarom in op aan bij met van voor naar uit over onder door tegen zonder tussen na sinds tijdens volgens vanaf om tot is was waren heeft hebben had hadden wordt werd werden kan kunnen moet zal niet geen ja nee veel vele alle sommige elke ieder andere meer misschien vandaag gisteren morgen dank',
  },
  sv: {
    last: 'osv o.s.v m.m m.fl o.d',
    titles:
      'hr dir kapt bl.a t.ex d.v.s dvs s.k f.d e.d m.a.o p.g.a fr.o.m t.o.m resp ca jfr max inkl exkl bl a t ex',
    references: 's sid kap tab tel jan feb mar apr jun jul aug sep sept okt nov dec kl',
    words: 'e.kr f.kr kr tr mån tim',
    numbered: 'no vol art fig',
    plain: 'hon sen gen rev',
    lettered: 'vitamin hepatit alternativ plan grupp typ klass bilaga',
    openers: 'i på vid om',
    starters:
      'den det de en ett han hon vi ni jag du man denna detta dessa min din sin hans hennes vår er deras och men eller så om när medan där här då som eftersom vad vem vilken hur varför också även i på av för med till från efter under över mellan utan vid sedan enligt är var har hade blir blev kan ska skulle inte nej ja många alla några varje idag nu först dessutom dock',
  },
  da: {
    last: 'osv o.s.v m.m m.fl mv m.v o.l',
    ordinals: true,
    titles:
      'hr frk skt adv kl bl.a f.eks fx dvs d.v.s m.a.o s.k evt ca jf jfr pga p.g.a mht m.h.t ifm vedr inkl ekskl max',
    references: 's kap tab tlf jan feb mar apr jun jul aug sep sept okt nov dec bd',
    words: 'e.kr f.kr kr mio mia a/s',
    numbered: 'no vol art side kapitel trin nummer punkt fase version tabel figur',
    plain: 'sen gen rev',
    lettered: 'vitamin hepatitis mulighed plan gruppe type klasse bilag',
    openers: 'i på ved om',
    starters:
      'den det de en et han hun vi jeg du man denne dette disse min din sin hans hendes vores jeres deres og men eller så hvis når mens der her da som fordi hvad hvem hvilken hvor hvordan hvorfor også på af for med til fra om efter under over mellem uden ved siden ifølge er var har havde bliver blev kan skal skulle ikke nej ja mange alle nogle hver idag nu først desuden dog',
  },
  nb: {
    last: 'osv o.s.v m.m m.fl mv m.v o.l',
    ordinals: true,
    titles: 'hr frk adv kl bl.a f.eks dvs d.v.s m.a.o s.k ev evt ca jf jfr pga p.g.a mht mtp inkl ekskl maks',
    references: 's kap tab tlf jan feb mar apr jun jul aug sep sept okt nov des bd',
    words: 'e.kr f.kr kr mill mrd a/s',
    numbered: 'no vol art side kapittel trinn steg nummer punkt fase versjon tabell figur',
    plain: 'sen gen rev',
    lettered: 'vitamin hepatitt alternativ plan gruppe type klasse vedlegg',
    openers: 'i på ved om',
    starters:
      'den det de en et ei han hun vi dere jeg du man denne dette disse min din sin hans hennes vår deres og men eller så hvis når mens der her da som fordi hva hvem hvilken hvor hvordan hvorfor også i på av for med til fra om etter under over mellom uten ved siden ifølge er var har hadde blir ble kan skal skulle ikke nei ja mange alle noen hver nå først dessuten tidligere senere likevel derfor',
  },
  fi: {
    last: 'jne yms ym tms jms',
    ordinals: true,
    titles: 'hra rva nti tri toht maist dos esim ts mm ns nk ent synt k em lk v',
    references: 's ss nro n:o puh klo',
    words: 'ks vrt eaa jaa ekr jkr eKr jKr mrd milj oy ko',
    numbered:
      'luku kuva tammi helmi sivu sivulla luvussa vaihe vaiheessa kohta kohdassa versio numero taulukko',
    plain: 'sen no',
    lettered: 'vitamiini hepatiitti vaihtoehto ryhmä tyyppi luokka liite',
    starters:
      'se ne hän he minä sinä me te tämä tuo nämä nuo joka mikä kuka mitä missä milloin miksi miten kun jos vaikka koska mutta ja tai sekä myös niin sitten nyt siellä täällä on oli ovat olivat ei eivät kaikki monet jotkut lisäksi kuitenkin ensin',
  },
  pl: {
    last: 'itd itp',
    titles:
      'p pp hab inż lek ks św sw bp abp kard płk mjr kpt por ppłk sierż hr red mec adw ul al pl os np m.in tzn tzw tj wg zob ob ang niem franc łac ros wł hiszp bałt tel woj pow gm reż płn płd zach wsch bł',
    references: 'str s t r rozdz rys tab art ust pkt poz par godz wyd zał lit dz',
    words: 'w n.e p.n.e k k. mln mld tys gr kg km cm min sek dol ha i in zm ur r.ż im',
    units: 'r tys mln mld zł',
    plain: 'no co',
    numbered: 'ok',
    lettered: 'witamina witaminy witaminę opcja opcję plan grupa grupy typ klasa wariant',
    openers: 'w we od do po przed około',
    starters:
      'pan pani wtedy dlatego ten ta to te ci on ona ono oni one my wy ja ty mój twój jego jej ich nasz i a ale lecz oraz lub albo więc jednak jeśli jeżeli gdy kiedy gdzie jak co kto który która które czy dlaczego ponieważ bo choć także też również potem teraz dziś wczoraj jutro tu tam już nie tak w we z ze na do od po przed pod nad przy przez dla bez o u za między według podczas jest są był była było byli były ma mają może można wszystkie każdy niektóre wiele inne ponadto następnie',
  },
  cs: {
    last: 'atd apod aj tj',
    ordinals: true,
    titles:
      'p pí ing bc doc mudr judr phdr rndr csc drsc plk mjr kpt por např tzv tzn resp popř příp cca vč zvl ml arch akad čp ul nám',
    references: 'č čís str s obr tab kap roč sv odst písm čl par tel',
    words: 'tis mil mld kč př n.l př.n.l hod min sek kg km j s.r.o a.s',
    plain: 'no co',
    numbered:
      'strana straně kapitola kapitole krok kroku číslo bod bodu verze tabulka obrázek článek článku odstavec',
    lettered: 'vitamin vitamínu vitamin možnost plán skupina skupiny typ třída varianta příloha',
    openers: 'v ve od do po před kolem',
    starters:
      'pak poté pan paní tedy proto ten ta to ti ty on ona ono oni my vy já můj tvůj jeho její jejich náš a ale nebo však pokud když kdy kde jak co kdo který která které proč protože také potom nyní dnes včera zítra zde tam už ne ano v ve z ze na do od po před pod nad při přes pro bez o u za mezi podle během je jsou byl byla bylo byli má mají může všechny každý některé mnoho další',
  },
  sk: {
    last: 'atď apod',
    ordinals: true,
    titles:
      'p ing bc doc mudr judr phdr rndr csc sv plk mjr kpt por napr tzv tzn t.j tj resp príp cca vrát ml ul nám',
    references: 'č čís str s obr tab kap roč zv odst písm čl par tel',
    words: 'a pod tis mil mld n.l hod min sek kg km s.r.o a.s',
    plain: 'no co',
    numbered:
      'strana strane kapitola kapitole krok kroku číslo bod bodu verzia tabuľka obrázok článok článku',
    lettered: 'vitamín vitamínu možnosť plán skupina skupiny typ trieda variant príloha',
    starters:
      'pán pani teda preto ten tá to tí on ona ono oni my vy ja môj tvoj jeho jej ich náš a ale alebo však ak keď kedy kde ako čo kto ktorý ktorá ktoré prečo pretože tiež potom teraz dnes včera zajtra tu tam už nie áno v vo z zo na do od po pred pod nad pri cez pre bez o u za medzi podľa počas je sú bol bola bolo boli má majú môže všetky každý niektoré mnoho',
  },
  hr: {
    last: 'itd sl',
    ordinals: true,
    titles: 'gđa g gđica ing dipl npr tj tzv odn ul',
    references: 'br str čl st sv god gl',
    words: 'kn mil mlrd tis pr.n.e n.e',
    plain: 'no',
    numbered: 'stranica stranici poglavlje poglavlju korak koraku broj točka verzija tablica slika',
    lettered: 'vitamin opcija plan grupa tip klasa',
    starters:
      'taj ta to on ona ono oni mi vi ja i a ali ili no međutim ako kad kada gdje kako što tko koji koja zašto jer također zatim sada danas jučer ovdje tamo već ne da u na s sa iz do od po pred pod nad pri za bez o između prema je su bio bila bilo bili ima svi svaki neki mnogi',
  },
  sl: {
    last: 'itd ipd idr',
    ordinals: true,
    titles: 'mag g ga gdč sv inž dipl npr tj t.i oz ul',
    references: 'št str sl čl st pogl',
    words: 'mio mrd tis pr.n.št n.št kr',
    numbered: 'leto stran strani poglavje poglavju korak koraku številka točka različica tabela slika',
    plain: 'no',
    lettered: 'vitamin možnost načrt skupina tip razred',
    starters:
      'ta to te on ona ono oni mi vi jaz in a ali toda vendar če ko kdaj kje kako kaj kdo ki zakaj ker tudi potem zdaj danes včeraj tukaj tam že ne da v na s z iz do od po pred pod nad pri za brez o med je so bil bila bilo bili ima vsi vsak nekateri',
  },
  tr: {
    last: 'vb vs vd',
    ordinals: true,
    titles: 'doç org korg tümg tuğg yrd arş av sn hz alb yzb örn mah cad sok sk apt öğr uzm op',
    references: 's sf c bkz md mad tel bl böl şek',
    words: 'şti a.ş m.ö m.s t.c a.b.d gör ist üniv fak yy ör çev haz yard bşk müd',
    plain: 'sen o col al',
    numbered: 'sayfa bölüm madde adım numara şekil tablo sürüm aşama',
    lettered: 'vitamini seçenek plan planı grubu tipi sınıfı',
    units: 'tl kg km cm dk',
    starters:
      'bu şu o bunlar şunlar onlar ben sen biz siz bir ve ama fakat ancak ya veya eğer çünkü ne nasıl neden niçin kim hangi nerede ayrıca sonra önce şimdi bugün dün yarın burada orada hayır evet daha en çok her bazı tüm bütün böylece böyle öyle bunun bundan buna bununla ise de da ile için gibi kadar göre yine artık belki hem hiç hatta oysa ardından bence peki işte zaten yalnız sadece üstelik',
  },
  hu: {
    last: 'stb',
    ordinals: true,
    titles: 'ifj id özv szt pl ill ún kb vö ld u.n',
    references: 'sz o old tel köt',
    words: 'i.e i.sz kft rt zrt bt ft',
    numbered: 'ábra fej',
    plain: 'hon ő',
    lettered: 'vitamin terv csoport típus',
    starters:
      'a az ez egy ő ők én te mi ti és de vagy hogy ha amikor ahol hogyan mit ki mely miért mert is aztán most ma tegnap holnap itt ott már nem igen volt voltak van vannak minden néhány sok más',
  },
  ro: {
    last: 'ș.a ș.a.m.d',
    titles: 'dl dna d-na dra d-ra ing av acad sf pt ex cca str',
    references: 'alin lit pag tel',
    words: 'î.hr d.hr i.e.n s.a s.r.l mil mld al',
    numbered: 'art cap vol',
    plain: 'est col ca',
    lettered: 'vitamina opțiunea planul grupa tipul clasa anexa',
    openers: 'în la din de',
    starters:
      'el ea ei ele eu tu noi voi acest această acesta aceasta acești un o și dar sau însă dacă când unde cum ce cine care de pentru cu fără în la pe din după înainte între prin este sunt a au era nu da mai multe toate fiecare',
  },
  id: {
    last: 'dll dsb dst',
    titles: 'drs ir h hj tn ny sdr yth jl tb kel kec kab prov rs dk dsn',
    references: 'hlm tlp',
    words: 'tbk cv pt rp',
    numbered: 'hal',
    lettered: 'vitamin opsi rencana grup tipe kelas',
    starters:
      'ini itu dia ia mereka kami kita saya anda dan tetapi namun atau jika ketika di ke dari pada untuk dengan yang adalah tidak ya juga sekarang kemudian',
  },
  vi: {
    titles: 'ts ths gs pgs bs ks tp q p ô',
    references: 'tr sđt',
    last: 'v.v',
    plain: 'ạ à ừ ơ ý no ca col co sen gen',
    lettered: 'vitamin nhóm loại',
    starters:
      'anh chị ông bà em tôi nó họ chúng và nhưng nếu khi ở trong với cho của đó đây này một các những không có là vì để sau trước bây',
  },
};
