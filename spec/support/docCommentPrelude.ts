import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What an example in a doc comment may take for granted, as code; what it uses of it stands before it. */
const given: Readonly<Record<string, string>> = {
  prompt: `const prompt = 'Why is the sky blue?';`,
  model: `const model = ollama({ model: 'llama3.2' });`,
  llama: `const llama = ollama({ model: 'llama3.2' });`,
  deepseek: `const deepseek = ollama({ model: 'deepseek-r1' });`,
  claude: `const claude = anthropic({ model: 'claude-sonnet-5-5' });`,
  gpt: `const gpt = openai({ model: 'gpt-5.4-mini' });`,
  voice: `const voice = scriptedVoice({ latency: 1, msPerWord: 20, realTimeFactor: 0 });`,
  sentences: `const sentences = of('The sky is blue. ', 'Air scatters the light.');`,
  speech: `const speech = sentences.pipe(toSpeech(voice));`,
  utterances$: `const utterances$ = of('Why is the sky blue?');`,
  conversation: `const conversation = new Conversation();`,
  valve: `const valve = createValve({ high: 8, low: 4 });`,
  relay: `const relay = memoryRelay();`,
  id: `const id = 'reply-1';`,
  store: `const store = memoryStore();`,
  play: `const play = (..._: unknown[]): void => undefined;`,
  show: `const show = (_: unknown): void => undefined;`,
  screen: `const screen = { append: (_: string): void => undefined };`,
  bargeIn: `const bargeIn = NEVER;`,
  station: "const station = `${process.env['OLLAMA_URL']}/weather`;",
  request: `const request = new Request('http://localhost/');`,
  response: `const response = new PassThrough();`,
  events: `const events = new EventTarget() as EventSource;`,
  text: `const text = '{ "name": "w", "steps": [{ "id": "ask", "type": "input" }] }';`,
};

const others: Readonly<Record<string, readonly string[]>> = {
  zod: ['z'],
  'node:fs/promises': ['readFile'],
  'node:http': ['createServer'],
  'node:stream': ['PassThrough', 'Readable', 'pipeline'],
};

/** Where each public name is imported from. */
async function homes(): Promise<ReadonlyMap<string, string>> {
  const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
    exports: Record<string, string | { default: string }>;
  };
  const found = new Map<string, string>();
  const add = (names: readonly string[], module: string) => {
    for (const name of names) if (!found.has(name)) found.set(name, module);
  };
  for (const [entry, target] of Object.entries(exports)) {
    if (typeof target === 'string') continue;
    const module = (await import(new URL(`../../${target.default}`, import.meta.url).href)) as object;
    add(Object.keys(module), entry.replace(/^\./, 'rx-aloud'));
  }
  for (const [module, names] of Object.entries(others)) add(names, module);
  add(Object.keys(await import('rxjs')), 'rxjs');
  return found;
}

/** The names that a binding declares: `a`, or `a` and `b` of `{ a, b: [b] }`. */
function bound(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? bound(element.name) : []));
}

/** The names that a node declares for what is inside it. */
function declaredBy(node: ts.Node): string[] {
  if (ts.isFunctionLike(node)) return node.parameters.flatMap(({ name }) => bound(name));
  if (ts.isForOfStatement(node) && ts.isVariableDeclarationList(node.initializer)) {
    return node.initializer.declarations.flatMap(({ name }) => bound(name));
  }
  if (ts.isCatchClause(node)) return node.variableDeclaration ? bound(node.variableDeclaration.name) : [];
  if (!ts.isSourceFile(node) && !ts.isBlock(node)) return [];
  return node.statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.flatMap(({ name }) => bound(name));
    }
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      return statement.name ? [statement.name.text] : [];
    }
    const imports = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    return imports && ts.isNamedImports(imports) ? imports.elements.map(({ name }) => name.text) : [];
  });
}

/** The names that a piece of code uses without declaring them. */
function freeNames(code: string): ReadonlySet<string> {
  const free = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const { parent } = node;
      const isName =
        (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
      let scope: ts.Node = node;
      while (!declaredBy(scope).includes(node.text) && !ts.isSourceFile(scope)) scope = scope.parent;
      if (!isName && !declaredBy(scope).includes(node.text)) free.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('block.ts', code, ts.ScriptTarget.Latest, true));
  return free;
}

/**
 * Makes modules of the examples in doc comments, which leave out what any reader adds: the imports of public names, and
 * a model, a voice, a prompt. A `return` at the top level is a handler's.
 */
export async function completeExample(): Promise<(code: string) => string> {
  const known = await homes();
  return (code) => {
    const body = /^return /m.test(code)
      ? `async function handler() {\n${code}\n}\nvoid (await handler());`
      : code;
    const declared = new Set<string>();
    const imports = new Map<string, Set<string>>();
    const before: string[] = [];
    const resolve = (text: string) => {
      for (const name of freeNames(text)) {
        if (declared.has(name)) continue;
        const line = given[name];
        const module = known.get(name);
        if (line !== undefined) {
          declared.add(name);
          resolve(line);
          before.push(line);
        } else if (module !== undefined) {
          const names = imports.get(module) ?? new Set();
          imports.set(module, names.add(name));
        }
      }
    };
    resolve(code);
    return [
      ...[...imports].map(([module, names]) => `import { ${[...names].join(', ')} } from '${module}';`),
      ...before,
      body,
      'export {};\n',
    ].join('\n');
  };
}

/** Every public name. */
export async function publicNames(): Promise<ReadonlySet<string>> {
  return new Set((await homes()).keys());
}
