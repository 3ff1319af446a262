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
    the cat sat. it slept. ⟂ Prices, e.g. Tesla's, rose.`.replace('sat. it', 'sat. ⟂ it'),
  de: `
    Am 3. Oktober kam Dr. Weber z. B. mit Prof. Klein. ⟂ Es war der 19. Jahrestag.
    Das steht auf Seite 12. ⟂ Dort kannst du nachlesen.
    „Und auch keine Lust.“ ⟂ Wir haben 1.000.000 Euro. ⟂ Äpfel, Birnen usw. ⟂ Danach ging er.
    »Wirklich?« ⟂ »Ja, absolut!«`,
  fr: `
    M. Dupont est arrivé. ⟂ Il a dit : « C'est fini. » ⟂ Puis il est parti.
    « Viens ! » dit-il. ⟂ Cf. p. 12. ⟂ Est-ce vrai ? ⟂ Oui !`,
  es: `
    La Dra. Ruiz llegó a las 3 p.m. del lunes. ⟂ ¿Qué dijo? ⟂ ¡Nada! ⟂ Los EE.UU. firmaron.
    Compró pan, etc. ⟂ Luego se fue. ⟂ —¿Vienes? ⟂ —No. ⟂ Vive en la Av. Central.`,
  it: `
    Il sig. Rossi è qui. ⟂ L'avv. Verdi lavora alla Fiat S.p.A. di Torino. ⟂ Mele, pere, ecc. ⟂ Il resto è noto.`,
  pt: `
    O Sr. Silva chegou. ⟂ A Dra. Ana disse: "Bom dia." ⟂ Ver pág. 23. ⟂ Será? ⟂ Não!`,
  tr: `
    Dr. Ahmet 3. sınıfta okuyor. ⟂ Prof. Yılmaz 19. yüzyılı anlattı. ⟂ II. Mahmut geldi. ⟂ Evet!
    Toplantı 3. katta. ⟂ Saat 5'te gel. ⟂ Törene Org. Kaya da katıldı.`,
  cs: `
    Pan Dr. Novák přišel 3. května. ⟂ Bydlí v ul. Dlouhé č. 5. ⟂ Jablka atd. ⟂ Pak odešel.`,
  pl: `
    Prof. Kowalski mieszka przy ul. Długiej. ⟂ Kupił np. jabłka itp. ⟂ Potem wyszedł.`,
  ru: `
    А. С. Пушкин родился в 1799 г. в Москве. ⟂ Это стоит 5 тыс. руб. за штуку. ⟂ И т. д. ⟂ Потом он ушёл.
    «К чему ты готовишься? – спросила мама. – Завтра ведь выходной».`,
  el: `
    Ο κ. Παπαδόπουλος ήρθε. ⟂ Πού πάμε; ⟂ Στο σπίτι!`,
  hy: `
    Բարև։ ⟂ Ինչպե՞ս ես։ ⟂ Լավ եմ: ⟂ Նա եկավ:`,
  ar: `
    ذهب د. أحمد إلى المدرسة. ⟂ كم الساعة؟ ⟂ نعم!`,
  ur: `
    یہ ایک مثال ہے۔ ⟂ کیا آپ ٹھیک ہیں؟ ⟂ ہاں!`,
  hi: `
    डॉ. शर्मा आए। ⟂ आप कैसे हैं? ⟂ वे अच्छे हैं. ⟂ बी.सी. में है।`,
  ko: `
    안녕하세요. ⟂ 저는 학생입니다. ⟂ "정말요?" ⟂ 네! ⟂ 그는 2015. 3. 1. 에 왔다.`,
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
