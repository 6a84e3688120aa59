import { asList, asText, dig, parseJson } from '#lib/core/loose.ts';
import { type Platform, under } from './page.ts';

/** Gatus: endpoints with their last results, the newest at the end. */
export const gatus: Platform = {
  documents: (page) => [under(page, '/api/v1/endpoints/statuses?page=1&pageSize=1')],
  read: ([text]) => {
    const list = parseJson(text);
    if (!Array.isArray(list) || list.length === 0 || !list.every((e) => typeof dig(e, 'key') === 'string'))
      return null;
    return {
      title: 'Gatus',
      components: list.flatMap((raw) => {
        const name = asText(dig(raw, 'name'));
        const id = asText(dig(raw, 'key'));
        const success = dig(asList(dig(raw, 'results')).at(-1), 'success');
        if (!name || !id) return [];
        const group = asText(dig(raw, 'group'));
        const state = success === true ? 'operational' : success === false ? 'major_outage' : 'unknown';
        return [{ id, name: group ? `${group} / ${name}` : name, state }];
      }),
      notices: [],
    };
  },
};
