/** Pictographs that are text in the first place: signs, marks and arrows, which a voice may well have a word for. */
const text = /[©®™‼⁉ℹ↔-↙↩↪Ⓜ〰〽㊗㊙]/u;
const pictograph = /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier})$/u;

/** Whether a character (a whole code point) is an emoji, or a part of one that stands alone. */
export function isEmoji(character: string): boolean {
  return pictograph.test(character) && !text.test(character);
}

/** What belongs to the emoji before it: joiners, variation selectors, tags. */
export function joinsEmoji(character: string): boolean {
  return /^[\u200d\ufe0e\ufe0f\u20e3\u{e0020}-\u{e007f}]$/u.test(character);
}
