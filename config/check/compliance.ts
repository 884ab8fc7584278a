import { sourcesOf, unknownPlaceholders } from '../compliance-text.ts';
import { quote } from '../problem.ts';
import type { ComplianceCatalogue, ProofEntry } from '../schema/compliance.ts';
import type { Standard } from '../schema/standard.ts';
import type { Report } from './report.ts';

/** Rows and proofs are named once, texts can be filled in for every site of the standard, and what is measured has a limit. */
export function checkCompliance(
  catalogue: ComplianceCatalogue,
  standard: Standard | undefined,
  report: Report,
): void {
  catalogue.rows.forEach(({ row, proofs, rule }, index) => {
    if (catalogue.rows.findIndex((each) => each.row === row) < index)
      report(['rows', index, 'row'], { found: `${quote(row)} is named twice`, expected: 'every row once' });
    for (const site of Object.values(standard?.sites ?? {}))
      for (const language of ['id', 'en'] as const)
        for (const name of standard === undefined ? [] : unknownPlaceholders(rule[language], sourcesOf(catalogue, standard, site)))
          report(['rows', index, 'rule', language], {
            found: `{${name}} means nothing for ${site.clause}`,
            expected: 'a figure of the standard, such as {temperature.max}, or one of "facts"',
          });
    proofs.forEach((proof, place) => {
      const at = ['rows', index, 'proofs', place];
      if (proofs.findIndex((each) => each.proof === proof.proof) < place)
        report([...at, 'proof'], { found: `${quote(proof.proof)} is named twice`, expected: 'every proof of a row once' });
      checkMeasured(proof, (path, finding) => report([...at, ...path], finding));
    });
  });
} // prettier-ignore

function checkMeasured(proof: ProofEntry, report: Report): void {
  if (proof.by !== 'points') return;
  const hasBand = proof.low !== undefined || proof.high !== undefined;
  if (hasBand === (proof.states !== undefined))
    report(['points'], {
      found: hasBand ? 'has limits and states' : 'has neither limits nor states',
      expected: '"low", "high" or both; or "states"',
    });
  if (proof.states !== undefined && proof.source === undefined)
    report(['states'], { found: 'have no source', expected: '"source", such as "{clause}.5 (VESDA)"' });
}
