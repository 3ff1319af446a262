import { describe, expect, it } from 'vitest';
import { splitSentences } from '../../operators/splitSentences.js';

/** One text a line, its sentences divided by `⟂`; an arrow stands for a line break. */
const cases: Readonly<Record<string, string>> = {
  en: `
    Mr. and Mrs. Smith went to Washington, D.C. ⟂ They had fun.
    He works at Google Inc. in the U.S. as an engineer.
    Use Node.js v18.2.1 or later. ⟂ Run \`npm i foo.bar\`. ⟂ Then run it.
    What is 3.5 + 2.5? ⟂ It is 6.0. ⟂ Great!
    "I can’t," he said. ⟂ “Really?” she asked. ⟂ “Yes!” ⟂ He left.
    See Sec. 4.2 and Figs. 3-4. ⟂ Also Vol. 2, No. 3.
    At 3 p.m. today we meet. ⟂ It was 10 a.m. ⟂ Then we left.
    At 5 a.m. Mr. Lee called. ⟂ He called again at 6 p.m. ⟂ Mr. Lee was late.
    Is it No. 1? ⟂ No. ⟂ It is No. 2.
    He said (see Fig. 2). ⟂ Then he left. ⟂ (He was late.) ⟂ Fine.
    Write to a.b@c.com. ⟂ Visit www.foo.com/bar?x=1. ⟂ Bye.
    Wait... ⟂ What? ⟂ No way!! ⟂ Well... it depends.
    I live in the U.S. ⟂ How about you?
    J. R. R. Tolkien wrote it. ⟂ It was you and I. ⟂ We won.
    He measured 6 in. ⟂ The wall is 3 ft. of oak. ⟂ Come in. ⟂ Sit down.
    Great job! 🎉 ⟂ Let's go on. ⟂ Hello :) ⟂ How are you?
    Sure:↵⟂1. **One.** ⟂ It is first.↵⟂2. Two↵   goes on↵↵⟂Done.
    1. One thing ⟂ 2. Another ⟂ 3. A third
    Click it. ⟂ ![A map](map.png) Nice. ⟂ And ![another](b.c.png) here.
    - Milk↵⟂- 1.5 l of water↵↵⟂## A title↵⟂Text. ⟂ More.
    | A | B |↵⟂|---|---|↵⟂| 1. | x. Y |↵↵⟂So.
    Run:↵↵⟂~~~sh↵echo 1. Two. Three↵~~~↵⟂It runs.
    <speak>Hello. ⟂ <break time="0.5s"/> World.</speak>
    It is so.[1] ⟂ It is not. [2] ⟂ Or is it?
    I prefer Vue.js. ⟂ We use .NET 8. ⟂ It is fast.
    It ended.↵⟂Marvellous things follow. ⟂ It was 11:59 p.m. EST. ⟂ Fireworks began.
    She has a Ph.D. in physics. ⟂ He works at Yahoo! and likes it. ⟂ She left Yahoo! ⟂ It was late.
    Smith et al. (2019) found it. ⟂ See also Jones et al. [3]. ⟂ He earned $5 mil. last year.
    That is cats vs. dogs. ⟂ Version 2.0.1 is out! ⟂ Get it at https://x.org/a.b?c=d. ⟂ It is free.
    No!!! ⟂ Why??? ⟂ Really?! ⟂ It costs $3.50. ⟂ That is €2.99 or so.
    Here is how:↵↵⟂1. Open it.↵   ⟂- Check the lid.↵⟂2. Close it.↵⟂___↵⟂Done ✅ ⟂ Next up: tests.
    <s>Hello.</s> ⟂ <s>Bye.</s>
    the cat sat. it slept. ⟂ Prices, e.g. Tesla's, rose.
    Choose option A. ⟂ Then vitamin C. ⟂ Oranges have it. ⟂ Plan B. ⟂ However, ask J. De Vries first.
    I like it. ⟂ iPhone users do too. ⟂ Robert Downey Jr. ⟂ He is an actor.
    One thing (...) was left out. ⟂ Fine. ⟂ Use a&amp; The rest. ⟂ The wall (2 m). ⟂ Really.
    1. One thing↵⟂2. Two↵↵⟂Multiply by 2. ⟂ Then by 3. ⟂ Done.
    Done 🎉 → go on. ⟂ He came; Anna left; I stayed; ⟂ The rest is known.
    “Why?” Anna asked. ⟂ “Why not?” I said. ⟂ “Oh!” ⟂ Ben left. ⟂ “No …” Eve replied. ⟂ “Ah!” ⟂ I left.`.replace(
    'sat. it',
    'sat. ⟂ it',
  ),
  de: `
    Am 3. Oktober kam Dr. Weber z. B. mit Prof. Klein. ⟂ Es war der 19. Jahrestag.
    Das steht auf Seite 12. ⟂ Dort kannst du nachlesen.
    „Und auch keine Lust.“ ⟂ Wir haben 1.000.000 Euro. ⟂ Äpfel, Birnen usw. ⟂ Danach ging er.
    »Wirklich?« ⟂ »Ja, absolut!«
    Das ist z. B. Wasser. ⟂ Er tat dies. ⟂ Peter ging. ⟂ Auf diese Art. ⟂ Klara kam. ⟂ Siehe Art. 5 GG.
    Siehe Seite 12. ⟂ Peter weiß es. ⟂ Am 4. Mai kam die Fa. Müller. ⟂ Im Abschnitt 3. ⟂ Klara las es.
    Nimm Vitamin C. ⟂ Orangen haben es. ⟂ Es sind 5 km. ⟂ Peter läuft.
    Er kam. ⟂ »Guten Tag,« sagte er. ⟂ »Ist jemand da?« ⟂ Niemand war da.`,
  fr: `
    M. Dupont est arrivé. ⟂ Il a dit : « C'est fini. » ⟂ Puis il est parti.
    « Viens ! » dit-il. ⟂ Cf. p. 12. ⟂ Est-ce vrai ? ⟂ Oui !
    C'est ainsi qu'il est. ⟂ Marie le sait. ⟂ Il y en a. ⟂ Paul aussi. ⟂ C'est de l'art. ⟂ Marie aime. ⟂ Voir vol. 3.
    Mme. Petit et M. Grand, p. ex. Paul. ⟂ Elle mesure 3 m (10 ft). ⟂ À bientôt. ⟂ En 44 av. J.-C. Rome change.
    Le 1er mai, J.-P. Martin vint ; ⟂ La poste était fermée.`,
  es: `
    La Dra. Ruiz llegó a las 3 p.m. del lunes. ⟂ ¿Qué dijo? ⟂ ¡Nada! ⟂ Los EE.UU. firmaron.
    Compró pan, etc. ⟂ Luego se fue. ⟂ —¿Vienes? ⟂ —No. ⟂ Vive en la Av. Central.
    Dijo que no. ⟂ María se fue. ⟂ El No. 5 ganó. ⟂ Vive en EE. UU. ⟂ El país es grande. ⟂ Ir a EE. UU. cuesta.
    Murió en el 44 a. C. en Roma, p. ej. César. ⟂ El 1.º de mayo y la 2.ª vez. ⟂ Viven 3,5 hab. por km².
    El Dr. J. M. de la Torre vino con D. Juan. ⟂ «Hola.» ⟂ «Adiós.» ⟂ Toma vitamina C. ⟂ Ayuda. ⟂ Son 5 km. ⟂ Juan corre.
    Lo dice el artículo V. ⟂ Algunos dudan.
    La Sra. García, Ph.D., vive en el n.º 5. ⟂ Según Pérez et al. (2019), es verdad.`,
  it: `
    Il sig. Rossi è qui. ⟂ L'avv. Verdi lavora alla Fiat S.p.A. di Torino. ⟂ Mele, pere, ecc. ⟂ Il resto è noto.
    Ha detto di no. ⟂ Marco è andato. ⟂ Chi è. ⟂ Anna lo sa. ⟂ Guardo... ⟂ I ragazzi ridono. ⟂ P. es. Roma è bella.
    La casa è verde. ⟂ la porta è rossa. ⟂ Prendi vitamina C. ⟂ Aiuta.
    Nell'articolo V. ⟂ Alcuni dubitano.`,
  pt: `
    O Sr. Silva chegou. ⟂ A Dra. Ana disse: "Bom dia." ⟂ Ver pág. 23. ⟂ Será? ⟂ Não!
    Assim é. ⟂ Maria sabe. ⟂ A 1.ª vez e o 2.º ano, p. ex. Lisboa. ⟂ Os votos de Souza Jr. ⟂ Em maio, V. Exa. sabe.
    É do Grupo A. ⟂ Já o outro veio; ⟂ O resto não. ⟂ Era do PP. ⟂ Maria saiu. ⟂ Ver PP. 3 e 4.`,
  tr: `
    Dr. Ahmet 3. sınıfta okuyor. ⟂ Prof. Yılmaz 19. yüzyılı anlattı. ⟂ II. Mahmut geldi. ⟂ Evet!
    Toplantı 3. katta. ⟂ Saat 5'te gel. ⟂ Törene Org. Kaya da katıldı.
    Ne diyorsun sen. ⟂ Ahmet geldi. ⟂ Bunu yapan o. ⟂ Elif biliyor. ⟂ T. C. Anayasası var. ⟂ M. Ö. 300 yılında oldu.
    Öğr. Gör. Kaya geldi. ⟂ Elma vb. meyveler. ⟂ 3. Selim padişahtı. ⟂ Bkz. sayfa 5. ⟂ Tamam. ⟂ İst. Üniv. büyük.
    Fiyatı 3,50 TL. ⟂ Pahalı. ⟂ Bunu al. ⟂ Ahmet bekliyor. ⟂ M.S. 5. yy. ⟂ Sonra bitti. ⟂ Yard. Doç. Dr. Kaya geldi.`,
  nl: `
    De zaal zat vol. ⟂ Jan kwam. ⟂ ,,Ja'', zei hij. ⟂ ,,Nee.'' ⟂ Hij ging. ⟂ Zie vol. 3.
    Hij komt vroeg. ⟂ 's Avonds gaat hij.
    Hij las veel; « De avonden » was het beste.`,
  sv: `
    Det var hon. ⟂ Anna gick. ⟂ Vi ses sen. ⟂ Anna gick. ⟂ Jaså... ⟂ I går kom han.`,
  da: `
    Det var sen. ⟂ Anna gik. ⟂ Hm... I kommer altid. ⟂ Se side 5. ⟂ Anna gik.`,
  fi: `
    Tiedän sen. ⟂ Pekka tuli. ⟂ Hyvä kuva. ⟂ Pekka otti sen. ⟂ Nyt on 3. toukokuuta.`,
  hu: `
    Ez ő. ⟂ Péter jött. ⟂ Itt a hon. ⟂ Kb. 5 perc volt. ⟂ Ma 3. május van.`,
  vi: `
    Dạ, cảm ơn ạ. ⟂ Minh đi TP. Hồ Chí Minh.`,
  cs: `
    Pan Dr. Novák přišel 3. května. ⟂ Bydlí v ul. Dlouhé č. 5. ⟂ Jablka atd. ⟂ Pak odešel.
    Vidím ho. ⟂ Petr šel. ⟂ To je pan. ⟂ Nevím co. ⟂ Petr ví. ⟂ Viz krok 2. ⟂ Potom konec.`,
  pl: `
    Prof. Kowalski mieszka przy ul. Długiej. ⟂ Kupił np. jabłka itp. ⟂ Potem wyszedł.
    To była pani. ⟂ Marek wyszedł. ⟂ W 1995 r. Polska rosła. ⟂ Było to w 1995 r. ⟂ Polska rosła. ⟂ To m. in. Kraków.
    Kosztuje 5 mln zł. ⟂ Tanio. ⟂ Szkoła im. Kopernika jest ok. 5 km stąd.`,
  ru: `
    А. С. Пушкин родился в 1799 г. в Москве. ⟂ Это стоит 5 тыс. руб. за штуку. ⟂ И т. д. ⟂ Потом он ушёл.
    «К чему ты готовишься? – спросила мама. – Завтра ведь выходной».
    Это я. ⟂ Иван пришёл. ⟂ Дал им. ⟂ Он ушёл. ⟂ Музей им. Пушкина открыт. ⟂ Прошёл час. ⟂ Иван ждал.
    Стоит 5 млн руб. ⟂ Компания рада. ⟂ Ест рис. ⟂ Иван тоже. ⟂ См. рис. 3. ⟂ Пейте витамин С. ⟂ Апельсины помогут.`,
  uk: `
    Так воно і є. ⟂ Втім, це 9,8 млн грн. ⟂ Комплекси ростуть.`,
  el: `
    Ο κ. Παπαδόπουλος ήρθε. ⟂ Πού πάμε; ⟂ Στο σπίτι!
    Ήρθε στις 9 μ.μ. ⟂ Η κυρία έφυγε. ⟂ Ζει στις Η.Π.Α. ⟂ Στην πόλη. ⟂ Έγινε τον 6ο αιώνα π.Χ. ⟂ Τα ερείπια, π.χ. Ο Παρθενώνας, σώζονται.`,
  hy: `
    Բարև։ ⟂ Ինչպե՞ս ես։ ⟂ Լավ եմ: ⟂ Նա եկավ:`,
  ar: `
    ذهب د. أحمد إلى المدرسة. ⟂ كم الساعة؟ ⟂ نعم!
    تفاح، موز، إلخ. ⟂ ثم ذهب. ⟂ هذا هو السيد. ⟂ قال أ. د. محمد: «نعم.» ⟂ السعر 3.5 دولار؛ لا أكثر.
    ولد سنة 1950 م. ⟂ ومات سنة 2000 م. ⟂ عاش طويلا.`,
  ur: `
    یہ ایک مثال ہے۔ ⟂ کیا آپ ٹھیک ہیں؟ ⟂ ہاں!`,
  hi: `
    डॉ. शर्मा आए। ⟂ आप कैसे हैं? ⟂ वे अच्छे हैं. ⟂ बी.सी. में है।`,
  ko: `
    안녕하세요. ⟂ 저는 학생입니다. ⟂ "정말요?" ⟂ 네! ⟂ 그는 2015. 3. 1. 에 왔다.
    그는 "가자."라고 말했다. ⟂ 가격은 3.5달러입니다.`,
  nb: `
    De satt på McDonald's. ⟂ Nysgjerrige blikk fulgte dem.`,
  ro: `
    Poemele lui Al. Macedonski sunt aici. ⟂ El este. ⟂ Maria știe.`,
  id: `
    Ia tinggal di Jl. Melati No. 3. ⟂ Itu banyak hal. ⟂ Budi tahu.`,
  bg: `
    Дойдоха Иван, Петър и др. ⟂ После си тръгнаха. ⟂ Роден е на ул. „Ал. Батенберг“ 3.`,
  ta: `
    தலைவர் எஸ்.எம். கிருஷ்ணா வந்தார். ⟂ ஆர். நல்லகண்ணு பேசினார்.`,
  ja: `
    彼は「行こう。」と言った。⟂私は頷いた。⟂本当？⟂はい！`,
  zh: `
    他说：“我们走吧。”⟂然后他离开了。⟂价格是3.5元。⟂（见第5页。）⟂1991年，完了。`,
  th: `
    สวัสดีครับ ผมชื่อสมชาย ราคา 3.5 บาท เกิด พ.ศ. 2500 ที่นี่`,
  am: `
    እንደምን አለህ፧⟂መልካም ቀን ይሁንልህ።⟂እሺ።`,
};

describe('splitSentences, language by language', () => {
  for (const [locale, texts] of Object.entries(cases)) {
    const lines = texts.split('\n').map((line) => line.trim().replaceAll('↵', '\n'));
    it.each(lines.filter((line) => line !== ''))(`${locale}: %s`, (line) => {
      const wanted = line.split('⟂').map((sentence) => sentence.trim());
      const text = line.replaceAll('⟂', '');
      const sentences = [...splitSentences(text, { locale })].map((sentence) => sentence.text);
      expect(sentences.join('')).toBe(text);
      expect(sentences.map((sentence) => sentence.trim())).toEqual(wanted);
    });
  }

  it('needs no locale for scripts of their own', () => {
    for (const locale of ['ru', 'el', 'hy', 'ar', 'ur', 'hi', 'ko', 'ja', 'zh', 'th', 'am']) {
      const text = (cases[locale] ?? '').replaceAll('⟂', '');
      expect([...splitSentences(text)]).toEqual([...splitSentences(text, { locale })]);
    }
  });
});
