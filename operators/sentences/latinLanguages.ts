import type { LanguageData } from './abbreviations.js';

/** The languages besides English that are written in Latin letters, by ISO 639 code. */
export const latinLanguages: Readonly<Record<string, LanguageData>> = {
  de: {
    last: 'usw u.s.w etc u.a.m u.ä o.ä o.dgl u.dgl',
    ordinals: true,
    titles:
      'hr fr frl dipl ing dr dres prof priv doz phil med jur rer nat habil univ st hl bzw z.b u.a d.h i.d.r i.d.s o.g u.u s.o s.u v.a z.z z.t m.e i.a i.v i.allg vgl sog evtl ggf inkl exkl zzgl abzgl mind ca geb gest verh kath ev ehem eigtl einschl entspr gem ges betr bes beisp bsp dgl ders dies ebd hrsg insb insbes jew lat lt med od poln röm schweiz span türk ung urspr usf vs zit zus zw teilw allg amtl angebl art bspw dt durchschn frz engl griech hebr ital österr russ wiss sen jun a.d o.a o.b p.a u.u u.v',
    references:
      'nr nrn s bd bde abb abs art aufl az kap tel ziff anm tab str pl zi zif rn rdnr rz sp st stk par lfd mio mrd tsd jan feb mär mrz apr jun jul aug sep sept okt nov dez hd',
    words:
      'max min dgl v.chr n.chr chr v.u.z n.u.z jh jhd jhdt mio mrd tsd std min sek qm qkm km kg stk str gmbh co mwst ff f e.v k.o a.m p.m a.d z.hd c.p m.b.h m.w u.s.a',
    starters:
      'der die das den dem des ein eine einer eines einem einen er sie es wir ihr ich du man mein meine dein deine sein seine seiner seinem seinen ihre ihrer ihrem ihren unser unsere dies diese dieser dieses diesem diesen jene jener jenes jede jeder jedes alle alles viele einige manche mehrere beide kein keine niemand jemand wer was wann wo warum wie wieso weshalb welche welcher welches wenn weil da dass als ob obwohl während bevor nachdem seit bis sobald falls und oder aber denn doch sondern jedoch auch nur noch schon so dann danach dort hier heute morgen gestern jetzt nun bald später zuerst zunächst schließlich außerdem zudem dabei dafür dagegen daher dadurch damit daneben daran darauf darin darüber darum davon davor dazu deshalb deswegen trotzdem allerdings dennoch somit insgesamt in im an am auf aus bei beim mit nach von vom vor zu zum zur über unter um für durch gegen ohne zwischen neben hinter trotz wegen aufgrund laut ab ist sind war waren hat haben hatte hatten wird werden wurde wurden kann können konnte muss müssen soll sollte darf ja nein nicht bitte danke vielen leider natürlich vielleicht wahrscheinlich bereits erst etwa rund sowohl weder entweder ansonsten anschließend inzwischen mittlerweile ebenso ferner weiterhin hierbei hierzu hierfür',
  },
  fr: {
    last: 'etc',
    titles:
      'm mm mme mmes mlle mlles dr drs me mes mgr pr st ste cf c.-à-d c.à.d i.e e.g env gén cdt lt sgt adj présid vve',
    references:
      'art chap vol p pp fig n no nos tél éd ed t ch tab sect al av bd janv févr fév avr juil sept oct nov déc réf',
    words:
      'prof apr j.-c j.c cie sté éd ed env hab min max h sec s.a s.a.r.l r.f o.n.u s.n.c.f u.e a.c b.d b.p n.d.l.r p.-s p.s boul bd av tél adj adv inc ltée dept dép',
    starters:
      "le la les un une des du de il elle ils elles on nous vous je tu ce cet cette ces ceci cela ça mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs et mais ou donc or ni car si quand lorsque comme que qui quoi où comment pourquoi combien quel quelle quels quelles parce puisque alors ainsi aussi après avant pendant depuis dès en dans sur sous avec sans pour par contre entre vers chez à au aux selon malgré ensuite enfin puis cependant toutefois néanmoins pourtant désormais aujourd’hui aujourd'hui hier demain ici là maintenant tout tous toute toutes plusieurs certains chaque aucun autre oui non merci bonjour c’est c'est il’s l’ l' d’ d' j’ j' n’ s’ qu’ en est sont était ont a fait peut être ne pas très plus moins bien même déjà encore toujours jamais",
  },
  es: {
    last: 'etc',
    titles:
      'sr sra srta sres sras srtas d dª dña dn dr dra dres dras prof profa profª lic ing arq abg gral cnel cap tte sgto alm pbro mons excmo excma ilmo ilma sto sta fr hno hna rvdo rdo p.ej p.e i.e',
    references:
      'art arts cap caps fig figs núm num nº no vol vols pág págs pag p pp ed c.p tel tfno teléf av avda apdo aprox ene feb abr may jun jul ago sep sept oct nov dic',
    words:
      'cía cia s.a s.l s.r.l ee.uu ee uu a.c d.c a.m p.m ud uds vd vds v.g c c/ izq dcha dpto depto gob admón ltda hnos máx mín aprox av avda bco c.v s.a.r u.s ff.aa rr.hh jj.oo',
    starters:
      'el la los las lo un una unos unas él ella ellos ellas yo tú usted ustedes nosotros vosotros este esta esto estos estas ese esa eso esos esas aquel aquella aquello mi mis tu tus su sus nuestro nuestra y e o u pero sino aunque porque pues si cuando mientras donde dónde como cómo qué que quién quien cuál cuándo cuánto por para con sin sobre bajo entre hacia hasta desde según durante tras en de del al a ante contra también tampoco además así entonces luego después antes ahora hoy ayer mañana aquí allí ahí ya no sí hay es son era fue fueron ha han había está están se le les me te nos muchos muchas todo todos toda todas algunos cada otro otra más menos muy solo sólo sin embargo asimismo finalmente actualmente gracias hola buenos buenas',
  },
  it: {
    last: 'ecc etc ecc.ecc',
    titles:
      'sig sig.ra sigg sig.na sig.ri sig.na dott dott.ssa dr dr.ssa prof prof.ssa ing arch avv geom rag on sen cav comm gen col cap magg ten serg mons don s ss spett gent egr ill preg mar v v.cte ad es ad.es p.es cfr idraul meteor',
    references:
      'art artt cap capp fig figg n num nn vol voll p pp pag pagg tab tel ed sez all gen feb mar apr mag giu lug ago set sett ott nov dic c.a',
    words:
      's.p.a s.r.l s.n.c s.a.s a.c d.c c.a ca f.p f.lli v.le p.za p.zza c.so tel min max sec dir amm cit op',
    starters:
      "il lo la i gli le un uno una egli ella esso essa essi esse lui lei loro io tu noi voi questo questa questi queste quello quella quelli quelle ciò mio mia tuo suo sua suoi sue nostro vostro e ed ma o oppure però se quando mentre dove come perché poiché anche che chi cosa quale quali quanto cui di del della dei degli delle dello da dal dalla in nel nella nei nelle con su sul sulla per tra fra a al alla ai alle dopo prima durante secondo oggi ieri domani ora poi quindi infine inoltre invece tuttavia così già non sì no è sono era erano ha hanno si ci vi molti molte tutti tutte alcuni ogni altro grazie ciao l’ l' un’ c’è",
  },
  pt: {
    last: 'etc',
    titles:
      'sr sra srs sras srta dr dra drs dras prof profa profª eng arq adv exmo exma ilmo ilma gen cel cap ten sgt alm dep sen min pres d st sto sta v p.ex i.e',
    references:
      'art arts cap caps fig figs n nº no núm num vol vols pág págs pag p pp t ed tel av r tab jan fev abr jun jul ago out nov séc inc',
    words:
      'cia ltda s.a s.a.d a.c d.c a.m p.m e.u.a eua aprox av depto dpto obs máx mín adj gov univ s.p hab min seg tel',
    starters:
      'o a os as um uma uns umas ele ela eles elas eu tu você vocês nós vós este esta isto estes estas esse essa isso esses essas aquele aquela aquilo meu minha teu seu sua seus suas nosso nossa e ou mas porém contudo todavia entretanto se quando enquanto onde como porque pois que quem qual quais quanto por para com sem sobre sob entre até desde segundo durante após antes depois em no na nos nas num numa de do da dos das ao à aos às pelo pela também além assim então logo agora hoje ontem amanhã aqui ali lá já não sim há é são era foi foram tem têm está estão muitos muitas todo todos toda todas alguns cada outro outra mais menos muito apenas só obrigado olá',
  },
  nl: {
    last: 'enz etc e.d e.a',
    titles:
      'dhr mevr mw mej dr drs ir ing prof mr st ds jhr jkvr b.v bv bijv d.w.z m.b.t i.v.m o.a n.a.v t.a.v t.o.v t.g.v i.p.v m.a.w m.i d.m.v i.t.t e.v.t evt resp nl ca incl excl zgn z.g.n aanw vnw sgt kol gen min burg wed',
    references:
      'nr nrs blz p pp art hfst fig afb jg dl vol par tel feb mrt apr jun jul aug sep sept okt nov dec no st',
    words: 'o.i.d e.v e.k j.l n.v b.v v.o.f c.s v.chr n.chr m.a.x max min sec vs fam gebr co',
    starters:
      'de het een hij zij ze wij we jij je jullie u ik dit dat deze die er hier daar mijn jouw zijn haar ons onze hun en of maar want dus als toen wanneer terwijl omdat hoewel waar wat wie welke hoe waarom ook nog al nu dan daarna later eerst vervolgens tenslotte bovendien echter daarom in op aan bij met van voor naar uit over onder door tegen zonder tussen na sinds tijdens volgens vanaf om tot is was waren heeft hebben had hadden wordt werd werden kan kunnen moet zal niet geen ja nee veel vele alle sommige elke ieder andere meer misschien vandaag gisteren morgen dank',
  },
  sv: {
    last: 'osv o.s.v etc m.m m.fl o.d',
    titles:
      'dr prof hr fr st dir kapt bl.a t.ex d.v.s dvs s.k f.d e.d m.a.o p.g.a fr.o.m t.o.m resp ca jfr kl max inkl exkl bl a t ex',
    references: 's sid nr kap fig tab tel art jan feb mar apr jun jul aug sep sept okt nov dec kl',
    words: 'e.kr f.kr kr tr st mån tim',
    starters:
      'den det de en ett han hon vi ni jag du man denna detta dessa min din sin hans hennes vår er deras och men eller så om när medan där här då som eftersom vad vem vilken hur varför också även i på av för med till från om efter under över mellan utan vid sedan enligt är var har hade blir blev kan ska skulle inte nej ja många alla några varje idag nu först dessutom dock',
  },
  da: {
    last: 'osv o.s.v etc m.m m.fl mv m.v o.l',
    ordinals: true,
    titles:
      'dr prof hr fr frk skt st adv kl bl.a f.eks fx dvs d.v.s m.a.o s.k evt ca jf jfr pga p.g.a mht m.h.t ifm vedr inkl ekskl max',
    references: 's nr kap fig tab tlf art jan feb mar apr jun jul aug sep sept okt nov dec bd',
    words: 'e.kr f.kr kr mio mia co a/s',
    starters:
      'den det de en et han hun vi i jeg du man denne dette disse min din sin hans hendes vores jeres deres og men eller så hvis når mens der her da som fordi hvad hvem hvilken hvor hvordan hvorfor også på af for med til fra om efter under over mellem uden ved siden ifølge er var har havde bliver blev kan skal skulle ikke nej ja mange alle nogle hver idag nu først desuden dog',
  },
  nb: {
    last: 'osv o.s.v etc m.m m.fl mv m.v o.l',
    ordinals: true,
    titles:
      'dr prof hr fr frk st adv kl bl.a f.eks dvs d.v.s m.a.o s.k ev evt ca jf jfr pga p.g.a mht mtp inkl ekskl maks',
    references: 's nr kap fig tab tlf art jan feb mar apr jun jul aug sep sept okt nov des bd',
    words: 'e.kr f.kr kr mill mrd a/s',
    starters:
      'den det de en et ei han hun vi dere jeg du man denne dette disse min din sin hans hennes vår deres og men eller så hvis når mens der her da som fordi hva hvem hvilken hvor hvordan hvorfor også i på av for med til fra om etter under over mellom uten ved siden ifølge er var har hadde blir ble kan skal skulle ikke nei ja mange alle noen hver nå først dessuten',
  },
  fi: {
    last: 'jne yms ym tms jms',
    ordinals: true,
    titles: 'hra rva nti tri toht prof maist dos esim ts mm ns nk ent synt s k em lk v',
    references: 's ss nro n:o luku kuva puh klo tammi helmi vol',
    words: 'ks vrt eaa jaa ekr jkr eKr jKr mrd milj oy ko',
    starters:
      'se ne hän he minä sinä me te tämä tuo nämä nuo joka mikä kuka mitä missä milloin miksi miten kun jos vaikka koska mutta ja tai sekä myös niin sitten nyt siellä täällä on oli ovat olivat ei eivät kaikki monet jotkut lisäksi kuitenkin ensin',
  },
  pl: {
    last: 'itd itp etc',
    titles:
      'p pp pan pani prof dr hab inż mgr lek ks św sw bp abp kard płk mjr kpt por gen ppłk sierż hr red mec adw im ul al pl os np m.in tzn tzw tj tzw wg zob por ok ob ang niem franc fr łac ros wł hiszp bałt tel woj pow gm reż wyd red płn płd zach wsch',
    references: 'nr str s t r rozdz rys tab art ust pkt poz par godz wyd zał lit dz',
    words:
      'r w w. wiek n.e p.n.e m.in k k. mln mld tys zł gr kg km cm godz min sek tzw dol ha i in wł zm ur r.ż',
    starters:
      'pan pani wtedy dlatego ten ta to te ci on ona ono oni one my wy ja ty mój twój jego jej ich nasz i a ale lecz oraz lub albo więc jednak jeśli jeżeli gdy kiedy gdzie jak co kto który która które czy dlaczego ponieważ bo choć także też również potem teraz dziś wczoraj jutro tu tam już nie tak w we z ze na do od po przed pod nad przy przez dla bez o u za między według podczas jest są był była było byli były ma mają może można wszystkie każdy niektóre wiele inne ponadto następnie po',
  },
  cs: {
    last: 'atd apod aj etc tj',
    ordinals: true,
    titles:
      'p pí pan mgr ing bc dr doc prof mudr judr phdr rndr csc drsc sv gen plk mjr kpt por např tzv tzn resp popř příp cca vč zvl ml st arch akad čp ul nám č',
    references: 'č čís str s obr tab kap roč sv odst písm čl par tel',
    words: 'tis mil mld kč př n.l př.n.l hod min sek kg km j s.r.o a.s ho',
    starters:
      'pak poté pan paní tedy proto ten ta to ti ty on ona ono oni my vy já můj tvůj jeho její jejich náš a ale nebo však pokud když kdy kde jak co kdo který která které proč protože také potom nyní dnes včera zítra zde tam už ne ano v ve z ze na do od po před pod nad při přes pro bez o u za mezi podle během je jsou byl byla bylo byli má mají může všechny každý některé mnoho další',
  },
  sk: {
    last: 'atď apod etc',
    ordinals: true,
    titles:
      'p pán mgr ing bc dr doc prof mudr judr phdr rndr csc sv gen plk mjr kpt por napr tzv tzn t.j tj resp príp cca vrát ml st ul nám č',
    references: 'č čís str s obr tab kap roč zv odst písm čl par tel',
    words: 'a pod tis mil mld n.l pred n.l hod min sek kg km s.r.o a.s',
    starters:
      'pán pani teda preto ten tá to tí on ona ono oni my vy ja môj tvoj jeho jej ich náš a ale alebo však ak keď kedy kde ako čo kto ktorý ktorá ktoré prečo pretože tiež potom teraz dnes včera zajtra tu tam už nie áno v vo z zo na do od po pred pod nad pri cez pre bez o u za medzi podľa počas je sú bol bola bolo boli má majú môže všetky každý niektoré mnoho',
  },
  hr: {
    last: 'itd sl',
    ordinals: true,
    titles: 'dr prof mr gđa g gđica sv ing dipl npr tj tzv odn ul gen',
    references: 'br str čl st sv god gl',
    words: 'god st kn mil mlrd tis pr.n.e n.e',
    starters:
      'taj ta to on ona ono oni mi vi ja i a ali ili no međutim ako kad kada gdje kako što tko koji koja zašto jer također zatim sada danas jučer ovdje tamo već ne da u na s sa iz do od po pred pod nad pri za bez o između prema je su bio bila bilo bili ima svi svaki neki mnogi',
  },
  sl: {
    last: 'itd ipd idr',
    ordinals: true,
    titles: 'dr prof mag g ga gdč sv inž dipl npr tj t.i oz ul gen',
    references: 'št str sl čl st leto pogl',
    words: 'mio mrd tis pr.n.št n.št kr',
    starters:
      'ta to te on ona ono oni mi vi jaz in a ali toda vendar če ko kdaj kje kako kaj kdo ki zakaj ker tudi potem zdaj danes včeraj tukaj tam že ne da v na s z iz do od po pred pod nad pri za brez o med je so bil bila bilo bili ima vsi vsak nekateri',
  },
  tr: {
    last: 'vb vs vd',
    ordinals: true,
    titles: 'dr prof doç yrd arş gör av sn hz st alb gen yzb bkz örn yy mah cad sok sk apt no öğr uzm op',
    references: 'no s sf c bkz md mad tel bl böl şek',
    words: 'ltd şti a.ş m.ö m.s t.c a.b.d yy tl kg km cm dk sn',
    starters:
      'bu şu o bunlar şunlar onlar ben sen biz siz bir ve ama fakat ancak ya veya eğer çünkü ne nasıl neden niçin kim hangi nerede ayrıca sonra önce şimdi bugün dün yarın burada orada hayır evet daha en çok her bazı tüm bütün böylece böyle öyle bunun bundan buna bununla ise de da ile için gibi kadar göre',
  },
  hu: {
    last: 'stb',
    ordinals: true,
    titles: 'dr prof ifj id özv szt st gróf pl ill ún kb vö ld u.n',
    references: 'sz o old fej tel köt ábra',
    words: 'i.e i.sz kft rt zrt bt u.n ft',
    starters:
      'a az ez egy ő ők én te mi ti és de vagy hogy ha amikor ahol hogyan mit ki mely miért mert is aztán most ma tegnap holnap itt ott már nem igen volt voltak van vannak minden néhány sok más',
  },
  ro: {
    last: 'etc ș.a ș.a.m.d',
    titles: 'dl dna d-na dra d-ra dr prof ing av acad gen col lt sf pt ex cca nr str',
    references: 'nr art alin lit pag p fig cap vol tel',
    words: 'î.hr d.hr i.e.n s.a s.r.l mil mld',
    starters:
      'el ea ei ele eu tu noi voi acest această acesta aceasta acești un o și dar sau însă dacă când unde cum ce cine care de pentru cu fără în la pe din după înainte între prin este sunt a au era nu da mai multe toate fiecare',
  },
  id: {
    last: 'dll dsb dst',
    titles: 'dr drs prof ir h hj tn ny sdr yth st',
    references: 'no hal hlm jl tlp',
    words: 'tbk cv pt rp',
    starters:
      'ini itu dia ia mereka kami kita saya anda dan tetapi namun atau jika ketika di ke dari pada untuk dengan yang adalah tidak ya juga sekarang kemudian',
  },
  vi: {
    titles: 'ts ths gs pgs bs ks tp q p ô',
    references: 'tr sđt',
    last: 'v.v',
    starters:
      'anh chị ông bà em tôi nó họ chúng và nhưng nếu khi ở trong với cho của đó đây này một các những không có là vì để sau trước bây',
  },
};
