import type { View } from '../guard.ts';
import { memory } from '../memory.ts';

/** `GET /.well-known/signalbox-keys.json`: empty where the feed is not signed. */
export const keys: View = ({ edge }) =>
  memory(
    edge,
    () => {
      const { signer } = edge;
      return {
        keys: signer
          ? [{ kid: signer.kid, alg: 'Ed25519', public_key: signer.publicKey, not_after: null }]
          : [],
      };
    },
    { caching: 'public, max-age=3600' },
  );
