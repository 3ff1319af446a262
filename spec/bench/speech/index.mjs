import { lead } from './lead.mjs';
import { pipelines } from './pipelines.mjs';
import { timing } from './timing.mjs';

/** Speech: when it starts, when it is all there, how far the source runs ahead, what a thousand pipelines cost. */
export default async function speech(options) {
  const thousand = await pipelines(options);
  const ahead = await lead(options);
  const times = await timing(options);
  return { timing: times, lead: ahead, pipelines: thousand };
}
