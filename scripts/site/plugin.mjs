// What the site needs beyond TypeDoc's own ways: modules are called as they are imported, guides as their first heading
// says, and the marble pictures of docs/marbles stand with the names they begin with. They are not in the doc comments,
// since an editor that shows a comment knows no such path.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Application, Converter, ReflectionKind } from 'typedoc';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** `operators` to `rx-aloud/operators`: the folder of an export to what one imports. */
const imported = new Map(
  Object.entries(exports).flatMap(([name, { types } = {}]) =>
    types ? [[types.replace('./dist/', '').replace('/index.d.ts', ''), name.replace(/^\./, 'rx-aloud')]] : [],
  ),
);
/** The picture of a name itself before those of its options. */
const pictures = readdirSync(`${root}docs/marbles`)
  .filter((file) => file.endsWith('.svg'))
  .map((file) => file.replace('.svg', ''))
  .sort();

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      module.name = imported.get(module.name) ?? module.name;
    }
    for (const guide of project.getReflectionsByKind(ReflectionKind.Document)) {
      guide.name = headingOf(guide.content).title?.replaceAll('`', '') ?? guide.name;
      asText(guide.content);
    }
    // The front page has a title of its own.
    const { first, heading } = headingOf(project.readme ?? []);
    if (heading) first.text = first.text.slice(heading.length);
    asText(project.readme ?? []);
    for (const { comment } of Object.values(project.reflections)) asText(comment?.summary ?? []);
    for (const signature of project.getReflectionsByKind(ReflectionKind.CallSignature)) {
      if (!signature.parent?.kindOf(ReflectionKind.Function)) continue;
      const its = pictures.filter((picture) => picture.split('-')[0] === signature.name);
      signature.comment?.summary.push(...its.flatMap((picture) => partsOf(picture, project)));
    }
  });
  app.on(Application.EVENT_VALIDATE_PROJECT, (project) => {
    for (const what of missingIn(project)) app.logger.warn(what);
  });
}

/** Shapes that are an SDK's, a protocol's or a file format's: what their members mean is told there. */
const others = new Set([
  ...['AnthropicClient', 'GoogleGenAIClient', 'OpenAIClient', 'NodeLlamaCpp', 'SpeechWindow'],
  ...['NodeRedisClient', 'NodeRedisCluster', 'IoredisClient', 'IoredisCluster'],
  ...['UIMessageStreamChunk', 'uiMessageStreamHeaders', 'workflowSchema', 'validateWorkflow'],
  ...['InputStep', 'OutputStep', 'FileOutputStep', 'LlmChatStep', 'LlmStructuredStep', 'TtsStep'],
  ...['AgentCallStep', 'ConditionStep', 'LoopStep'],
]);
const isOthers = ({ parent }) =>
  parent !== undefined &&
  // What a class is made from is what its fields tell.
  (others.has(parent.name) || parent.kindOf(ReflectionKind.ConstructorSignature) || isOthers(parent));
const isLiteral = (type) =>
  type?.type === 'literal' || (type?.type === 'union' && type.types.every(isLiteral));
/** What tells the members of a union, or errors, apart speaks for itself. */
const tellsApart = ({ name, type }) => ['type', 'name'].includes(name) && isLiteral(type);

const named =
  ReflectionKind.SomeExport | ReflectionKind.SomeMember | ReflectionKind.Accessor | ReflectionKind.Reference;
const signaturesOf = (one) => [
  ...(one.signatures ?? []),
  ...(one.getSignature ? [one.getSignature] : []),
  ...((one.type?.type === 'reflection' && one.type.declaration.signatures) || []),
];

/** Public names without a description, functions without an example. */
export function missingIn(project) {
  const missing = [];
  for (const one of project.getReflectionsByKind(named)) {
    if (one.flags.isExternal || one.variant === 'reference' || isOthers(one) || tellsApart(one)) continue;
    if (one.kindOf(ReflectionKind.Constructor) || one.kindOf(ReflectionKind.Module)) continue;
    const comments = [one, ...signaturesOf(one)].flatMap(({ comment }) => comment ?? []);
    if (!comments.some((comment) => comment.hasVisibleComponent())) {
      missing.push(`${one.getFullName()} has no description`);
    }
    if (!one.kindOf(ReflectionKind.Function)) continue;
    for (const comment of comments) {
      const parts = [...comment.summary, ...comment.getTags('@example').flatMap(({ content }) => content)];
      if (!parts.some(({ kind, text }) => kind === 'code' && text.startsWith('```ts'))) {
        missing.push(`${one.getFullName()} has no example`);
      }
    }
  }
  return [...new Set(missing)];
}

/** The heading that a text begins with. */
function headingOf([first]) {
  const [heading, title] = (first?.kind === 'text' && /^\s*# (.*)\n/.exec(first.text)) || [];
  return { first, heading, title };
}

/** Blocks of no language are pictures or output, and no TypeScript. */
function asText(parts) {
  for (const part of parts) if (part.kind === 'code') part.text = part.text.replace(/^```\n/, '```text\n');
}

/** An image, in the words that its title has. */
function partsOf(picture, project) {
  const file = `${root}docs/marbles/${picture}.svg`;
  const [, title = picture] = /<title[^>]*>([^<]*)</.exec(readFileSync(file, 'utf8')) ?? [];
  const { target } = project.files.registerAbsolute(file);
  return [
    { kind: 'text', text: `\n\n![${title.replace(/[[\]]/g, '\\$&')}](` },
    { kind: 'relative-link', text: `../docs/marbles/${picture}.svg`, target, targetAnchor: undefined },
    { kind: 'text', text: ')' },
  ];
}
