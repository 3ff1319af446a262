const table = (pairs: string): ReadonlyMap<string, string> =>
  new Map(
    pairs
      .trim()
      .split(/\s+/)
      .map((pair) => {
        const [letter = '', latin = ''] = pair.split('=');
        return [letter, latin];
      }),
  );

/** Latin letters that Unicode doesn't take apart into a plain letter and a mark. */
const latin = table(
  'ß=ss ẞ=SS æ=ae Æ=Ae œ=oe Œ=Oe ø=o Ø=O ł=l Ł=L đ=d Đ=D ð=th Ð=Th þ=th Þ=Th ı=i ŋ=ng ħ=h ŧ=t ə=e',
);

const greek = table(`
  α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o`);

/** A Greek letter that stands alone is a symbol and is called by its name. */
const greekNames = table(`
  α=alpha β=beta γ=gamma δ=delta ε=epsilon ζ=zeta η=eta θ=theta ι=iota κ=kappa λ=lambda μ=mu ν=nu ξ=xi ο=omicron
  π=pi ρ=rho σ=sigma ς=sigma τ=tau υ=upsilon φ=phi χ=chi ψ=psi ω=omega`);

const cyrillic = table(`
  а=a б=b в=v г=g ґ=g д=d е=e ё=yo є=ye ж=zh з=z и=i і=i ї=yi й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ў=w ф=f х=kh
  ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya ђ=dj ј=y љ=ly њ=ny ћ=ch џ=dzh ѓ=g ќ=k ѕ=dz`);

const kana = table(`
  あ=a い=i う=u え=e お=o か=ka き=ki く=ku け=ke こ=ko さ=sa し=shi す=su せ=se そ=so た=ta ち=chi つ=tsu て=te と=to
  な=na に=ni ぬ=nu ね=ne の=no は=ha ひ=hi ふ=fu へ=he ほ=ho ま=ma み=mi む=mu め=me も=mo や=ya ゆ=yu よ=yo ら=ra り=ri
  る=ru れ=re ろ=ro わ=wa ゐ=i ゑ=e を=o ん=n が=ga ぎ=gi ぐ=gu げ=ge ご=go ざ=za じ=ji ず=zu ぜ=ze ぞ=zo だ=da ぢ=ji
  づ=zu で=de ど=do ば=ba び=bi ぶ=bu べ=be ぼ=bo ぱ=pa ぴ=pi ぷ=pu ぺ=pe ぽ=po ゔ=vu ぁ=a ぃ=i ぅ=u ぇ=e ぉ=o`);

const hangulInitials = 'g,kk,n,d,tt,r,m,b,pp,s,ss,,j,jj,ch,k,t,p,h'.split(',');
const hangulVowels = 'a,ae,ya,yae,eo,e,yeo,ye,o,wa,wae,oe,yo,u,wo,we,wi,yu,eu,ui,i'.split(',');
const hangulFinals = ',k,k,k,n,n,n,t,l,k,m,l,l,l,p,l,m,p,p,t,t,ng,t,t,k,t,p,t'.split(',');

/** Scripts whose letters have sounds that can be written in ASCII one by one. */
export const romanizable =
  /[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{N}]/u;

const names: readonly (readonly [RegExp, string])[] = [
  [/\p{sc=Han}/u, 'Chinese'],
  [/\p{sc=Arabic}/u, 'Arabic'],
  [/\p{sc=Hebrew}/u, 'Hebrew'],
  [/\p{sc=Devanagari}/u, 'Hindi'],
  [/\p{sc=Bengali}/u, 'Bengali'],
  [/\p{sc=Tamil}/u, 'Tamil'],
  [/\p{sc=Thai}/u, 'Thai'],
  [/\p{sc=Armenian}/u, 'Armenian'],
  [/\p{sc=Georgian}/u, 'Georgian'],
];

/** What is said in the place of letters that cannot be: "Chinese text". */
export function nameOfScript(letter: string): string {
  return `${names.find(([script]) => script.test(letter))?.[1] ?? 'foreign'} text`;
}

/**
 * The sounds of a word's letters in ASCII: accents go, `ß` is `ss`, Greek, Cyrillic, kana and Hangul are written the
 * way English speakers would read them, digits of other scripts become ours. Runs of letters of any other script are
 * replaced by the script's name, set off by commas: never dropped. What is no letter and no digit stays as it is.
 *
 * @param word without white space; compatibility forms (NFKC) folded already.
 */
export function romanize(word: string): string {
  const alone = greekNames.get(word.toLowerCase());
  if (alone) return alone;
  let out = '';
  let named = '';
  for (const character of word.normalize('NFC')) {
    const latin = romanLetter(character);
    if (latin !== undefined) {
      // A long kana vowel or a doubled kana consonant has no letter of its own in ASCII.
      out += latin;
      named = '';
      continue;
    }
    const name = nameOfScript(character);
    if (name !== named) out += `, ${name}, `;
    named = name;
  }
  return out;
}

/** `undefined` for a letter without a sound in ASCII. */
function romanLetter(character: string): string | undefined {
  if (character <= '\u007f') return character;
  if (/\p{M}/u.test(character)) return '';
  if (/\p{Nd}/u.test(character)) return digitOf(character);
  if (!/\p{L}/u.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0xac00 && code <= 0xd7a3) return hangul(code - 0xac00);
  // Katakana lie 0x60 above hiragana.
  if (code >= 0x30a1 && code <= 0x30f4) return romanKana(String.fromCodePoint(code - 0x60));
  if (code >= 0x3041 && code <= 0x3096) return romanKana(character);
  if (character === 'ー') return '';
  const own = latin.get(character);
  if (own !== undefined) return own;
  const lower = character.toLowerCase();
  const plain = lower.normalize('NFD').replace(/\p{M}/gu, '');
  const roman = /^[a-z]+$/.test(plain)
    ? plain
    : (cyrillic.get(lower) ?? greek.get(plain) ?? cyrillic.get(plain));
  if (roman === undefined) return undefined;
  return lower === character ? roman : roman.charAt(0).toUpperCase() + roman.slice(1);
}

function romanKana(character: string): string {
  const small = 'ゃゅょ'.indexOf(character);
  if (small >= 0) return ['ya', 'yu', 'yo'][small] ?? '';
  return kana.get(character) ?? '';
}

function hangul(index: number): string {
  const final = index % 28;
  const vowel = Math.floor(index / 28) % 21;
  const initial = Math.floor(index / 28 / 21);
  return [hangulInitials[initial], hangulVowels[vowel], hangulFinals[final]].join('');
}

/** Decimal digits lie in rows of ten, from a code that ends in 0 or in 6. */
function digitOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const fromRow = /\p{Nd}/u.test(String.fromCodePoint(code & ~0xf));
  return String((code & 0xf) - (fromRow ? 0 : 6));
}
