export function createReport(asJson = process.argv.includes('--json'), write = (text) => void process.stdout.write(text)) {
    const figures = [];
    return {
        note(line) {
            if (!asJson)
                write(`${line}\n`);
        },
        figure(name, value, unit, { aim, digits = 0 } = {}) {
            const rounded = Number(value.toFixed(digits));
            const figure = {
                name,
                value: rounded,
                unit,
                aim: aim === undefined ? null : textOf(aim),
                met: aim === undefined ? null : isMet(value, aim),
            };
            figures.push(figure);
            if (asJson)
                return;
            const beside = figure.aim === null ? '' : `   (aim ${figure.aim}) ${figure.met === true ? 'met' : 'MISSED'}`;
            write(`${name.padEnd(44)} ${rounded.toLocaleString('en', { minimumFractionDigits: digits })} ${unit}${beside}\n`);
        },
        end() {
            if (asJson)
                write(`${JSON.stringify({ figures })}\n`);
        },
    };
}
function textOf(aim) {
    return 'atMost' in aim ? `≤ ${aim.atMost}` : `≥ ${aim.atLeast}`;
}
/** A figure that could not be measured (NaN) has not met its aim. */
function isMet(value, aim) {
    return 'atMost' in aim ? value <= aim.atMost : value >= aim.atLeast;
}
//# sourceMappingURL=figures.js.map