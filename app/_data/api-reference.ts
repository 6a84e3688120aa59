/** The API's description as pages show it, read permissively from the OpenAPI document the edge serves. */
export interface ApiParameter {
  name: string;
  in: string;
  about: string;
  values: string[];
}
export interface ApiOperation {
  method: string;
  path: string;
  summary: string;
  parameters: ApiParameter[];
  access: string | null;
  /** Needs nothing but an address: may be tried from the page. */
  isTryable: boolean;
}
export interface ApiGroup {
  tag: string;
  operations: ApiOperation[];
}

type Json = Record<string, unknown>;

const methods = ['get', 'post', 'patch', 'delete'];

export function apiGroups(document: unknown): ApiGroup[] {
  const paths = record(record(document)?.paths) ?? {};
  const groups = new Map<string, ApiOperation[]>();
  for (const [path, item] of Object.entries(paths)) {
    for (const method of methods) {
      const operation = record(record(item)?.[method]);
      if (!operation) continue;
      const tag = String(list(operation.tags)[0] ?? 'api');
      groups.set(tag, [...(groups.get(tag) ?? []), operationOf(path, method, operation)]);
    }
  }
  return [...groups].map(([tag, operations]) => ({ tag, operations }));
}

function operationOf(path: string, method: string, operation: Json): ApiOperation {
  const parameters = list(operation.parameters).flatMap((p) => parameterOf(record(p)));
  const access = list(operation.security).length > 0 ? 'token' : null;
  return {
    method: method.toUpperCase(),
    path,
    summary: String(operation.summary ?? ''),
    parameters,
    access,
    isTryable: method === 'get' && access === null && !path.endsWith('/stream'),
  };
}

function parameterOf(p: Json | null): ApiParameter[] {
  if (!p || typeof p.name !== 'string') return [];
  const schema = record(p.schema);
  const values = list(schema?.enum ?? record(schema?.items)?.enum).map(String);
  return [{ name: p.name, in: String(p.in ?? 'query'), about: String(p.description ?? ''), values }];
}

function record(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
