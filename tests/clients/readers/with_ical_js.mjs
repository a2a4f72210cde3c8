// Prints a calendar's entries as ical.js reads them: the library of Thunderbird and of Nextcloud's calendar.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);

const told = (time) => (time.isDate ? time : time.convertToZone(ICAL.Timezone.utcTimezone)).toString();

function entry(component) {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    summary: event.summary,
    start: told(event.startDate),
    end: told(event.endDate),
    zone: event.startDate.isDate ? null : event.startDate.zone.tzid,
    status: component.getFirstPropertyValue("status"),
    sequence: event.sequence,
    related_to: component.getFirstPropertyValue("related-to"),
  };
}

console.log(JSON.stringify(calendar.getAllSubcomponents("vevent").map(entry)));
