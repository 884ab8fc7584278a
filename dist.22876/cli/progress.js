import { sizeText } from "./backup-manifest.js";
const barWidth = 24;
const redrawMs = 100;
/** A bar on a terminal; a line at each tenth where the output goes to a file or a log. */
export function createProgress(terminal, now = Date.now) {
    let drawnAt = -Infinity;
    let tenth = -1;
    return {
        show({ done, of, bytes, what }) {
            const share = of === 0 ? 1 : done / of;
            const text = `${String(Math.floor(share * 100)).padStart(3)} %  ${bytes === undefined ? '' : `${sizeText(bytes)}  `}${what}`;
            if (terminal.isTTY !== true) {
                if (Math.floor(share * 10) === tenth)
                    return;
                tenth = Math.floor(share * 10);
                terminal.write(`${text.trim()}\n`);
                return;
            }
            if (now() - drawnAt < redrawMs)
                return;
            drawnAt = now();
            const filled = Math.round(share * barWidth);
            const line = `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ${text}`;
            terminal.write(`\r\u001B[K${line.slice(0, (terminal.columns ?? 80) - 1)}`);
        },
        end() {
            if (terminal.isTTY === true)
                terminal.write('\r\u001B[K');
        },
    };
}
//# sourceMappingURL=progress.js.map