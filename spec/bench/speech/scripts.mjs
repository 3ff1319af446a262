// What is said, token by token. Each script says where its first sentence ends.

/** A word, or a mark, a token; long words in pieces, as models have them. */
const tokenize = (text) => text.match(/\s*[\p{L}\p{N}’']{1,9}|\s*[^\s\p{L}\p{N}]/gu);

const chat =
  `Yes, the sky is blue because of the air. Sunlight looks white, but it is a mixture of all colors.
When it enters the atmosphere it meets molecules of nitrogen and oxygen, which are far smaller than its waves.
Short waves are scattered by them much more than long ones: blue light about five times as strongly as red. So
from every direction of the sky some blue light reaches your eye, and the sky seems to glow. You may ask why it
is not violet, since violet waves are shorter still. There are two reasons. The sun sends less violet than blue,
and a part of it is absorbed high up. Our eyes are also less sensitive to it. What we see is the sum, and the sum
looks pale blue. In the evening the light comes in at a low angle and crosses far more air before it reaches you.
Most of the blue has been scattered away to other places by then. What is left is yellow, orange and red. Dust and
smoke make that stronger, which is why sunsets after a volcanic eruption are famous. On the moon there is no air
at all. The sky there is black at noon, and you can see the stars if you shade your eyes. On Mars it is the other
way around. The dust there gives the day a butterscotch tint, while the sunset around the sun is blue. Clouds are
white for a related reason. Their droplets are much larger than the waves of light, so they scatter all colors
alike. When a cloud is thick little light gets through to its lower side, and it turns gray. The same holds for
milk, for fog and for snow. You can try it at home with a glass of water, a few drops of milk and a flashlight.
Shine the light through the glass from the side. The water looks bluish, and the beam that comes out at the far
end looks slightly orange. That is the whole sky in a glass! The law behind it was found by Lord Rayleigh in 1871,
and it carries his name. He showed that the strength of the scattering grows with the fourth power of the
frequency. Half the wavelength means sixteen times the scattering. Einstein later explained it by the random
fluctuations of the density of air. Both gave the same answer, from two different sides. I hope that helps. Would
you like to know how rainbows come about, or shall we talk about the color of the sea?`.replaceAll('\n', ' ');

const long =
  `The reason, if one wants to tell it in a single breath, is that sunlight, which looks white but is made
of all colors, meets the molecules of the air on its way down to us, and they scatter its short waves far more
strongly than its long ones. ${chat.slice(chat.indexOf('So from every'), chat.indexOf('On the moon'))}`.replaceAll(
    '\n',
    ' ',
  );

const items = Array.from(
  { length: 36 },
  (_, index) =>
    '- ' +
    [
      'Two loaves of dark bread from the bakery at the corner',
      'A bag of small potatoes and three onions',
      'Milk, butter and a piece of mountain cheese',
      'Fresh basil, or dried if there is none',
      'One bottle of olive oil, the green one',
      'Apples for the children and a lemon for the tea',
    ][index % 6],
).join('\n');
const intro = 'Here is everything that we need for the weekend at the lake:';

/** First sentences as a reader would mark them. */
export const scripts = {
  'chat reply, 50 tokens/s': {
    tokens: tokenize(chat),
    first: 'Yes, the sky is blue because of the air.',
    tokensPerSecond: 50,
  },
  '44-word first sentence, fastStart clause': {
    tokens: tokenize(long),
    first: long.slice(0, long.indexOf('long ones.') + 10),
    tokensPerSecond: 50,
    sentences: { fastStart: 'clause' },
  },
  'list without full stops': {
    tokens: tokenize(`${intro}\n\n${items}`),
    first: intro,
    tokensPerSecond: 50,
  },
  'the same without its first line': {
    tokens: tokenize(items),
    first: items.slice(0, items.indexOf('\n')),
    tokensPerSecond: 50,
  },
  'chat reply, 5 tokens/s': {
    tokens: tokenize(chat),
    first: 'Yes, the sky is blue because of the air.',
    tokensPerSecond: 5,
  },
};

/** The voice of every measurement: its own latency, then ten times faster than it plays. */
export const voiceConfig = { latency: 200, msPerWord: 300, realTimeFactor: 0.1, sampleRate: 16000 };

/** When the token comes that ends the first sentence. */
export const sentenceEnd = ({ tokens, first, tokensPerSecond }) => {
  let text = '';
  const index = tokens.findIndex((token) => (text += token).length >= first.length);
  if (!text.startsWith(first)) throw new Error(`the script doesn't begin with ${first}`);
  return (index * 1000) / tokensPerSecond;
};

/** How long the whole text takes to come. */
export const textEnd = ({ tokens, tokensPerSecond }) => ((tokens.length - 1) * 1000) / tokensPerSecond;
