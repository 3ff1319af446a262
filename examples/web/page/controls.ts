import { defaults, fastStarts, ranges, type Settings } from '../settings.js';

/** Makes the controls; returns how they stand. */
export function createControls(form: HTMLFormElement): () => Settings {
  const read = new Map<string, () => number>();
  for (const { name, label, hint, unit, least, most, step } of ranges) {
    const row = document.createElement('div');
    row.className = 'control';
    const title = document.createElement('label');
    title.htmlFor = name;
    title.textContent = label;
    // Not an `output`: a screen reader would say it twice, for the slider tells it.
    const value = document.createElement('span');
    value.className = 'value';
    value.setAttribute('aria-hidden', 'true');
    const input = document.createElement('input');
    Object.assign(input, { type: 'range', id: name, name, min: least, max: most, step });
    input.value = String(defaults[name]);
    const about = document.createElement('small');
    about.id = `${name}-about`;
    about.textContent = `${name}: ${hint}`;
    input.setAttribute('aria-describedby', about.id);
    const show = () => {
      value.textContent = `${input.value}${unit}`;
      input.setAttribute('aria-valuetext', value.textContent);
    };
    input.addEventListener('input', show);
    form.addEventListener('reset', () => queueMicrotask(show));
    input.defaultValue = input.value;
    show();
    read.set(name, () => input.valueAsNumber);
    row.append(title, value, input, about);
    form.append(row);
  }

  const group = document.createElement('fieldset');
  group.className = 'control';
  const legend = document.createElement('legend');
  legend.textContent = 'Fast start';
  const choices = document.createElement('div');
  choices.className = 'segments';
  for (const { value, label } of fastStarts) {
    const input = document.createElement('input');
    Object.assign(input, { type: 'radio', name: 'fastStart', id: `fastStart-${label}`, value: label });
    input.defaultChecked = value === defaults.fastStart;
    const title = document.createElement('label');
    title.htmlFor = input.id;
    title.textContent = label;
    choices.append(input, title);
  }
  const about = document.createElement('small');
  about.textContent = 'fastStart: what is enough for the first utterance';
  group.append(legend, choices, about);
  form.append(group);

  const reset = document.createElement('button');
  reset.type = 'reset';
  reset.className = 'quiet';
  reset.textContent = 'Defaults';
  form.append(reset);

  const number = (name: string) => read.get(name)?.() ?? 0;
  return () => ({
    sentenceBufferSize: number('sentenceBufferSize'),
    minChunkLength: number('minChunkLength'),
    maxBufferTime: number('maxBufferTime'),
    concurrency: number('concurrency'),
    fastStart: fastStarts.find(({ label }) => label === new FormData(form).get('fastStart'))?.value ?? true,
  });
}
