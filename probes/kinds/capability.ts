import type { Watched } from '#lib/core/fleet.ts';
import { asNumber, asObject, type Loose, parseJson } from '#lib/core/loose.ts';
import type { Observation } from '#lib/core/observation.ts';
import { dialectOf } from '../dialects/table.ts';
import type { Probe } from '../probe.ts';
import { callDialect } from './call.ts';
import { generationOf, isThinking } from './call-facts.ts';
import { observeCall } from './call-observation.ts';
import { createSum, judgeAnswer, type Sum } from './question.ts';
import type { Reading } from './reading.ts';

type Answer = NonNullable<Observation['output']>['answer'];

/** What a route must be able to do beside answering: one way of asking, and one of telling that it was done. */
interface Ability {
  isStreamed: boolean;
  maxTokens: number;
  extra: Loose;
  prompt(sum: Sum): string;
  judge(sum: Sum, reading: Reading, isThinking: boolean): Answer;
}

const sumJudge: Ability['judge'] = (sum, { text, finish }, hasReasoning) =>
  judgeAnswer(sum.answer, { text, finish, hasReasoning });

const twoNumbers = {
  type: 'object',
  properties: { a: { type: 'integer' }, b: { type: 'integer' } },
  required: ['a', 'b'],
  additionalProperties: false,
};

/** About 8,000 tokens, different each time at its very beginning so that no cache can know it. */
function longText(sum: Sum): string {
  const line = 'The quick brown fox jumps over the lazy dog while the signal box keeps its lamps lit. ';
  return `${sum.prompt}\nIgnore the following text.\n${line.repeat(440)}\n${sum.prompt}`;
}

export const abilities = {
  tools: {
    isStreamed: true,
    maxTokens: 128,
    extra: {
      tools: [
        {
          type: 'function',
          function: { name: 'add', description: 'Adds two numbers', parameters: twoNumbers },
        },
      ],
    },
    prompt: ({ prompt }) =>
      prompt.replace('Reply with the number only.', 'Call the tool add with the two numbers.'),
    judge: (sum, { tool }) => {
      if (tool === '') return 'empty';
      const said = asObject(parseJson(tool));
      const [a, b] = [asNumber(said?.a), asNumber(said?.b)];
      return a !== null && b !== null && String(a + b) === sum.answer ? 'match' : 'mismatch';
    },
  },
  schema: {
    isStreamed: true,
    maxTokens: 64,
    extra: {
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'sum',
          strict: true,
          schema: {
            type: 'object',
            properties: { sum: { type: 'integer' } },
            required: ['sum'],
            additionalProperties: false,
          },
        },
      },
    },
    prompt: ({ prompt }) => prompt.replace('Reply with the number only.', 'Answer as JSON.'),
    judge: (sum, { text }) => {
      if (text.trim() === '') return 'empty';
      return String(asNumber(asObject(parseJson(text))?.sum)) === sum.answer ? 'match' : 'mismatch';
    },
  },
  // Another face of the same gateway: that it answers at all is the ability.
  answer: { isStreamed: true, maxTokens: 16, extra: {}, prompt: ({ prompt }) => prompt, judge: sumJudge },
  unstreamed: {
    isStreamed: false,
    maxTokens: 16,
    extra: {},
    prompt: ({ prompt }) => prompt,
    judge: sumJudge,
  },
  long_input: { isStreamed: true, maxTokens: 16, extra: {}, prompt: longText, judge: sumJudge },
} as const satisfies Record<string, Ability>;

export type AbilityName = keyof typeof abilities;

function abilityOf({ options }: Watched): Ability {
  const name = String(options.ability);
  if (!Object.hasOwn(abilities, name)) throw new Error(`no ability called ${name}`);
  return abilities[name as AbilityName];
}

/** A series of its own: what a route cannot do is shown, and never counts against its availability. */
export const capability: Probe = async (watched, io) => {
  const dialect = dialectOf(watched.dialect, watched.target.api);
  if (!dialect) throw new Error(`no dialect called ${watched.dialect}`);
  const ability = abilityOf(watched);
  const sum = createSum(io.random);
  const question = {
    watched,
    key: io.key,
    prompt: ability.prompt(sum),
    maxTokens: Math.max(watched.maxTokens, ability.maxTokens),
    isStreamed: ability.isStreamed,
    nowMs: io.clock.nowMs(),
    extra: ability.extra,
  };
  const call = await callDialect(dialect, question, io);
  const observation = observeCall(call, question, io);
  if (observation.output && observation.error === null && dialect.hasAnswer !== false) {
    observation.output.answer = ability.judge(sum, call.reader.reading, isThinking(call));
  }
  const found = generationOf(call, watched, observation, io);
  return found ? { observation, found: [found] } : { observation };
};
