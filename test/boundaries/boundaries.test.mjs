import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { filesBelow, packageOf, readSources, root, roomOf } from './sources.mjs';

const sources = readSources();
const byPath = new Map(sources.map((source) => [source.path, source]));

/** Who may import whom. Siblings are in nobody's list: they meet as Encoder, Embeddings, Alignment and Decoder. */
const allowed = {
  'packages/core': [],
  'packages/runtime': ['packages/core'],
  'packages/nn': ['packages/core'],
  'packages/data': ['packages/core'],
  'packages/text-encoders': ['packages/core', 'packages/runtime'],
  'packages/image-encoders': ['packages/core', 'packages/runtime'],
  'packages/decoders': ['packages/core', 'packages/runtime'],
  'packages/aligner': ['packages/core', 'packages/nn'],
  'packages/starter': ['packages/core'],
  'web-workers': [
    'packages/core',
    'packages/runtime',
    'packages/nn',
    'packages/data',
    'packages/text-encoders',
    'packages/image-encoders',
    'packages/decoders',
    'packages/aligner',
    'packages/starter',
  ],
  'packages/elements': ['packages/core', 'packages/data', 'packages/starter', 'web-workers'],
  demos: ['packages/core', 'packages/data', 'packages/starter', 'packages/elements', 'web-workers'],
};

/** Recipes train with nn, align with aligner, and prepare and judge with the very functions that pages use. */
const allowedForRecipes = [
  ...['core', 'nn', 'aligner', 'text-encoders', 'image-encoders', 'decoders'].map((name) => `packages/${name}`),
];

/** Each engine is known in one place. */
const engines = {
  '@huggingface/transformers': 'packages/runtime',
  'onnxruntime-web': 'packages/runtime',
  '@jax-js/jax': 'packages/nn',
};

/** Rooms that a page must never load: they belong to the workers. */
const workerRooms = ['runtime', 'nn', 'text-encoders', 'image-encoders', 'decoders', 'aligner'].map(
  (name) => `packages/${name}`,
);

/** Tests beside the code share helpers and contract suites. */
const isSupport = ({ isTest }, file) => isTest && roomOf(file) === 'test';
const isRecipe = ({ path }) => path.startsWith('packages/starter/train/');

describe('imports', () => {
  it('every room has a rule', () => {
    const unknown = new Set(sources.map(({ room }) => room).filter((room) => !(room in allowed)));
    assert.deepEqual([...unknown], []);
  });

  for (const room of Object.keys(allowed)) {
    it(`${room} imports only ${allowed[room].join(', ') || 'itself'}`, () => {
      const wrong = [];
      for (const source of sources.filter((each) => each.room === room)) {
        const may = [room, ...allowed[room], ...(isRecipe(source) ? allowedForRecipes : [])];
        for (const { name, file } of source.imports) {
          if (file !== undefined && !may.includes(roomOf(file)) && !isSupport(source, file))
            wrong.push(`${source.path}: ${name}`);
        }
      }
      assert.deepEqual(wrong, []);
    });
  }

  it('lead to files that exist, by relative path inside a package and by name across packages', () => {
    const wrong = [];
    for (const source of sources) {
      const { path, room, imports } = source;
      for (const { name, file } of imports) {
        if (name.startsWith('@cognate/') && file === undefined) wrong.push(`${path}: ${name} is not exported`);
        if (file === undefined) continue;
        if (!existsSync(join(root, file))) wrong.push(`${path}: ${name} does not exist`);
        if (name.startsWith('.') && roomOf(file) !== room && !isSupport(source, file))
          wrong.push(`${path}: ${name} leaves ${room}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('run round in no circle between packages', () => {
    const circles = [];
    const visit = (room, path) => {
      if (path.includes(room)) return void circles.push([...path, room].join(' -> '));
      for (const next of allowed[room] ?? []) visit(next, [...path, room]);
    };
    for (const room of Object.keys(allowed)) visit(room, []);
    assert.deepEqual(circles, []);
  });

  for (const [engine, home] of Object.entries(engines)) {
    it(`${engine} is known to ${home} alone`, () => {
      const users = sources
        .filter(
          ({ room, isTest, imports }) =>
            room !== home && !isTest && imports.some(({ name }) => packageOf(name) === engine),
        )
        .map(({ path }) => path);
      assert.deepEqual(users, []);
    });
  }

  it('take elements and demos to the client of the workers, never to the code behind it', () => {
    const reached = new Map();
    const visit = (path, from) => {
      if (reached.has(path)) return;
      reached.set(path, from);
      for (const { file, name, typeOnly } of byPath.get(path)?.imports ?? []) {
        if (typeOnly) continue;
        if (file !== undefined) visit(file, path);
        else if (packageOf(name) in engines) reached.set(name, path);
      }
    };
    for (const { path, room, isTest } of sources) {
      if (!isTest && (room === 'packages/elements' || room === 'demos')) visit(path, 'page');
    }
    const wrong = [...reached].filter(
      ([path]) => workerRooms.includes(roomOf(path)) || packageOf(path) in engines || path.endsWith('.worker.ts'),
    );
    assert.deepEqual(
      wrong.map(([path, from]) => `${from} loads ${path}`),
      [],
    );
  });
});

describe('package.json', () => {
  const names = Object.keys(allowed).filter((room) => existsSync(join(root, room, 'package.json')));
  const main = readManifest('.');

  for (const room of names) {
    it(`of ${room} lists what its sources import, and no more`, () => {
      const manifest = readManifest(room);
      const own = sources.filter((source) => source.room === room);
      const used = (files) =>
        new Set(
          files
            .flatMap(({ imports }) => imports)
            .filter(({ name }) => !name.startsWith('.'))
            .map(({ name }) => packageOf(name)),
        );
      const shipped = used(own.filter((source) => !source.isTest && !isRecipe(source)));
      const aside = used(own.filter((source) => source.isTest || isRecipe(source)));
      shipped.delete(manifest.name);
      aside.delete(manifest.name);
      const dependencies = Object.keys(manifest.dependencies ?? {});
      const around = [
        ...dependencies,
        ...Object.keys({ ...manifest.devDependencies, ...main.dependencies, ...main.devDependencies }),
      ];
      const missing = [
        ...[...shipped].filter((name) => !dependencies.includes(name)),
        ...[...aside].filter((name) => !around.includes(name)),
      ];
      assert.deepEqual(missing, [], 'not listed');
      assert.deepEqual(
        dependencies.filter((name) => !shipped.has(name)),
        [],
        'listed, never imported',
      );
    });
  }

  function readManifest(room) {
    return JSON.parse(readFileSync(join(root, room, 'package.json'), 'utf8'));
  }
});

describe('addresses', () => {
  /** Names of vocabularies and formats, licences, and hosts that cannot exist: nothing is fetched from them. */
  const harmless =
    /^(localhost|127\.0\.0\.1|www\.w3\.org|git-lfs|creativecommons\.org|www\.apache\.org|opensource\.org|[\w.-]+\.invalid)(:\d+)?$/;
  /** Links for people to follow, and examples in messages. */
  const spoken = /<a\s[^>]*>|such as "[^"]*"/g;

  it('of foreign hosts are nowhere in what a page runs', () => {
    const texts = [
      ...sources.filter(({ isTest }) => !isTest).map(({ path, code }) => [path, code]),
      ...['packages', 'demos', 'web-workers'].flatMap((folder) =>
        [...filesBelow(folder, ['.html', '.css'])].map((path) => [path, readFileSync(join(root, path), 'utf8')]),
      ),
    ];
    const foreign = texts.flatMap(([path, text]) =>
      [...text.replace(spoken, '').matchAll(/\b(?:https?|wss?):\/\/([\w.-]+(?::\d+)?)/g)]
        .filter(([, host]) => !harmless.test(host))
        .map(([address]) => `${path}: ${address}`),
    );
    assert.deepEqual(foreign, []);
  });
});
