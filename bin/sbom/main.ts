import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const developmentMark = 'cdx:npm:package:development';

interface Component {
  'bom-ref': string;
  properties?: { name: string; value: string }[];
}
interface Bill {
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

/** The bill of materials of what is shipped. `npm sbom --omit dev` also leaves out what both we and a test tool need. */
export async function main(): Promise<number> {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const made = spawnSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 256 << 20 });
  if (made.status !== 0) {
    process.stderr.write(made.stderr);
    return 1;
  }
  const bill = JSON.parse(made.stdout) as Bill;
  const gone = new Set(bill.components.filter(isForDevelopment).map((one) => one['bom-ref']));
  const shipped = {
    ...bill,
    components: bill.components.filter((one) => !gone.has(one['bom-ref'])),
    dependencies: bill.dependencies
      .filter(({ ref }) => !gone.has(ref))
      .map((one) => ({ ...one, dependsOn: one.dependsOn.filter((ref) => !gone.has(ref)) })),
  };
  process.stdout.write(`${JSON.stringify(shipped, null, 2)}\n`);
  return 0;
}

function isForDevelopment({ properties = [] }: Component): boolean {
  return properties.some(({ name, value }) => name === developmentMark && value === 'true');
}
