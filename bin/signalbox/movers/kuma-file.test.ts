import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dispatch } from '../main.ts';

/** Files as the two big versions of Uptime Kuma make them, column for column where a monitor is concerned. */

const first = `id integer primary key autoincrement, name varchar(150), active boolean default 1 not null, user_id integer,
interval integer default 20 not null, url text, type varchar(20), weight integer default 2000, hostname varchar(255),
port integer, created_date datetime default (datetime('now')) not null, keyword varchar(255),
maxretries integer not null default 0, ignore_tls boolean default 0 not null, upside_down boolean default 0 not null,
maxredirects integer default 10 not null, accepted_statuscodes_json text default '["200-299"]' not null,
dns_resolve_type varchar(5), dns_resolve_server varchar(255), dns_last_result varchar(255),
retry_interval integer default 0 not null, push_token varchar(20) default null, method text default 'GET' not null,
body text default null, headers text default null, basic_auth_user text default null, basic_auth_pass text default null,
docker_host integer, docker_container varchar(255), proxy_id integer, expiry_notification boolean default 1,
auth_method varchar(250), invert_keyword boolean default 0 not null, json_path text, expected_value varchar(255),
parent integer, description text, timeout double default 0 not null`;
const second = `${first}, json_path_operator text default null, conditions text default '[]' not null,
cache_bust boolean default 0 not null, manual_status integer, oauth_client_secret text, ping_count integer default 1`;

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'signalbox-kuma-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

type Row = Record<string, string | number | null>;

function make(columns: string, rows: Row[], version: 1 | 2): string {
  const file = join(cwd, 'kuma.db');
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.exec(`create table monitor (${columns});
    create table notification (id integer primary key, name text, config text, active boolean, is_default boolean);
    create table status_page (id integer primary key, slug text, title text);
    create table heartbeat (id integer primary key, monitor_id integer, status smallint, time datetime);`);
  if (version === 2) db.exec('create table knex_migrations (id integer primary key, name text)');
  db.prepare(
    `insert into notification values (1, 'team', '{"slackwebhookURL":"https://hooks.slack.com/s3cret"}', 1, 1)`,
  ).run();
  for (const row of rows) {
    const names = Object.keys(row);
    db.prepare(`insert into monitor (${names}) values (${names.map(() => '?')})`).run(...Object.values(row));
  }
  db.close();
  return file;
}

async function run(...argv: string[]) {
  const said: string[] = [];
  const complained: string[] = [];
  const io = {
    out: (line: string) => void said.push(line),
    err: (line: string) => void complained.push(line),
    ...{ isTerminal: false, env: {}, cwd, root: process.cwd() },
  };
  return { status: await dispatch(argv, io), said: said.join('\n'), complained: complained.join('\n') };
}

/** What comes out must be a file that we take ourselves. */
async function moved() {
  const { status, said, complained } = await run('import', 'kuma.db');
  writeFileSync(join(cwd, 'signalbox.yaml'), `${said}\n`);
  const validated = await run('validate');
  expect(validated.status, validated.said + validated.complained).toBe(0);
  return { status, config: parse(said), left: complained, text: said };
}

const rows: Row[] = [
  { name: 'Site', type: 'http', url: 'https://example.com', interval: 60 },
  {
    name: 'Site',
    type: 'keyword',
    url: 'https://example.com/x',
    keyword: 'costs $5 ${HOME}',
    interval: 120,
    maxretries: 3,
  },
  {
    name: 'Old API',
    type: 'http',
    url: 'https://u:s3cret@example.com/v1',
    accepted_statuscodes_json: '["200-204","301"]',
  },
  {
    name: 'Post',
    type: 'http',
    url: 'https://example.com/p',
    method: 'POST',
    body: '{"a":"s3cret"}',
    basic_auth_user: 'me',
  },
  { name: 'Must fail', type: 'http', url: 'https://example.com/gone', upside_down: 1 },
  { name: 'Cron', type: 'push', push_token: 's3cret', interval: 300 },
  { name: 'Ping', type: 'ping', hostname: '10.0.0.1' },
  { name: 'All', type: 'group' },
  { name: 'Off', type: 'http', url: 'https://off.example', active: 0 },
];

describe('a file of Uptime Kuma', () => {
  it('of the first version becomes a configuration, and what stays behind is named', async () => {
    make(first, rows, 1);
    const { status, config, left, text } = await moved();
    expect(status).toBe(1);
    expect(config.http).toMatchObject([
      { name: 'site', url: 'https://example.com' },
      { name: 'site-2', every: '2m', expect: { body_contains: 'costs $$5 $${HOME}' } },
      { name: 'old-api', url: 'https://example.com/v1', expect: { status: [200, 201, 202, 203, 204, 301] } },
      { name: 'post', url: 'https://example.com/p' },
    ]);
    expect(config.heartbeats).toMatchObject([{ name: 'cron', every: '5m' }]);
    for (const word of [
      '3 retries',
      'name and password',
      'POST becomes GET',
      'headers and body',
      'basic',
      'upside down',
      'ping',
      'group',
      'paused',
      '1 notification channels',
    ])
      expect(left).toContain(word);
    expect(text + left).not.toContain('s3cret');
  });

  it('of the second version is read too, with the operators that only it has', async () => {
    const json = { type: 'json-query', url: 'https://example.com/j', json_path: '$.status' };
    make(
      second,
      [
        { name: 'Equal', ...json, json_path_operator: '==', expected_value: 'ok' },
        { name: 'More', ...json, json_path_operator: '>', expected_value: '5' },
        {
          name: 'Expression',
          ...json,
          json_path: '$sum(items.price)',
          json_path_operator: '==',
          expected_value: '5',
        },
        { name: 'Manual', type: 'manual', manual_status: 1 },
      ],
      2,
    );
    const { config, left } = await moved();
    expect(config.http[0].expect).toEqual({ json: { path: 'status', equals: 'ok' } });
    expect(config.http[1].expect).toBeUndefined();
    expect(left).toMatch(/"More": the query \$\.status >[\s\S]*"Expression": the query[\s\S]*manual/);
  });

  it.each<[string, (file: string) => void]>([
    ['cut in half', (file) => truncateSync(file, Math.floor(readFileSync(file).length / 2))],
    ['overwritten in the middle', (file) => writeFileSync(file, readFileSync(file).fill(0xff, 200))],
    ['of another program', (file) => void new Database(file).exec('drop table monitor').close()],
  ])('that is %s is one sentence', async (_what, harm) => {
    harm(make(first, rows, 1));
    const { status, said, complained } = await run('import', 'kuma.db');
    expect(status).toBe(2);
    expect(said).toBe('');
    expect(complained).toMatch(/^signalbox import: this SQLite file /);
    expect(complained).not.toMatch(/^\s+at /m);
  });

  it('that holds absurd values is still a configuration, or says why not', async () => {
    make(
      first,
      [
        { name: '💥'.repeat(75), type: 'http', url: 'https://example.com', interval: 1e15 },
        { name: '', type: 'http', url: `https://example.com/${'x'.repeat(5_000)}`, interval: -5 },
        { name: 'a', type: 'http', url: 'https://exa mple.com', accepted_statuscodes_json: '["999","x"]' },
        { name: null, type: null, url: null },
      ],
      1,
    );
    const { config } = await moved();
    expect(config.http.length).toBeGreaterThanOrEqual(1);
  });
});
