// Prints a calendar's entries as node-ical reads them: the library of MagicMirror, Node-RED and many small web services.
import { readFileSync } from "node:fs";
import ical from "node-ical";

const two = (number) => String(number).padStart(2, "0");
const text = (value) => (value?.val === undefined ? value : value.val);

function told(time, isDate) {
  // A day is midnight of whatever clock this machine has.
  if (isDate) return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return time.toISOString().replace(".000Z", "Z");
}

function entry(event) {
  const isDate = event.datetype === "date";
  return {
    uid: event.uid,
    summary: text(event.summary),
    start: told(event.start, isDate),
    end: told(event.end, isDate),
    zone: isDate ? null : event.start.tz.replace("Etc/UTC", "UTC"),
    status: event.status,
    sequence: Number(event.sequence),
    related_to: text(event["related-to"] ?? event.relatedTo ?? null),
  };
}

const found = ical.sync.parseICS(readFileSync(process.argv[2], "utf8"));
console.log(JSON.stringify(Object.values(found).filter((part) => part.type === "VEVENT").map(entry)));
